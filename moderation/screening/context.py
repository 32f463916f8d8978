"""What stands around a phrase: words that must be near, words that excuse it, words that deny it."""

from collections.abc import Iterable, Sequence

from moderation.screening.letters import STOP
from moderation.screening.phrases import Choice, OneOf, Phrase


class _Sought:
    """Phrases looked for in a few words: those of one word together, the others one by one."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        phrases = list(phrases)
        singles = [place for phrase in phrases if len(phrase.places) == 1 and isinstance(place := phrase.places[0], OneOf)]
        self.single = OneOf.of(singles)
        others = [phrase.places for phrase in phrases if not (len(phrase.places) == 1 and isinstance(phrase.places[0], OneOf))]
        self.others = Choice(tuple(others), max((sum(place.most for place in places) for places in others), default=0))

    def __bool__(self) -> bool:
        return bool(self.single or self.others.ways)

    def stands_in(self, words: Sequence[str], first: int, last: int, *, but: tuple[int, int] = (0, 0)) -> bool:
        """Whether one stands among `words[first:last]`, not wholly inside `words[but]`."""
        fits = self.single.fits
        if self.single and any(fits(words[place]) for place in range(first, last) if not but[0] <= place < but[1]):
            return True
        if not self.others.ways:
            return False
        part = words[first:last]
        return any(
            not (but[0] <= first + begin and first + end <= but[1]) for begin in range(len(part)) for end in self.others.ends(part, begin)
        )


class Company:
    """The `near` and `unless` of a rule."""

    def __init__(self, near: Iterable[Phrase], unless: Iterable[Phrase], *, within: int) -> None:
        self.near = _Sought(near)
        self.unless = _Sought(unless)
        self.within = within

    def allows(self, words: Sequence[str], first: int, last: int) -> bool:
        begin, end = max(0, first - self.within), min(len(words), last + self.within)
        if self.near and not self.near.stands_in(words, begin, end, but=(first, last)):
            return False
        return not self.unless.stands_in(words, begin, end)


class Negation:
    """Words of "not" a few places before, or after, in the same sentence."""

    def __init__(self, phrases: Iterable[Phrase], *, before: int, after: int) -> None:
        self.sought = _Sought(phrases)
        self.before = before
        self.after = after

    def denies(self, words: Sequence[str], first: int, last: int) -> bool:
        begin = end = first
        while begin > 0 and first - begin < self.before and words[begin - 1] != STOP:
            begin -= 1
        if begin < end and self.sought.stands_in(words, begin, end):
            return True
        end = last
        while end < len(words) and end - last < self.after and words[end] != STOP:
            end += 1
        return last < end and self.sought.stands_in(words, last, end)
