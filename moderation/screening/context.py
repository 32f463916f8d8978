"""What stands around a phrase: words that must be near, words that excuse it, words that deny it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from moderation.screening.letters import STOP
from moderation.screening.phrases import Phrase, Word


@dataclass(frozen=True, slots=True)
class _Sought:
    """Phrases looked for in a few words: plain ones by their name, the others one by one."""

    plain: frozenset[str]
    phrases: tuple[Phrase, ...]

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> "_Sought":
        plain: set[str] = set()
        others: list[Phrase] = []
        for phrase in phrases:
            only = phrase.elements[0] if len(phrase.elements) == 1 else None
            if isinstance(only, Word) and not only.begins_free and not only.ends_free:
                plain.add(only.text)
            else:
                others.append(phrase)
        return cls(frozenset(plain), tuple(others))

    def __bool__(self) -> bool:
        return bool(self.plain or self.phrases)

    def stands_in(self, words: Sequence[str], first: int, last: int, *, but: tuple[int, int] = (0, 0)) -> bool:
        """Whether one stands among `words[first:last]`, not wholly inside `words[but]`."""
        if any(words[place] in self.plain for place in range(first, last) if not but[0] <= place < but[1]):
            return True
        return any(
            not (but[0] <= begin and end <= but[1]) for phrase in self.phrases for begin, end in phrase.stands_in(words, first, last)
        )


class Company:
    """The `near` and `unless` of a rule."""

    def __init__(self, near: Iterable[Phrase], unless: Iterable[Phrase], *, within: int) -> None:
        self.near = _Sought.of(near)
        self.unless = _Sought.of(unless)
        self.within = within

    def allows(self, words: Sequence[str], first: int, last: int) -> bool:
        begin, end = max(0, first - self.within), min(len(words), last + self.within)
        if self.near and not self.near.stands_in(words, begin, end, but=(first, last)):
            return False
        return not self.unless.stands_in(words, begin, end)


@dataclass(slots=True)
class Negation:
    """Words of "not" a few places before, or after, in the same sentence."""

    phrases: Iterable[Phrase]
    before: int
    after: int
    sought: _Sought = field(init=False)

    def __post_init__(self) -> None:
        self.sought = _Sought.of(self.phrases)

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
