"""The sockets of this process, by person. Belongs to the event loop: nothing here may be called from another thread."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Protocol
from uuid import UUID

from live import metrics


class Outlet(Protocol):
    """One open way to a device: a websocket, or a long poll that waits."""

    person_id: UUID
    device_id: UUID
    access_version: int

    def offer_entry(self, delivery: Any, *, conceals: bool) -> None:
        """Take an entry now, or remember that there is more; must neither block nor raise."""

    def offer_marks(self, marks: Any) -> None:
        """Take marks now, or look them up later; must neither block nor raise."""

    def miss_marks(self, conversation_id: UUID) -> None:
        """Marks rose that this outlet may not be told before it looked again."""

    def withdraw(self, code: int, *, retry_after: int | None = None) -> None:
        """Close for this reason."""

    def recheck(self) -> None:
        """Something about this person's access changed: look again before delivering anything more."""

    def refresh(self) -> None:
        """Compare with the database: something may have been missed."""

    def compare(self, follows: Any) -> None:
        """Take over what the database says."""

    def letters(self, unread: int) -> None:
        """So many letters wait for this person."""

    def budget(self, step: int, used: int, budget: int) -> None:
        """This person's month reached `step` per cent (50, 80 or 100) of its `budget`; both in bytes."""

    def conversation_ids(self) -> Iterable[UUID]:
        """What this outlet follows."""

    def tick(self, at: float) -> None:
        """Some time has passed."""


class Hub:
    """Who can be reached from this process."""

    def __init__(self) -> None:
        self._outlets: dict[UUID, set[Outlet]] = defaultdict(set)
        self._followed: Counter[UUID] = Counter()
        self.is_draining = False

    def add(self, outlet: Outlet) -> None:
        if outlet in self._outlets[outlet.person_id]:
            return
        self._outlets[outlet.person_id].add(outlet)
        metrics.SOCKETS.inc()
        self._followed.update(list(outlet.conversation_ids()))

    def remove(self, outlet: Outlet) -> None:
        outlets = self._outlets.get(outlet.person_id)
        if outlets is None or outlet not in outlets:
            return
        outlets.discard(outlet)
        metrics.SOCKETS.dec()
        for conversation_id in outlet.conversation_ids():
            self._followed[conversation_id] -= 1
            if not self._followed[conversation_id]:
                del self._followed[conversation_id]
        if not outlets:
            del self._outlets[outlet.person_id]

    def of(self, person_id: UUID) -> tuple[Outlet, ...]:
        """A snapshot, because outlets may leave while they are offered something."""
        return tuple(self._outlets.get(person_id, ()))

    def follow(self, outlet: Outlet, conversation_id: UUID) -> None:
        """An outlet that is here follows one conversation more."""
        if outlet in self._outlets.get(outlet.person_id, ()):
            self._followed[conversation_id] += 1

    def is_followed(self, conversation_id: UUID) -> bool:
        return conversation_id in self._followed

    def people(self) -> list[UUID]:
        return list(self._outlets)

    def all(self) -> Iterator[Outlet]:
        for outlets in list(self._outlets.values()):
            yield from tuple(outlets)

    def __len__(self) -> int:
        return sum(map(len, self._outlets.values()))


hub = Hub()
