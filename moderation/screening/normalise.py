"""One spelling for what people write: the words of a text as the lists know them."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from moderation.screening.letters import FOLDED, KEPT, LEET, LEET_WITH_L, STOP, latin_likeness

MOST_STARRED = 20  # words with stars that are guessed in one text; whoever writes more plays with us
_STOPS = (". ", "! ", "? ", "؟ ", "\n")
_ELLIPSIS = re.compile(r"\.{2,}")
_REPEATED = re.compile(r"([^\W\d_])\1\1")
_REPEATS = re.compile(r"([^\W\d_])\1{2,}")
_NO_LETTER = re.compile(r"[0-9@$|€+]")  # the cheap question before the dear ones
_LEETED = re.compile(r"[a-z][0-9@$!|€+]+[a-z]|[0-9@$][a-z]{2}")
_LEET_WORD = re.compile(r"(?<![\w.+-])[a-z0-9@$!|€+]*[a-z][a-z0-9@$!|€+]*(?![\w@])")
_STARRED = re.compile(r"(?<!\w)[^\W\d_]+\*[^\W\d_*]*(?:\*[^\W\d_*]*)*[^\W\d_](?!\w)")  # stars within a word
_TURKISH = re.compile("[ışğöü]")
_ELIDED = re.compile("\\b([cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=[^\\W\\d_])", re.IGNORECASE)
_FOREIGN = re.compile("[\u0370-\u052f]")
_SPELLED = re.compile(r" [^\W\d_](?: [^\W\d_]){2,}(?= )")


class Text(NamedTuple):
    """The words of a text as one line, with a space on both ends, to search in.

    `turkish` is the same with ı, ö and ü kept, where the writer has such letters at all.
    """

    line: str
    turkish: str | None = None


def normalise(text: str, language: str, *, spelling: Mapping[str, str], known: Collection[str]) -> Text:
    """`spelling`: chat spelling to plain words. `known`: the words of the lists, which decide what a bent word was meant to be."""
    is_turkish = False
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        is_turkish = _TURKISH.search(text.lower()) is not None
    if language == "tr":
        text = text.replace("İ", "i")
        if is_turkish:
            text = text.replace("I", "ı")
    elif language == "fr" and ("'" in text or "’" in text):
        text = _ELIDED.sub(r"\1 ", text)  # "l'air" is two words, and people who leave the sign out are in [spelling]
    text = _with_stops(text.casefold())
    if _NO_LETTER.search(text) and _LEETED.search(text):
        text = _LEET_WORD.sub(lambda found: _unleet(found[0], language, known), text)
    if "*" in text:
        text = _STARRED.sub(lambda found: _unstarred(found[0], known), text, count=MOST_STARRED)
    text = text.translate(KEPT)
    if not text.isascii() and _FOREIGN.search(text):
        text = " ".join(_in_one_script(word) for word in text.split(" "))
    if not is_turkish:
        return Text(_line(text, spelling, known))
    return Text(_line(text.translate(FOLDED), spelling, known), _line(text, spelling, known))


def _with_stops(text: str) -> str:
    if ".." in text:
        text = _ELLIPSIS.sub(" ", text)
    for stop in _STOPS:
        if stop in text:
            text = text.replace(stop, f" {STOP} ")
    return text


def _line(text: str, spelling: Mapping[str, str], known: Collection[str]) -> str:
    words = text.split()
    if _REPEATED.search(text):
        words = [_unrepeated(word, known) for word in words]
    if not spelling.keys().isdisjoint(words):
        words = [spelling.get(word, word) for word in words]
    line = f" {' '.join(words)} "
    if _SPELLED.search(line):
        line = _SPELLED.sub(lambda found: _joined(found[0], known), line)
    return line


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


def _unstarred(word: str, known: Collection[str]) -> str:
    """`d**d` is the word of the lists that it can be; where none fits, it is what it is."""
    if word.count("*") * 2 > len(word):
        return word
    places = [(place, letter) for place, letter in enumerate(word) if letter != "*"]
    alike = _by_shape(known if isinstance(known, frozenset) else frozenset(known)).get(_shape(word), ())
    return min((one for one in alike if all(one[place] == letter for place, letter in places)), default=word)


@lru_cache(4)
def _by_shape(known: frozenset[str]) -> dict[tuple[int, str, str], tuple[str, ...]]:
    """Words by their length and ends, so that a text full of stars costs no walk through all words for each."""
    shapes: dict[tuple[int, str, str], list[str]] = {}
    for word in known:
        if word:
            shapes.setdefault(_shape(word), []).append(word)
    return {shape: tuple(words) for shape, words in shapes.items()}


def _shape(word: str) -> tuple[int, str, str]:
    return len(word), word[0], word[-1]


def _joined(spelled: str, known: Collection[str]) -> str:
    """Letters that stand apart, as one word; a little word before or behind it stays apart."""
    letters = spelled.replace(" ", "")
    for front, back in ((0, 0), (1, 0), (0, 1)):
        middle = letters[front : len(letters) - back]
        if middle in known:
            return " " + " ".join(part for part in (letters[:front], middle, letters[len(letters) - back :]) if part)
    return f" {letters}"


def _unrepeated(word: str, known: Collection[str]) -> str:
    """`doooood` is `dood`: a letter that is held is there twice or once, whichever is a word of the lists."""
    if not _REPEATED.search(word):
        return word
    once, twice = _REPEATS.sub(r"\1", word), _REPEATS.sub(r"\1\1", word)
    return twice if twice in known else once
