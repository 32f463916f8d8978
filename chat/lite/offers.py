"""What a device offers when it comes: how far it got, its dictionaries, its page. Rides in the upgrade, or leads a POST."""

import base64
import binascii
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple

from chat.cursors import Cursor, read_cursor
from chat.errors import MalformedFrame

MOST_DICTIONARIES = 3
_NAME = re.compile(r"[a-z]{2}[0-9]{1,3}")
_VERSION = re.compile(r"[0-9a-f]{1,16}")


class Offer(NamedTuple):
    """`wait` is in seconds, and of a POST alone; no cursor: a new device."""

    cursor: Cursor | None = None
    dictionaries: tuple[str, ...] = ()
    page: str = ""
    wait: int = 0


def read_offer(subprotocols: Iterable[str]) -> Offer:
    """What stands beside `maatje.v1.lite`. A cursor that cannot be read is none: the device starts afresh, and is told so."""
    cursor, dictionaries, page = None, [], ""
    for item in subprotocols:
        mark, _, value = item.partition(".")
        if mark == "c":
            with suppress(MalformedFrame, binascii.Error, ValueError):
                cursor = read_cursor(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
        elif mark == "d":
            dictionaries.append(value)
        elif mark == "p" and _VERSION.fullmatch(value):
            page = value
    return Offer(cursor, named(dictionaries), page)


def named(dictionaries: Iterable[object]) -> tuple[str, ...]:
    """The names of dictionaries among these, in order; what is no name is kept as an empty place, so that numbers stay."""
    names = [name if isinstance(name, str) and _NAME.fullmatch(name) else "" for name in dictionaries]
    return tuple(names[:MOST_DICTIONARIES])


def posted_offer(array: list[object]) -> Offer:
    """`[-10, cursor, wait, dictionaries, page]`, the first frame of a POST. :raises MalformedFrame:"""
    given: list[Any] = [*array, None, None, None, None]
    _, cursor, wait, dictionaries, page, *_ = given
    if not isinstance(cursor, bytes | None) or not isinstance(wait, int | None) or not isinstance(dictionaries, list | None):
        raise MalformedFrame(problem="resume is [-10, cursor, wait, dictionaries, page]")
    return Offer(
        cursor=None if cursor is None else read_cursor(cursor),
        dictionaries=named(dictionaries or ()),
        page=page if isinstance(page, str) and _VERSION.fullmatch(page) else "",
        wait=max(0, min(wait or 0, 50)),
    )
