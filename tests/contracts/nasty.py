"""Bodies that are no JSON, or JSON that two readers may read differently, or too much of it."""

from typing import NamedTuple

KIB = 1024


class Nasty(NamedTuple):
    """A body, and the refusals that it may meet wherever it is sent."""

    body: bytes
    refusals: frozenset[tuple[int, str]]
    content_type: str = "application/json"


def _is(*refusals: tuple[int, str]) -> frozenset[tuple[int, str]]:
    return frozenset(refusals)


MALFORMED = _is((400, "malformed"))
INVALID = _is((400, "malformed"), (400, "invalid"))  # a poll knows no other word than `malformed`
WRONG_TYPE = _is((415, "unsupported_media_type"))
TOO_BIG = _is((413, "body_too_big"), (413, "frame_too_big"))

NASTY = {
    "1e999": Nasty(b'{"a": 1e999}', MALFORMED),
    "minus 1e999": Nasty(b'{"a": -1e999}', MALFORMED),
    "a number of 5,000 digits": Nasty(b'{"a": ' + b"9" * 5_000 + b"}", INVALID),
    "NaN": Nasty(b'{"a": NaN}', MALFORMED),
    "Infinity": Nasty(b'{"a": Infinity}', MALFORMED),
    "a raw NUL": Nasty(b'{"a": "\x00"}', MALFORMED),
    "an escaped NUL": Nasty(
        b'{"name": "a\\u0000b", "code": "a\\u0000b", "body": "a\\u0000b", "until": "\\u0000", "read": "\\u0000", "cursors": "\\u0000",'
        b' "reason": "\\u0000", "urgency": "\\u0000"}',
        INVALID,
    ),
    "a lone surrogate": Nasty(b'{"a": "\\ud800"}', MALFORMED),
    "a lone surrogate as bytes": Nasty(b'{"a": "\xed\xa0\x80"}', MALFORMED),
    "bytes that are not UTF-8": Nasty(b'{"a": "\xff\xfe"}', MALFORMED),
    "UTF-16": Nasty('{"a": 1}'.encode("utf-16"), MALFORMED),
    "a byte order mark": Nasty(b'\xef\xbb\xbf{"a": 1}', MALFORMED),
    "depth 10,000": Nasty(b"[" * 10_000 + b"]" * 10_000, MALFORMED | TOO_BIG),  # for a poll it is also too long
    "objects of depth 2,500": Nasty(b'{"a":' * 2_500 + b"1" + b"}" * 2_500, MALFORMED),
    "an open end of depth 10,000": Nasty(b"[" * 10_000, MALFORMED),
    "a key twice": Nasty(b'{"a": 1, "a": 2}', MALFORMED),
    "a key twice, once escaped": Nasty(b'{"a": 1, "\\u0061": 2}', MALFORMED),
    "two documents": Nasty(b"{}{}", MALFORMED),
    "a comma too many": Nasty(b'{"a": 1,}', MALFORMED),
    "single quotes": Nasty(b"{'a': 1}", MALFORMED),
    "half a document": Nasty(b'{"a": ', MALFORMED),
    "a list": Nasty(b"[]", INVALID),
    "a string": Nasty(b'"Dag!"', INVALID),
    "a number": Nasty(b"0", INVALID),
    "null": Nasty(b"null", INVALID),
    "wrong types": Nasty(
        b'{"code": 1, "label": [], "name": {}, "language": 5, "shows_read_marks": "yes", "draft_id": 7, "body": [],'
        b' "delivered": "1", "read": 1.5, "until": 1, "cursors": [], "wait": "x",'
        b' "flag_id": 7, "escalation_id": {}, "reason": [], "urgency": 1, "target": "1", "words": 5}',
        INVALID,
    ),
    "a form": Nasty(b"code=AAAAA-AAAAA&body=Dag", WRONG_TYPE, "application/x-www-form-urlencoded"),
    "a form with parts": Nasty(
        b'--x\r\nContent-Disposition: form-data; name="code"\r\n\r\nA\r\n--x--\r\n', WRONG_TYPE, "multipart/form-data; boundary=x"
    ),
    "text": Nasty(b'{"code": "AAAAA-AAAAA"}', WRONG_TYPE, "text/plain"),
    "XML": Nasty(b"<a/>", WRONG_TYPE, "application/xml"),
    "no content type": Nasty(b'{"code": "AAAAA-AAAAA"}', WRONG_TYPE, ""),
    "a content type of garbage": Nasty(b'{"code": "AAAAA-AAAAA"}', WRONG_TYPE, "\xff;;;="),
    "another charset": Nasty('{"label": "é"}'.encode("latin-1"), MALFORMED, "application/json; charset=latin-1"),
    "64 KiB of spaces": Nasty(b" " * (64 * KIB + 1), TOO_BIG),
    "64 KiB of text": Nasty(b'{"body": "' + b"a" * 64 * KIB + b'"}', TOO_BIG),
    "4 MiB of lists": Nasty(b"[" + b"[]," * (4 * KIB * KIB // 3) + b"[]]", TOO_BIG),
}
