"""An outside classifier: one POST a text, with a deadline for all of it, and a rest when it fails.

It is given the text and its language, and nothing else: no name, no id, no place. Its answer is a list of signals as ours.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from moderation.screening.signals import Signal

if TYPE_CHECKING:
    import aiohttp  # a tenth of a second of every start, for the few houses that ask anybody

SECONDS = 0.8
MOST_AT_ONCE = 4
MOST_ANSWER = 64_000  # bytes
FIRST_REST, LONGEST_REST = 60.0, 600.0  # seconds
MANY_FAILURES = 3  # in a row
SOURCE = "classifier"


class Said(msgspec.Struct, frozen=True):
    """One signal as a classifier tells it."""

    klass: Literal["crisis", "threat", "sexual", "hate", "money", "contact"] = msgspec.field(name="class")
    severity: Annotated[int, msgspec.Meta(ge=1, le=4)]
    reason: Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9_]{0,39}\Z")]


class Answer(msgspec.Struct, frozen=True):
    signals: Annotated[list[Said], msgspec.Meta(max_length=20)]


_answer = msgspec.json.Decoder(Answer)


@dataclass(slots=True)
class Breaker:
    """Three failures in a row, and it rests: a minute, then two, up to ten; then one text tries."""

    failures: int = 0
    rest: float = 0.0
    until: float = 0.0

    def is_open(self, *, at: float) -> bool:
        """Whether nothing is asked now."""
        return at < self.until

    def heard(self, *, well: bool, at: float) -> None:
        if well:
            self.failures, self.rest, self.until = 0, 0.0, 0.0
            return
        self.failures += 1
        if self.rest or self.failures >= MANY_FAILURES:
            self.rest = min(LONGEST_REST, self.rest * 2) or FIRST_REST
            self.until = at + self.rest
            self.failures = 0


@dataclass(slots=True)
class Classifier:
    """One address. `ask` may be called again and again; what it learnt about the other side stays."""

    url: str
    breaker: Breaker = field(default_factory=Breaker)

    def ask(self, texts: Sequence[tuple[str, str]]) -> list[tuple[Signal, ...] | None]:
        """What it says of each (language, text); None where it did not answer in time or in sense. Never raises for what it does."""
        return asyncio.run(self._ask(texts)) if texts else []

    async def _ask(self, texts: Sequence[tuple[str, str]]) -> list[tuple[Signal, ...] | None]:
        import aiohttp

        few = asyncio.Semaphore(MOST_AT_ONCE)
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
            return list(await asyncio.gather(*(self._one(session, few, language, text) for language, text in texts)))

    async def _one(self, session: "aiohttp.ClientSession", few: asyncio.Semaphore, language: str, text: str) -> tuple[Signal, ...] | None:
        async with few:
            if self.breaker.is_open(at=time.monotonic()):
                return None
            found = await self._post(session, {"language": language, "text": text})
            self.breaker.heard(well=found is not None, at=time.monotonic())
            return found

    async def _post(self, session: "aiohttp.ClientSession", asked: dict[str, str]) -> tuple[Signal, ...] | None:
        import aiohttp

        try:
            async with session.post(self.url, json=asked, allow_redirects=False) as response:
                if response.status != 200:
                    return None
                said = _answer.decode(await response.content.read(MOST_ANSWER))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):  # ValueError: an answer that makes no sense, or an address
            return None
        return tuple(Signal(one.klass, one.severity, one.reason, SOURCE) for one in said.signals)
