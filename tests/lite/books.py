"""Squeezed bodies: strings of a language that cost one byte, then raw deflate with a preset dictionary.

A dictionary is UTF-8: a string a line, most used first; an empty line; a text. Byte n > 0 says the n-th string, byte 0 is followed by one
character in UTF-8. The text, said in those bytes, is what deflate may point back into.
"""

import zlib

MOST_BODY = 16_384


class BadBody(Exception):
    """Bytes that say no text."""


class Book:
    """One dictionary, by its name."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        strings, _, text = data.decode().partition("\n\n")
        self._strings = [string.encode() for string in strings.split("\n")]
        self._numbers = {string: number for number, string in enumerate(self._strings, start=1)}
        self._longest = max(map(len, self._strings))
        self._history = self._say(text)

    def squeeze(self, text: str) -> bytes:
        """As few bytes as this book knows how."""
        deflate = zlib.compressobj(9, wbits=-15, memLevel=9, zdict=self._history)
        return deflate.compress(self._say(text)) + deflate.flush()

    def read(self, data: bytes) -> str:
        """:raises BadBody:"""
        inflate = zlib.decompressobj(wbits=-15, zdict=self._history)
        try:
            said = inflate.decompress(data, MOST_BODY + 1)
        except zlib.error as problem:
            raise BadBody(str(problem)) from None
        if not inflate.eof or inflate.unused_data or len(said) > MOST_BODY:
            raise BadBody("cut off, too long, or followed by something")
        return self._hear(said)

    def _say(self, text: str) -> bytes:
        """Always the longest string that fits. Only whole characters are strings, so UTF-8 is cut where characters are."""
        data, said, at = text.encode(), bytearray(), 0
        while at < len(data):
            for end in range(min(len(data), at + self._longest), at, -1):
                if number := self._numbers.get(data[at:end]):
                    said.append(number)
                    at = end
                    break
            else:
                end = at + _length(data[at : at + 1])
                said += b"\0" + data[at:end]
                at = end
        return bytes(said)

    def _hear(self, said: bytes) -> str:
        heard, at = bytearray(), 0
        while at < len(said):
            number, at = said[at], at + 1
            if number == 0:
                end = at + _length(said[at : at + 1])
                heard += said[at:end]
                at = end
            elif number <= len(self._strings):
                heard += self._strings[number - 1]
            else:
                raise BadBody(f"no string {number}")
        try:
            return heard.decode()
        except UnicodeDecodeError as problem:
            raise BadBody(str(problem)) from None


def _length(first: bytes) -> int:
    """How many bytes the character has that begins so (RFC 3629 §3)."""
    return 1 if first < b"\xc0" else 2 if first < b"\xe0" else 3 if first < b"\xf0" else 4
