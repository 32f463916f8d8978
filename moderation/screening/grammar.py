"""How a line of a list becomes a phrase."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from moderation.screening.phrases import Choice, Gap, OneOf, Phrase, Place, Places

MOST_SKIPPED = 3
MOST_REMEMBERED = 20_000
MOST_DEEP = 4  # braces in braces
MOST_WORDS = 80  # that a phrase covers; with more it could be looked for without end
MOST_LETTERS = 60  # of one word
_GAPS = {"_": Gap(1, 1), "...": Gap(0, MOST_SKIPPED), "…": Gap(0, MOST_SKIPPED), "{...}": Gap(0, MOST_SKIPPED)}


class BadPhrase(ValueError):
    """Carries what is wrong with it, for whoever keeps the list."""


class Spelling(Protocol):
    """Gives plain words as a text would be normalised to; only whole words have a chat spelling."""

    def __call__(self, word: str, *, is_whole: bool) -> str: ...


def compile_phrase(text: str, spell: Spelling) -> Phrase:
    """:raises BadPhrase:"""
    places = list(_places(text, spell, 0))
    while places and isinstance(places[0], Gap):  # open ends say nothing
        del places[0]
    while places and isinstance(places[-1], Gap):
        del places[-1]
    if not places:
        raise BadPhrase("There is no word in it to look for.")
    phrase = Phrase(tuple(places))
    if phrase.most > MOST_WORDS:
        raise BadPhrase(f"It covers more than {MOST_WORDS} words.")
    return phrase


def ways_of(text: str, depth: int = 0) -> int:
    """In how many ways the pieces of a line can be said, without saying any: braces beside each other multiply. :raises BadPhrase:"""
    if depth > MOST_DEEP:
        raise BadPhrase(f"Braces stand in braces more than {MOST_DEEP} deep.")
    return sum(_ways_of_piece(piece, depth) for piece in _apart(text, " "))


def _ways_of_piece(piece: str, depth: int) -> int:
    ways = 1
    while "{" in piece:
        begin = piece.index("{")
        end = _end_of(piece, begin)
        ways *= sum(ways_of(way, depth + 1) or 1 for way in _apart(piece[begin + 1 : end], "|"))
        piece = piece[end + 1 :]
    return ways


def _places(text: str, spell: Spelling, depth: int) -> Iterator[Place]:
    if depth > MOST_DEEP:
        raise BadPhrase(f"Braces stand in braces more than {MOST_DEEP} deep.")
    for piece in _apart(text, " "):
        if gap := _GAPS.get(piece):
            yield gap
        elif "{" in piece:
            yield _choice([tuple(_places(way, spell, depth + 1)) for way in _ways(piece)])
        else:
            yield from _words(piece, spell)


def _apart(text: str, sign: str) -> list[str]:
    """The text cut at a sign (any white space for a space), outside braces only."""
    if "{" not in text and "}" not in text:
        return text.split() if sign == " " else text.split(sign)
    pieces, piece, depth = [], "", 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            raise BadPhrase("A brace is closed that was not opened.")
        if depth == 0 and (letter == sign or (sign == " " and letter.isspace())):
            pieces.append(piece)
            piece = ""
        else:
            piece += letter
    if depth:
        raise BadPhrase("A brace is not closed.")
    pieces.append(piece)
    return [piece for piece in pieces if piece] if sign == " " else pieces


def _ways(piece: str) -> list[str]:
    """What a piece with braces may be: what is in the first braces, each with what stands before and behind them."""
    begin = piece.index("{")
    end = _end_of(piece, begin)
    return [piece[:begin] + way + piece[end + 1 :] for way in _apart(piece[begin + 1 : end], "|")]


def _end_of(piece: str, begin: int) -> int:
    """Where the brace closes that opens at `begin`; that it does was checked."""
    depth, end = 1, begin
    while depth:
        end = min(place for place in (piece.find("{", end + 1), piece.find("}", end + 1)) if place >= 0)
        depth += 1 if piece[end] == "{" else -1
    return end


def _choice(ways: list[Places]) -> Place:
    """Ways of one word each become one place, which is much quicker."""
    single = [way[0] for way in ways if len(way) == 1 and isinstance(way[0], OneOf)]
    others = tuple(way for way in ways if not (len(way) == 1 and isinstance(way[0], OneOf)))
    one = OneOf.of(single)
    if not others:
        return one
    every: tuple[Places, ...] = others if not single else ((one,), *others)
    return Choice(every, max(sum(place.most for place in way) for way in every))


def _words(piece: str, spell: Spelling) -> Iterator[OneOf]:
    if "|" in piece or "}" in piece:
        raise BadPhrase("A bar or brace stands alone.")
    begins_free, ends_free = piece.startswith("*"), piece.endswith("*")
    plain = spell(piece.strip("*"), is_whole=not (begins_free or ends_free)).split()
    if not plain and (begins_free or ends_free):
        raise BadPhrase(f"{piece!r} is no word; for any word write _.")
    if any(len(word) > MOST_LETTERS for word in plain):
        raise BadPhrase(f"A word has more than {MOST_LETTERS} letters.")
    for number, word in enumerate(plain):
        yield _word(word, begins_free=begins_free and number == 0, ends_free=ends_free and number == len(plain) - 1)


@lru_cache(MOST_REMEMBERED)
def _word(word: str, *, begins_free: bool, ends_free: bool) -> OneOf:
    """The same word is the same place, as most words stand in many phrases."""
    if begins_free:
        return OneOf(middles=(word,)) if ends_free else OneOf(endings=(word,))
    return OneOf(beginnings=(word,)) if ends_free else OneOf(whole=frozenset({word}))
