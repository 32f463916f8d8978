"""Text as few bytes and back: the table of a dictionary, then raw deflate (RFC 1951) with its text as history. No I/O."""

import zlib
from functools import cache

from chat.errors import MalformedFrame
from chat.lite.dictionaries import ESCAPE, Dictionary

MOST = 16_384  # bytes that a body may become, before the table and after it


def squeeze(text: str, dictionary: Dictionary) -> bytes | None:
    """The bytes of a text; None when it had better travel as it is."""
    primed = _primed(dictionary).copy()
    squeezed = primed.compress(dictionary.table.encode(text)) + primed.flush()
    return squeezed if len(squeezed) + 1 < len(text.encode()) else None


def expand(data: bytes, dictionary: Dictionary) -> str:
    """The text of squeezed bytes.

    :raises MalformedFrame: they are no single, whole deflate stream of at most `MOST` bytes that says text.
    """
    stream = zlib.decompressobj(-zlib.MAX_WBITS, zdict=dictionary.history)
    try:
        codes = stream.decompress(data, MOST + 1)
    except zlib.error:
        raise MalformedFrame(problem="a body that does not inflate") from None
    if not stream.eof or stream.unused_data or len(codes) > MOST:
        raise MalformedFrame(problem="a body that is cut off, too long, or followed by something")
    return _said(codes, dictionary.table.pieces)


def _said(codes: bytes, pieces: tuple[bytes, ...]) -> str:
    said = bytearray()
    at, end = 0, len(codes)
    while at < end and len(said) <= MOST:
        code = codes[at]
        at += 1
        if code == ESCAPE[0]:
            length = _length_of_character(codes[at : at + 1])
            said += codes[at : at + length]
            at += length
        elif code <= len(pieces):
            said += pieces[code - 1]
        else:
            raise MalformedFrame(problem="a body with a byte that its dictionary does not know")
    if at > end or len(said) > MOST:
        raise MalformedFrame(problem="a body that is cut off or too long")
    try:
        return said.decode()
    except UnicodeDecodeError:
        raise MalformedFrame(problem="a body that is not UTF-8") from None


def _length_of_character(first: bytes) -> int:
    """How many bytes a character has, by its first one; what is no first one is found out when the whole is read."""
    return 1 if first < b"\x80" else 2 if first < b"\xe0" else 3 if first < b"\xf0" else 4


@cache
def _primed(dictionary: Dictionary) -> "zlib._Compress":
    """A compressor that has read the dictionary. Its window and tables are small, because each squeeze copies them.

    It writes stored and fixed blocks only: codes made to measure would save 2 % from 1,200 characters on, nothing below, and every
    small client would have to read them.
    """
    return zlib.compressobj(9, zlib.DEFLATED, -13, 6, zlib.Z_FIXED, dictionary.history)
