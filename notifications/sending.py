"""What a delivery hands to a channel, and what the channel says became of it. Channels differ in nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """One delivery. `id` is what a receiver knows a repeated one by; `topic` (≤ 32 URL-safe characters) is what a newer one replaces.

    `address` is the opened value: an FCM token or installation id, a number in E.164, an e-mail address, or the JSON of a
    push subscription. `text` is all that anybody may read on the way. `calendar` is an iTIP part for e-mail, of `method`.
    """

    id: UUID
    kind: str
    address: str
    text: str
    language: str
    topic: str
    ttl: int  # seconds
    is_urgent: bool = True
    calendar: bytes = b""
    method: str = ""
    whose: UUID | None = None  # stays here: whom a refusal is counted for


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side took it; `receipt` is its name there, if it has one."""

    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The address is nobody's any more: forget it. `alarms`: an operator should know why."""

    code: str
    alarms: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now. `after` seconds when the other side said so (Retry-After); `alarms`: nothing will go until an operator mends it."""

    code: str
    after: float | None = None
    alarms: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """This letter will never go, and the address is not to blame."""

    code: str
    alarms: bool = False


Fate = Sent | Gone | Retry | Failed


class Channel(Protocol):
    """One way out. `send` never raises and answers in the order of the letters; one bad address never stops the others."""

    name: str
    kinds: frozenset[str]

    async def send(self, letters: Sequence[Letter]) -> list[Fate]:
        """The fate of each letter; takes at most `TIMEOUT` seconds for all of them."""

    async def close(self) -> None:
        """Let go of connections."""


TIMEOUT = 20.0  # seconds; a lease outlasts it
