"""Live a written day with many phones at once, through real sockets."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from phone.backoff import Backoff
from phone.client import Client, Keeps
from phone.happenings import Happening, Online
from phone.kept import Kept
from phone.outbox import Draft
from phone.script import Step

PATIENCE = 60.0


class WentWrong(Exception):
    """The day did not go as written; the message says where."""


@dataclass(frozen=True, slots=True)
class Tally:
    """`sent`: entries times the people they were for. `delivered`: how many of those were found on a phone, and marked."""

    entries: int
    sent: int
    delivered: int


@dataclass(slots=True)
class Actor:
    """One person with their phone, in their first conversation."""

    name: str
    client: Client
    said: dict[str, Draft] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)

    @property
    def here(self) -> UUID:
        listed = self.client.kept.in_order()
        if not listed:
            raise WentWrong(f"{self.name} has no conversation. Is the circle introduced?")
        return listed[0].id


class Day:
    """Everybody who lives it. `tell` hears one line per event."""

    def __init__(self, phones: Mapping[str, tuple[Kept, Keeps]], *, tell: Callable[[str], None]) -> None:
        self._stir = asyncio.Event()
        self._tell = tell
        self.actors = {
            name: Actor(name, Client(kept, keeps=keeps, listen=self._heard, backoff=Backoff(chance=lambda: 0.1)))
            for name, (kept, keeps) in phones.items()
        }

    def _heard(self, happening: Happening) -> None:
        self._stir.set()

    async def live(self, steps: Sequence[Step], *, speed: float) -> Tally:
        """Do every step at its time; then wait until everybody has everything. :raises WentWrong:"""
        strangers = {step.who for step in steps} - self.actors.keys()
        if strangers:
            raise WentWrong(f"{', '.join(sorted(strangers))}: nobody here has that name")
        running = [asyncio.create_task(actor.client.run()) for actor in self.actors.values()]
        try:
            await self._until(self._all_are_online, "not everybody could connect")
            began = asyncio.get_running_loop().time()
            for step in steps:
                due = began + (step.minute - steps[0].minute) * 60 / speed
                await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
                await self._do(step)
            with contextlib.suppress(WentWrong):  # the tally says what is missing
                await self._until(lambda: self.tally().sent == self.tally().delivered, "")
            return self.tally()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _all_are_online(self) -> bool:
        return all(isinstance(a.client.link, Online) and a.client.kept.in_order() for a in self.actors.values())

    async def _do(self, step: Step) -> None:
        actor = self.actors[step.who]
        client = actor.client
        match step.deed:
            case "say":
                actor.said[step.name] = self._drafted(actor, client.write(actor.here, step.say))
                self._line(step, step.say)
            case "edit":
                target = await self._place(actor, step.edit)
                self._drafted(actor, client.edit(actor.here, target, step.say))
                self._line(step, f"(edits) {step.say}")
            case "retract":
                self._drafted(actor, client.retract(actor.here, await self._place(actor, step.retract)))
                self._line(step, "(takes that back)")
            case "read":
                client.see(actor.here)
                self._line(step, "(reads)")
            case "offline":
                client.go_away()
                self._line(step, "(loses the network)")
            case "online":
                waiting = len(client.kept.outbox.drafts)
                client.come_back()
                self._line(step, f"(is back; {waiting} waiting)")

    def _drafted(self, actor: Actor, draft: Draft) -> Draft:
        actor.drafts.append(draft)
        return draft

    def _line(self, step: Step, text: str) -> None:
        self._tell(f"{step.at}  {step.who:<8} {text}")

    async def _place(self, actor: Actor, name: str) -> int:
        """Where in the log something that was said ended up."""
        draft = actor.said[name]
        await self._until(lambda: draft.seq is not None, f"{actor.name}: {name} was not answered")
        return draft.seq or 0

    async def _until(self, is_so: Callable[[], bool], otherwise: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not is_so():
                    self._stir.clear()
                    await self._stir.wait()
        except TimeoutError:
            raise WentWrong(otherwise) from None

    # What came of it.

    def tally(self) -> Tally:
        due = [(actor, draft, other) for actor in self.actors.values() for draft in actor.drafts for other in self._others(actor)]
        delivered = sum(draft.seq is not None and _has(actor, other, draft.seq) for actor, draft, other in due)
        return Tally(sum(len(actor.drafts) for actor in self.actors.values()), len(due), delivered)

    def _others(self, actor: Actor) -> Iterator[Actor]:
        """Those of the day who are in the same conversation."""
        persons = {member.person for member in actor.client.kept.conversation(actor.here).others}
        return (other for other in self.actors.values() if other.client.kept.person.id in persons)


def _has(actor: Actor, other: Actor, seq: int) -> bool:
    """Whether what `actor` said is on the phone of `other`, and marked so on the phone of `actor`."""
    mine = actor.client.kept.conversation(actor.here)
    entry = other.client.kept.conversation(actor.here).log.at(seq)
    marks = [member.delivered_seq for member in mine.others if member.person == other.client.kept.person.id]
    return entry is not None and entry.author == mine.you and all(mark >= seq for mark in marks)
