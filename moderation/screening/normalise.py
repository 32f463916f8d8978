"""One spelling for what people write: the words of a text as the lists know them."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from moderation.screening.letters import FOLDED, KEPT, LEET, LEET_WITH_L, latin_likeness

STOP = "."  # stands between sentences, so that a "no" does not reach over the end of its own

_TOKENS = re.compile(r"[^\W_]+|(?<![.!?])[.!?؟](?=\s)|\n")
_REPEATED = re.compile(r"([^\W\d_])\1\1")
_REPEATS = re.compile(r"([^\W\d_])\1{2,}")
_LEETED = re.compile(r"[a-z][0-9@$!|€+]+[a-z]|[0-9@$][a-z]{2}")
_LEET_WORD = re.compile(r"(?<![\w.+-])[a-z0-9@$!|€+]*[a-z][a-z0-9@$!|€+]*(?![\w@])")
_TURKISH = re.compile("[ışğöü]")
_FOREIGN = re.compile("[\u0370-\u052f]")
_SPELLED = re.compile(r"(?<!\w)[^\W\d_](?:[\W_]{1,2}[^\W\d_]){2,}(?!\w)")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a text, and the same as one line with a space on both ends to search in.

    `turkish` is the line in which ı, ö and ü are kept, where the writer has such letters at all.
    """

    line: str
    turkish: str | None = None


def normalise(text: str, language: str, *, spelling: Mapping[str, str], known: Collection[str]) -> Text:
    """`spelling`: chat spelling to plain words. `known`: the words of the lists, which decide what a bent word was meant to be."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if language == "tr":
        text = text.replace("İ", "i")
        if "I" in text and _TURKISH.search(text.lower()):
            text = text.replace("I", "ı")
    text = text.casefold()
    is_turkish = not text.isascii() and _TURKISH.search(text)
    text = text.translate(KEPT)
    if not text.isascii() and _FOREIGN.search(text):
        text = " ".join(_in_one_script(word) for word in text.split(" "))
    turkish = _line(text, language, spelling, known) if is_turkish else None
    return Text(_line(text.translate(FOLDED) if is_turkish else text, language, spelling, known), turkish)


def _line(text: str, language: str, spelling: Mapping[str, str], known: Collection[str]) -> str:
    if _LEETED.search(text):
        text = _LEET_WORD.sub(lambda found: _unleet(found[0], language, known), text)
    if _SPELLED.search(text):
        text = _SPELLED.sub(lambda found: _joined(found[0], known), text)
    words = _TOKENS.findall(text)
    if _REPEATED.search(text):
        words = [_unrepeated(word, known) for word in words]
    if spelling:
        get = spelling.get
        words = [get(word, word) for word in words]
    return f" {' '.join(words)} ".replace("\n", STOP)


@lru_cache(4_096)
def _in_one_script(word: str) -> str:
    """A word that mixes Latin with Greek or Cyrillic letters, or has only letters that look Latin, in Latin."""
    likeness = "".join(latin_likeness(letter) if _FOREIGN.match(letter) else letter for letter in word)
    is_mixed = any("a" <= letter <= "z" for letter in word)
    return likeness if is_mixed or likeness.isascii() else word


def _unleet(word: str, language: str, known: Collection[str]) -> str:
    """`d00d` is a word; `24`, `10u` and `50euro` are what they are, and so are the digits that Arabic in Latin letters is written with."""
    if word in known or word.isalpha():
        return word
    for table in (LEET, LEET_WITH_L):
        if (plain := word.translate(table)) in known:
            return plain
    ends = word.rstrip("!|+")
    is_inside = word[:1].isalpha() and ends[-1:].isalpha() and not any(sign in word for sign in "@$!|€+")
    return word.translate(LEET) if is_inside and language != "ar" else word


def _joined(spelled: str, known: Collection[str]) -> str:
    """Letters that stand apart, as one word; a little word before or behind it stays apart."""
    letters = "".join(_LETTER.findall(spelled))
    for front, back in ((0, 0), (1, 0), (0, 1)):
        middle = letters[front : len(letters) - back]
        if middle in known:
            return f"{letters[:front]} {middle} {letters[len(letters) - back :]}"
    return letters


def _unrepeated(word: str, known: Collection[str]) -> str:
    """`doooood` is `dood`: a letter that is held is there twice or once, whichever is a word of the lists."""
    if not _REPEATED.search(word):
        return word
    once, twice = _REPEATS.sub(r"\1", word), _REPEATS.sub(r"\1\1", word)
    return twice if twice in known else once
