"""After a block, an end, a revocation or a goodbye commits, nothing newer reaches that person on the lite socket nor in a POST, waiting or not."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from tests.lite.frames import Unreadable
from tests.lite.post import NotTaken
from tests.promises import houses
from tests.promises.device import Device, Gone
from tests.promises.farewells import PAIR_WAYS, Farewell, Scene
from tests.promises.houses import House
from tests.promises.lite_device import LitePhone, lite
from tests.promises.words import words

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90)]

CLOSE_CODES = {"signing out everywhere": 4500, "a suspension": 4503}
WAYS = (*PAIR_WAYS, *CLOSE_CODES, "a block in a group", "being taken out")
WITHIN = 5.0  # seconds


class LiteScene(Scene):
    """The same scene with lite phones: one on a socket, one whose POST waits, one that comes by again and again."""

    waited_for: float = 0.0

    async def play(self) -> Farewell:
        self.second = await self.house.office.ask("device", person=self.leaver["person"])
        self.visitor = lite(self.house, self.second, at=2)
        waiter = lite(self.house, self.second, at=3)
        writer = self.house.device(self.writer_holder, self.conversation, at=0)
        phone = lite(self.house, self.leaver, at=1)
        async with writer, phone:
            await writer.send(self.conversation, words("before"))
            await phone.has(self.conversation, 1)
            await asyncio.gather(waiter.visit(), self.visitor.visit())
            waiting = asyncio.create_task(self._wait(waiter))
            await asyncio.sleep(0.2)
            await self._end_access(phone)
            await self._go_on(writer, phone)
            await waiting
            self.result.look("socket", [frame for _, frame in phone.frames])
            self.result.look("waiting POST", [frame for _, frame in waiter.frames])
        await self._come_back()
        return self.result

    async def _wait(self, waiter: LitePhone) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        with suppress(NotTaken):
            await waiter.visit(wait=4)
        self.waited_for = loop.time() - began

    async def _try_every_door(self, phone: Device) -> None:
        with suppress(Gone):
            self.result.look("history on the socket", await phone.request("history", conversation=self.conversation))
        for where, commands in [("POST", []), ("history by POST", [[-5, 1, self.visitor.slot(self.conversation)]])]:
            try:
                self.result.look(where, await self.visitor.visit(*commands))
                self.result.statuses.add(200)
            except NotTaken as problem:
                self.result.statuses.add(problem.status)

    async def _come_back(self) -> None:
        for where, again in [("a new socket", lite(self.house, self.leaver, at=3)), ("a socket with a cursor", self.visitor)]:
            with suppress(Gone, Unreadable):
                await again.connect()
                await asyncio.sleep(0.3)
            self.result.look(where, [frame for _, frame in again.frames])
            self.result.code_of_a_new_socket = again.byes[-1]["code"] if again.byes else None
            await again.drop()


_played: dict[str, dict[str, tuple[LiteScene, Farewell]]] = {}


async def farewells(house: House) -> dict[str, tuple[LiteScene, Farewell]]:
    """All ways to go, all at once, once a house."""
    if house.name not in _played:
        circles = [await house.office.ask("circle", kind="pair" if way in PAIR_WAYS else "peer_group", size=4) for way in WAYS]
        scenes = [LiteScene(house, way, circle) for way, circle in zip(WAYS, circles, strict=True)]
        results = await asyncio.gather(*(scene.play() for scene in scenes))
        _played[house.name] = dict(zip(WAYS, zip(scenes, results, strict=True), strict=True))
    return _played[house.name]


class TestAfterTheCommitNothingNewerArrives:
    @pytest.mark.parametrize("way", WAYS)
    async def test_on_any_lite_path_after(self, row: House, way: str) -> None:
        scene, farewell = (await farewells(row))[way]

        assert farewell.leaked == []
        assert scene.waited_for <= WITHIN

    @pytest.mark.parametrize("way", CLOSE_CODES)
    async def test_the_lite_socket_closes_and_no_door_opens_again_after(self, row: House, way: str) -> None:
        _, farewell = (await farewells(row))[way]

        assert farewell.closed_after is not None
        assert farewell.closed_after <= WITHIN
        assert farewell.close_code == CLOSE_CODES[way]
        assert farewell.statuses <= {401, 403}
        assert farewell.code_of_a_new_socket == CLOSE_CODES[way]


class TestLowDataHidesNothing:
    async def test_what_was_held_when_somebody_is_suspended_is_from_before(self) -> None:
        house = houses.house("uvicorn", "sqlite")
        pair = await house.office.ask("circle")
        conversation, sparing = pair["conversation"], pair["people"][1]
        assert (await house.rest(sparing).ask("PATCH", "me", {"low_data": True})).status == 200
        async with lite(house, pair["people"][0]) as writer, lite(house, sparing) as phone:
            await writer.send(conversation, words("before"))
            await house.office.ask("suspend", person=sparing["person"])
            reply: dict[str, Any] = await writer.send(conversation, words("after"))
            await phone.ended(seconds=WITHIN)

            assert reply["type"] == "sent"
            assert phone.close_codes == [4503]
            assert not phone.knows(words("after"))
