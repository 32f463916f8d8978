"""How much is done for one text: counted, so that no message and no list can hold up the messages of everybody else."""

from collections.abc import Iterable


class TooMuchWork(Exception):
    """Nobody writes so, or no list needs it: what was found until here is what is found."""


class Work:
    """What may still be done; a unit is about a microsecond."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, units: int) -> None:
        """:raises TooMuchWork:"""
        self.left -= units
        if self.left < 0:
            raise TooMuchWork


class Words(list[str]):
    """The words of a text, with the work that may be done for them."""

    __slots__ = ("work",)
    work: Work

    @classmethod
    def of(cls, words: Iterable[str], work: Work) -> "Words":
        found = cls(words)  # without an `__init__` of our own, which would cost as much as all the rest
        found.work = work
        return found

    def part(self, first: int, last: int) -> "Words":
        return Words.of(self[first:last], self.work)
