"""Invite codes: ten characters that survive paper, telephone and a small keyboard. Pure."""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O, 1 I L, and no U, so that nothing rude is spelled
LENGTH = 10  # 49 bits, and five tries an hour


def make_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def in_one_spelling(typed: str) -> str:
    """What somebody typed, in capitals, without the spaces and dashes of reading aloud."""
    capitals = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in capitals if character.isalnum())


def for_reading(code: str) -> str:
    """The code as it is printed: two groups of five."""
    return f"{code[:5]}-{code[5:]}"
