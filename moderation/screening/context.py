"""What stands around a phrase: words that must be near, words that excuse it, words that deny it."""

from collections.abc import Iterable

from msgspec import Struct

from moderation.screening.letters import STOP
from moderation.screening.phrases import Choice, OneOf, Phrase
from moderation.screening.work import Words


class Sought(Struct, frozen=True, gc=False, array_like=True):
    """Phrases looked for in a few words: those of one word together, the others one by one."""

    single: OneOf
    others: Choice

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> "Sought":
        phrases = list(phrases)
        singles = [place for phrase in phrases if len(phrase.places) == 1 and isinstance(place := phrase.places[0], OneOf)]
        others = [phrase for phrase in phrases if not (len(phrase.places) == 1 and isinstance(phrase.places[0], OneOf))]
        most = max((phrase.most for phrase in others), default=0)
        return cls(OneOf.of(singles), Choice(tuple(phrase.places for phrase in others), most))

    def __bool__(self) -> bool:
        return bool(self.single or self.others.ways)

    def stands_in(self, words: Words, first: int, last: int, *, but: tuple[int, int] = (0, 0)) -> bool:
        """Whether one stands among `words[first:last]`, not wholly inside `words[but]`. :raises TooMuchWork:"""
        words.work.spend((last - first) * self.single.cost)
        fits = self.single.fits
        if self.single and any(fits(words[place]) for place in range(first, last) if not but[0] <= place < but[1]):
            return True
        if not self.others.ways:
            return False
        part = words.part(first, last)
        words.work.spend(len(part))
        return any(
            not (but[0] <= first + begin and first + end <= but[1]) for begin in range(len(part)) for end in self.others.ends(part, begin)
        )


class Company(Struct, frozen=True, gc=False, array_like=True):
    """The `near` and `unless` of a rule."""

    near: Sought
    unless: Sought
    within: int

    def allows(self, words: Words, first: int, last: int) -> bool:
        begin, end = max(0, first - self.within), min(len(words), last + self.within)
        if self.near and not self.near.stands_in(words, begin, end, but=(first, last)):
            return False
        return not self.unless.stands_in(words, begin, end)


class Negation(Struct, frozen=True, gc=False, array_like=True):
    """Words of "not" a few places before, or after, in the same sentence."""

    sought: Sought
    before: int
    after: int

    def denies(self, words: Words, first: int, last: int) -> bool:
        begin = end = first
        while begin > 0 and first - begin < self.before and words[begin - 1] != STOP:
            begin -= 1
        if begin < end and self.sought.stands_in(words, begin, end):
            return True
        end = last
        while end < len(words) and end - last < self.after and words[end] != STOP:
            end += 1
        return last < end and self.sought.stands_in(words, last, end)
