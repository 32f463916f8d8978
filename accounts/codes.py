"""Invite codes and first passwords: characters that survive paper, telephone and a small keyboard. Pure."""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O, 1 I L, and no U, so that nothing rude is spelled
LENGTH = 10  # 49 bits, and five tries an hour
_GROUPS = 4  # 78 bits: a password is tried against a stolen database too


def make_code() -> str:
    return _random(LENGTH)


def make_password() -> str:
    """Four groups of four, to be read aloud and typed once."""
    return "-".join(_random(4) for _ in range(_GROUPS))


def in_one_spelling(typed: str) -> str:
    """What somebody typed, in capitals, without the spaces and dashes of reading aloud."""
    capitals = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in capitals if character.isalnum())


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def for_reading(code: str) -> str:
    """The code as it is printed: two groups of five."""
    return f"{code[:5]}-{code[5:]}"
