"""JSON as RFC 8259 means it. Two readers could disagree about what Python's parser lets through; it is refused here."""

import json
from typing import Any

import msgspec


class NotJSON(ValueError):
    """It is not JSON, or JSON that two readers may read differently."""


def check(data: bytes) -> None:
    """Refuse a repeated key (RFC 8259 §4), NaN, what no double holds, lone surrogates, deep nesting and bytes that are not UTF-8.

    :raises NotJSON:
    """
    try:
        json.loads(data, object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise NotJSON from None


def loads(data: bytes) -> Any:
    """:raises NotJSON:"""
    check(data)
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotJSON from None


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise NotJSON


def _refuse(constant: str) -> None:
    raise NotJSON(constant)
