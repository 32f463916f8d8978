"""Where the stories take place: the people, their phones and rooms, a server process and others beside it."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from accounts.models import Person, Role
from chat import hints
from chat.models import Conversation
from core.models import Log
from programmes.models import CircleKind
from tests.chat.in_process import InProcess
from tests.chat.lite.phones import LitePhone
from tests.chat.model import Draft, Model, Room, Stay
from tests.chat.phones import Phone
from tests.conftest import Clock
from tests.factories import make_circle, make_device, make_person

FIRST = datetime.fromisoformat("2026-03-02T09:30:00+00:00")
WORDS = st.sampled_from(["Dag!", "Hoe gaat het?", "مرحبا", "😀", "Merci\nbeaucoup", '"ja"'])
MEETING = "2027-01-10T14:00"
clock = Clock(FIRST)

people_ = st.integers(0, 4)
rooms_ = st.sampled_from(["group", "pair"])
kinds_ = st.sampled_from(["send", "send", "edit", "retract", "meeting"])


class Scene(RuleBasedStateMachine):
    """People with phones in a pair and in a group, a server process, other processes."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)  # what sessions begin between two rules belongs to it
        self.held: list[dict[str, Any]] = []
        self.past_drafts: list[Draft] = []
        self.delivered: dict[int, tuple[int, int]] = {}
        self.backup: tuple[Model, list[Any]] | None = None
        self.cutoffs: list[tuple[Phone, dict[UUID, int]]] = []

    # Setting the scene.

    @initialize()
    def scene(self) -> None:
        clock.at = FIRST
        Log.objects.get_or_create(id=1)
        roles = [Role.PARTICIPANT, Role.BUDDY, Role.PARTICIPANT, Role.PARTICIPANT, Role.PARTICIPANT]
        self.people: list[Person] = [make_person(role=role, now=clock()) for role in roles]
        staff: dict[str, Any] = {
            "coordinator": make_person(role=Role.COORDINATOR, now=clock()),
            "deputy": make_person(role=Role.COORDINATOR, now=clock()),
        }
        pair = make_circle(people=self.people[:2], now=clock(), **staff)
        group = make_circle(kind=CircleKind.PEER_GROUP, people=[self.people[0], *self.people[2:4]], now=clock(), **staff)
        self.rooms = {"pair": self._room(pair.conversation), "group": self._room(group.conversation)}
        self.model = Model({room.id: room for room in self.rooms.values()})
        self.process = self.run(self._start())
        owners = [*self.people, self.people[0]]
        self.phones = [self._phone(place, person) for place, person in enumerate(owners)]
        for phone in self.phones[:4]:
            phone.connect(self.process)
        self.settle()

    def _phone(self, place: int, person: Person) -> Phone:
        """Half of them speak JSON, half lite: the log is the same."""
        kind = LitePhone if place % 2 else Phone
        return kind(make_device(person=person, now=clock())[0])

    def _room(self, conversation: Conversation) -> Room:
        stays = [Stay(m.person_id, m.number, m.joined_seq) for m in conversation.members.order_by("number")]
        return Room(conversation.id, conversation.is_pair, stays)

    async def _start(self) -> InProcess:
        return InProcess()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def settle(self) -> None:
        self.run(self.process.settle())

    def room(self, name: str) -> Room:
        return self.model.rooms[self.rooms[name].id]

    def commit_elsewhere(self, what: Callable[[], Any], *, hint: str) -> Any:
        """Another process commits: its hint comes at once, later (in any order, more than once), or never."""
        heard: list[hints.Hints] = []
        hints.listen(heard.append)
        with self.process.deaf():
            result = what()
        hints.stop_listening(heard.append)
        wired = [hints.to_wire(one) for one in heard]
        if hint == "now":
            self.run(self._hear(wired))
        elif hint == "later":
            self.held += wired
        return result

    async def _hear(self, wired: list[dict[str, Any]]) -> None:
        for one in wired:
            self.process.engine._heard(one)
        await self.process.settle()

    def _page_back(self, phone: Phone, conversation: UUID, limit: int) -> None:
        known = phone.lines.get(conversation)
        if phone.is_connected and known:
            phone.say("history", conversation=conversation, before=min(known), limit=limit)
            self.settle()
