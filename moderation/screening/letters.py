"""Which letters are the same letter to the screening: tables for `str.translate`, made once."""

import unicodedata
from functools import cache

from confusable_homoglyphs import confusables

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff\ufe0e\ufe0f\u0640"
)
_APOSTROPHES = "'`\u00b4\u2018\u2019\u02bc\u02bb\u2032\uff07"
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ک": "ك", "ڤ": "ف", "ؤ": "و", "ئ": "ي"}  # noqa: RUF001  # these letters are meant
STOP = "\x01"  # stands between sentences, so that a "no" does not reach over the end of its own
MOST_LEARNED = 5_000
FIRST_PICTURE = 0x2600
_SIGNS = {"€": " euro ", "£": " pound "}
TURKISH = "ıöü"  # letters whose plain neighbour makes another word: öl- (die) and ol- (be), sık- and sik-
_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i", "|": "l", "€": "e", "+": "t"}
LEET = str.maketrans(_LEET)
LEET_WITH_L = str.maketrans({**_LEET, "1": "l", "!": "l"})


def _marks() -> str:
    """Accents that stand alone, also those of Arabic and of stacked text."""
    ranges = (
        (0x300, 0x36F),
        (0x610, 0x61A),
        (0x64B, 0x65F),
        (0x670, 0x670),
        (0x6D6, 0x6ED),
        (0x1AB0, 0x1AFF),
        (0x1DC0, 0x1DFF),
        (0x20D0, 0x20FF),
    )
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


def _accented() -> dict[str, str]:
    """Latin letters with an accent, to those without."""
    plain = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            plain[chr(code)] = base.lower()
    return plain | {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "œ": "oe", "æ": "ae", "ı": "i"}


def _digits() -> dict[str, str]:
    return {chr(first + value): str(value) for first in (0x660, 0x6F0) for value in range(10)}


class _Letters(dict[int, str]):
    """Every other letter and digit stays, a picture becomes a word, every other sign a space. What it learned it keeps, up to a limit."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        kept = (
            letter
            if letter.isalnum() or letter == STOP
            else f" {letter} "
            if code >= FIRST_PICTURE and unicodedata.category(letter) == "So"
            else " "
        )
        if len(self) < MOST_LEARNED:
            self[code] = kept
        return kept


_GONE = dict.fromkeys(_INVISIBLE + _APOSTROPHES + _marks(), "")
# `KEPT` leaves the letters that Turkish needs; `FOLDED` then takes them.
KEPT = _Letters(
    {ord(a): b for a, b in (_GONE | {a: b for a, b in _accented().items() if a not in TURKISH} | _ARABIC | _digits() | _SIGNS).items()}
)
FOLDED = str.maketrans({"ı": "i", "ö": "o", "ü": "u"})


@cache
def latin_likeness(letter: str) -> str:
    """The Latin letter that a Greek or Cyrillic one looks like; itself where there is none."""
    found = confusables.is_confusable(letter, greedy=True, preferred_aliases=[])
    if not found:
        return letter
    likenesses = (one["c"] for one in found[0]["homoglyphs"])
    return next((one.lower() for one in likenesses if len(one) == 1 and one.isascii() and one.isalpha()), letter)
