"""Text as few bytes and back: the table of a dictionary, then raw deflate (RFC 1951) with its text as history. No I/O."""

import zlib
from functools import cache

from chat.errors import MalformedFrame
from chat.frames import MAX_BODY
from chat.lite.dictionaries import ESCAPE, Dictionary

MOST = 16_384  # bytes that a body may become
MOST_ESCAPED = MAX_BODY + 100  # who writes a little too much is told so by the domain, not taken for nonsense
AT_ONCE = 256  # codes that are put together in one go, so that a bomb is noticed before it is built
MOST_CODES = 10_240  # bytes that a body may inflate to: 2,000 characters with an escape each, and some more


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
        codes = stream.decompress(data, MOST_CODES + 1)
    except zlib.error:
        raise MalformedFrame(problem="a body that does not inflate") from None
    if not stream.eof or stream.unused_data or len(codes) > MOST_CODES:
        raise MalformedFrame(problem="a body that is cut off, too long, or followed by something")
    return _said(codes, dictionary.table.pieces)


def _said(codes: bytes, pieces: tuple[bytes, ...]) -> str:
    """Runs of strings are put together at once; only what no string says is looked at byte by byte."""
    if codes.count(ESCAPE) > MOST_ESCAPED:
        raise MalformedFrame(problem="a body of more characters than any message has")
    said: list[bytes] = []
    at, size = 0, 0
    while at < len(codes) and size <= MOST:
        end = codes.find(ESCAPE, at, at + AT_ONCE)
        run = codes[at : at + AT_ONCE] if end < 0 else codes[at:end]
        if run:
            try:
                said.append(b"".join([pieces[code - 1] for code in run]))
            except IndexError:
                raise MalformedFrame(problem="a body with a byte that its dictionary does not know") from None
            size += len(said[-1])
            at += len(run)
        if end >= 0:
            length = _length_of_character(codes[at + 1 : at + 2])
            said.append(codes[at + 1 : at + 1 + length])
            size += length
            at += 1 + length
    if at > len(codes) or size > MOST:
        raise MalformedFrame(problem="a body that is cut off or too long")
    try:
        return b"".join(said).decode()
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
