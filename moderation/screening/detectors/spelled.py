"""Numbers and addresses said in words: "nul vier zeven één …", "jan punt peeters at …"."""

from collections.abc import Iterator
from itertools import groupby, pairwise

from moderation.screening.signals import Signal

LEAST_DIGITS = 6  # words of digits in a row; "een twee drie" is counting
_DIGITS_TEXT = """
    nul een twee drie vier vijf zes zeven acht negen zero un deux trois quatre cinq six sept huit neuf oh one two three four five seven eight nine
    sifir bir iki uc dort bes alti yedi sekiz dokuz صفر واحد اثنان اثنين ثلاثه تلاته اربعه خمسه سته سبعه ثمانيه تمانيه تسعه twintig dertig veertig
    vijftig zestig zeventig tachtig negentig vingt trente quarante cinquante soixante septante twenty thirty forty fifty sixty seventy eighty ninety
    yirmi otuz kirk elli altmis yetmis seksen doksan
"""
_DIGITS = frozenset(_DIGITS_TEXT.split())
_POINTS = frozenset(["punt", "point", "dot", "nokta", "نقطه"])
_ENDINGS = frozenset(["com", "be", "fr", "nl", "net", "org"])
_BOTHERING = _DIGITS | _POINTS


def find(line: str) -> Iterator[Signal]:
    """In a normalised line, folded."""
    words = line.split()
    if _BOTHERING.isdisjoint(words):
        return
    if any(is_digit and len(list(run)) >= LEAST_DIGITS for is_digit, run in groupby(words, key=_is_digits)):
        yield Signal("contact", 2, "phone_number", "detector")
    if any(first in _POINTS and second in _ENDINGS for first, second in pairwise(words)):
        yield Signal("contact", 2, "mail_address", "detector")


def _is_digits(word: str) -> bool:
    return word in _DIGITS or (word.isdigit() and len(word) <= 2)
