"""Bank accounts, payment cards and national numbers: digits that check themselves."""

import re
from collections.abc import Generator

from stdnum import iban, luhn
from stdnum.be import bis, nn
from stdnum.exceptions import ValidationError

from moderation.screening.signals import Signal

_IBAN = re.compile(r"\b[a-z]{2}\s?\d{2}(?:[\s.\-]?[a-z0-9]){11,30}", re.IGNORECASE)
_CARD = re.compile(r"(?<![\d+])[2-6]\d{3}(?:[\s.\-]?\d{4}){2}[\s.\-]?\d{1,7}(?!\d)")
_NATIONAL = re.compile(r"(?<![\d+])\d{2}[.\s]?\d{2}[.\s]?\d{2}[\s.\-]{0,3}\d{3}[\s.\-]?\d{2}(?!\d)")
_BETWEEN = re.compile(r"[\s.\-]")
_SHORTEST_IBAN = 15
_CARD_LENGTHS = range(14, 20)


def find(raw: str) -> Generator[Signal, None, bool]:
    """Yield what is there; give whether the digits are spoken for, and are no phone number."""
    is_account = any(_is_iban(match[0]) for match in _IBAN.finditer(raw))
    is_card = not is_account and any(_is_card(match[0]) for match in _CARD.finditer(raw))
    is_national = any(_is_national(_BETWEEN.sub("", match[0])) for match in _NATIONAL.finditer(raw))
    if is_account:
        yield Signal("money", 3, "bank_account", "detector")
    if is_card:
        yield Signal("money", 3, "payment_card", "detector")
    if is_national:
        yield Signal("contact", 2, "national_number", "detector")
    return is_account or is_card or is_national


def _is_iban(text: str) -> bool:
    """Whether it begins with an account: what follows may be the next word."""
    bare = _BETWEEN.sub("", text)
    return any(iban.is_valid(bare[:length], check_country=False) for length in range(len(bare), _SHORTEST_IBAN - 1, -1))


def _is_card(text: str) -> bool:
    bare = _BETWEEN.sub("", text)
    return len(bare) in _CARD_LENGTHS and luhn.is_valid(bare)


def _is_national(bare: str) -> bool:
    for kind in (nn, bis):
        try:
            kind.validate(bare)
        except ValidationError:
            continue
        return True
    return False
