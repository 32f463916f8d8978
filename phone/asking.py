"""Commands that wait for their reply. No I/O."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from phone import wire
from phone.happenings import Happening

ANSWER_SECONDS = 20.0  # without a reply for so long, ask whether anybody is there
PONG_SECONDS = 10.0  # and after this, nobody is
WAIT = 5.0
LATER_CODES = frozenset({"too_fast", "try_again", "not_resumed"})

Answered = Callable[[wire.Heard], list[Happening]]


@dataclass(slots=True, frozen=True)
class Question:
    """What was asked about which thing, and who takes the answer."""

    about: Hashable
    answered: Answered
    at: float


class Asking:
    """One question about one thing at a time; a thing that the server puts off is left alone until then."""

    def __init__(self) -> None:
        self._ref = 0
        self._open: dict[int, Question] = {}
        self._not_before: dict[Hashable, float] = {}
        self._pinged_at = 0.0

    def may_ask(self, about: Hashable, *, at: float) -> bool:
        return at >= self._not_before.get(about, 0) and all(question.about != about for question in self._open.values())

    def ask(self, about: Hashable, answered: Answered, *, at: float) -> int:
        """Note the question; gives the `ref` for its command."""
        self._ref += 1
        self._open[self._ref] = Question(about, answered, at)
        self._not_before.pop(about, None)
        if about == "ping":
            self._pinged_at = at
        return self._ref

    def answer(self, frame: wire.Heard, ref: int, *, at: float) -> list[Happening]:
        """Hand the answer to who asked; an answer to nothing is left alone."""
        question = self._open.pop(ref, None)
        if question is None or question.about == "ping":
            return []
        if isinstance(frame, wire.Error) and (frame.retry_after is not None or frame.code in LATER_CODES):
            self._not_before[question.about] = at + (WAIT if frame.retry_after is None else frame.retry_after)
            return []
        return question.answered(frame)

    def doubts_at(self) -> float | None:
        """When to ask whether anybody is there."""
        asked = [question.at for question in self._open.values()]
        return max(min(asked), self._pinged_at) + ANSWER_SECONDS if asked else None

    def despairs_at(self) -> float | None:
        """When nobody is."""
        pings = [question.at for question in self._open.values() if question.about == "ping"]
        return min(pings) + PONG_SECONDS if pings else None

    def resumes_at(self, *, at: float) -> list[float]:
        """When the things that were put off may be asked again."""
        return [time for time in self._not_before.values() if time > at]
