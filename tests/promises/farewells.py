"""Somebody's access ends while another keeps writing, and the one who left tries every door."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from tests.promises.device import Device, Gone
from tests.promises.houses import House
from tests.promises.rest import Answer
from tests.promises.words import words

AT_LEAST = 1.2  # seconds that the other goes on writing
AT_MOST = 6.0

PAIR_WAYS = ("a block in a pair", "the end for safety")
SIGNED_OUT_WAYS = ("a revoked device", "signing out everywhere", "a suspension")
GROUP_WAYS = (*SIGNED_OUT_WAYS, "a block in a group", "leaving", "being taken out")
ALL_WAYS = (*PAIR_WAYS, *GROUP_WAYS)


@dataclass
class Farewell:
    """What became of it: where words from after the commit turned up, and when and how the socket closed."""

    after: str
    leaked: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)
    writer_heard: set[str] = field(default_factory=set)
    closed_after: float | None = None
    close_code: int | None = None
    code_of_a_new_socket: int | None = None

    def look(self, where: str, found: object) -> None:
        if self.after in json.dumps(found, ensure_ascii=False, default=str) and where not in self.leaked:
            self.leaked.append(where)


class Scene:
    """One circle, one who writes, one who goes."""

    def __init__(self, house: House, way: str, circle: dict[str, Any]) -> None:
        self.house = house
        self.way = way
        self.circle = circle
        self.conversation: str = circle["conversation"]
        self.writer_holder, self.leaver = circle["people"][:2]
        self.result = Farewell(after=words(f"after {way}"))

    async def play(self) -> Farewell:
        self.second = await self.house.office.ask("device", person=self.leaver["person"])
        writer = self.house.device(self.writer_holder, self.conversation, at=0)
        phone = self.house.device(self.leaver, self.conversation, at=1)
        async with writer, phone:
            await writer.send(self.conversation, words("before"))
            await phone.has(self.conversation, 1)
            said = {"epoch": phone.epoch, "cursors": {self.conversation: 1}, "wait": 4, "cards": False}
            waiting = asyncio.create_task(self.house.rest(self.second, at=2).post("poll", said))
            await asyncio.sleep(0.2)
            await self._end_access(phone)
            await self._go_on(writer, phone)
            self.result.look("socket", [frame for _, frame in phone.frames])
            self.result.look("waiting poll", (await waiting).body)
        await self._come_back()
        return self.result

    async def _end_access(self, phone: Device) -> None:
        office, circle, person = self.house.office, self.circle["circle"], self.leaver["person"]
        rest = self.house.rest(self.leaver, at=3)
        match self.way:
            case "a block in a pair" | "a block in a group":
                await _done(rest.put(f"blocks/{self.writer_holder['person']}"))
            case "the end for safety":
                await office.ask("step", circle=circle, to="end", reason="safety")
            case "a revoked device":
                await office.ask("revoke", device=self.leaver["device"])
                await office.ask("revoke", device=self.second["device"])
            case "signing out everywhere":
                await _done(rest.post("sign-out-everywhere"))
            case "a suspension":
                await office.ask("suspend", person=person)
            case "leaving":
                await phone.request("leave", conversation=self.conversation)
            case "being taken out":
                await office.ask("take_out", circle=circle, person=person)

    async def _go_on(self, writer: Device, phone: Device) -> None:
        """The other writes and edits; the one who left asks at every door, over and over."""
        began = time.monotonic()
        while (passed := time.monotonic() - began) < AT_MOST:
            for said in (writer.send(self.conversation, self.result.after), self._edit(writer)):
                reply = await said
                self.result.writer_heard.add(str(reply.get("code", reply["type"])))
            await self._try_every_door(phone)
            if not phone.is_open and self.result.closed_after is None:
                self.result.closed_after, self.result.close_code = time.monotonic() - began, phone.close_codes[-1]
            if passed > AT_LEAST and (self.way not in SIGNED_OUT_WAYS or not phone.is_open):
                break
            await asyncio.sleep(0.2)

    def _edit(self, writer: Device) -> Any:
        return writer.send(self.conversation, self.result.after, kind="edit", target=1)

    async def _try_every_door(self, phone: Device) -> None:
        rest = self.house.rest(self.second, at=2)
        try:
            self.result.look("history on the socket", await phone.request("history", conversation=self.conversation))
        except Gone:
            pass
        for where, answer in [
            ("history by REST", await rest.get(f"conversations/{self.conversation}/entries")),
            ("poll", await rest.post("poll", {"wait": 0})),
        ]:
            self.result.look(where, answer.body)
            self.result.statuses.add(answer.status)

    async def _come_back(self) -> None:
        again = self.house.device(self.leaver, self.conversation, at=3)
        try:
            await again.connect()
            await asyncio.sleep(0.3)
        except Gone:
            pass
        self.result.look("a new socket", [frame for _, frame in again.frames])
        self.result.code_of_a_new_socket = again.byes[-1]["code"] if again.byes else None
        await again.drop()


async def _done(asked: Any) -> None:
    answer: Answer = await asked
    assert answer.status in {200, 201, 204}, answer


_played: dict[str, dict[str, Farewell]] = {}


async def farewells(house: House) -> dict[str, Farewell]:
    """All ways to go, all at once, once a house."""
    if house.name not in _played:
        scenes = []
        for way in ALL_WAYS:
            kind = "pair" if way in PAIR_WAYS else "peer_group"
            scenes.append(Scene(house, way, await house.office.ask("circle", kind=kind, size=4)))
        results = await asyncio.gather(*(scene.play() for scene in scenes))
        _played[house.name] = dict(zip(ALL_WAYS, results, strict=True))
    return _played[house.name]
