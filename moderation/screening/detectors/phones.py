"""Phone numbers, as people in Belgium and where they come from write them."""

import re
from collections.abc import Iterator

from phonenumbers import PhoneNumberMatcher, PhoneNumberType, number_type

from moderation.screening.signals import Signal

_EIGHT_DIGITS = re.compile(r"\d(?:[\s()./+\-–·_,]{0,3}\d){7}")
_REGIONS = {"nl": ("BE", "NL"), "fr": ("BE", "FR"), "en": ("BE", "GB"), "tr": ("BE", "TR"), "ar": ("BE", "MA")}
_DIGITS = re.compile(r"\d")
_SEPARATED = re.compile(r"(?<=\d)[\s()./\-–·_,]{1,3}(?=\d)")
_DATE = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}")
_LIKE_ONE = re.compile(r"(?<!\d)(?:\+|00?)(?!800|900|70|78)[1-9]\d{7,11}(?!\d)")  # of a country or a form that nobody lists
_PUBLIC = {
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.PREMIUM_RATE,
}  # helplines and the like
_AT_HOME = {PhoneNumberType.FIXED_LINE}  # as often that of a doctor or a school


def may_hold(raw: str) -> bool:
    return _EIGHT_DIGITS.search(raw) is not None


def find(raw: str, language: str) -> Iterator[Signal]:
    """One signal at most: a mobile number counts for more than one of a house or a desk."""
    regions = _REGIONS.get(language, ("BE",))
    kinds = {number_type(match.number) for text in _ways(raw) for region in regions for match in PhoneNumberMatcher(text, region)}
    if kinds - _PUBLIC:
        yield Signal("contact", 1 if kinds <= _AT_HOME else 2, "phone_number", "detector")
    elif not kinds and not _DATE.search(raw) and _LIKE_ONE.search(_SEPARATED.sub("", raw)):
        yield Signal("contact", 2, "phone_number", "detector")


def _ways(raw: str) -> tuple[str, ...]:
    """As it stands, and with the signs taken out that people put between digits to hide them."""
    bare = _SEPARATED.sub("", raw) if _DIGITS.search(raw) else raw
    return (raw,) if bare == raw else (raw, bare)
