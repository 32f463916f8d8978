"""One message per draft, whether it is said in JSON, on the lite socket, in a POST or by REST, squeezed or not."""

import asyncio
from itertools import permutations
from typing import Any

import pytest

from tests.promises.device import Device
from tests.promises.houses import House
from tests.promises.lite_device import LitePhone, lite
from tests.promises.logs import log_of
from tests.promises.notebook import Draft
from tests.promises.words import words

pytestmark = [pytest.mark.delivery, pytest.mark.busy]

DOORS = ("socket", "post", "json", "rest")
ORDERS = list(permutations(DOORS))[::2]  # a device has a turn sixty times at once


class Doors:
    """Every way to say something as one person: lite with one device, JSON with another, which share neither turns nor numbers."""

    def __init__(self, house: House, holder: dict[str, Any], conversation: str) -> None:
        second = house.office.ask_now("device", person=holder["person"])
        self.conversation = conversation
        self.socket = lite(house, holder)
        self.visitor = lite(house, holder, books=())
        self.json: Device = house.device(second, conversation)
        self.rest = house.rest(second)

    async def __aenter__(self) -> "Doors":
        await asyncio.gather(self.socket.connect(), self.json.connect(), self.visitor.visit())
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(self.socket.hang_up(), self.json.hang_up())

    def draft(self, text: str, **more: Any) -> Draft:
        number = self.socket.memory.next_draft()
        return Draft(self.conversation, words(text), draft_id=str(self.socket.memory.draft(number)), **more)

    async def say(self, door: str, draft: Draft) -> tuple[str, int]:
        """What was answered, with the seq if it was `sent`."""
        match door:
            case "socket":
                reply = await self.socket.repeat(draft)
            case "json":
                reply = await self.json.repeat(draft)
            case "post":
                reply = await posted(self.visitor, draft)
            case _:
                answer = await self.rest.post(
                    f"conversations/{draft.conversation}/entries", {"draft_id": draft.draft_id, "body": draft.body}
                )
                reply = {"type": "sent", **answer.body} if answer.status == 201 else {"type": "error", **answer.body}
        return str(reply.get("code", reply["type"])), int(reply.get("seq", 0))


async def posted(visitor: LitePhone, draft: Draft) -> dict[str, Any]:
    """The reply that a POST brings for one draft."""
    alone = LitePhone(visitor.url, visitor.holder, books=visitor.books)
    alone.memory, alone.epoch = visitor.memory, visitor.epoch
    alone.drafts[draft.draft_id] = draft
    frames = await alone.visit()
    return next(frame for frame in frames if frame["type"] in {"sent", "error"})


class TestOneMessagePerDraft:
    async def test_in_any_order_of_doors(self, either_house: House) -> None:
        house = either_house
        pair = await house.office.ask("circle")
        async with Doors(house, pair["people"][0], pair["conversation"]) as doors:
            for number, order in enumerate(ORDERS, start=1):
                draft = doors.draft(f"{number}: {' '.join(order)}")

                answers = {await doors.say(door, draft) for door in order}

                assert answers == {("sent", number)}, order
            assert len(await log_of(house, pair["conversation"])) == number

    async def test_at_all_doors_at_once(self, house: House) -> None:
        pair = await house.office.ask("circle")
        async with Doors(house, pair["people"][0], pair["conversation"]) as doors:
            draft = doors.draft("all at once")
            answers = await asyncio.gather(*(doors.say(door, draft) for door in ("socket", "json", "rest") * 5), doors.say("post", draft))

            assert set(answers) == {("sent", 1)}
            assert [line["draft_id"] for line in await log_of(house, pair["conversation"])] == [draft.draft_id]

    async def test_whose_reply_was_lost_is_found_by_a_post(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        async with lite(house, pair["people"][0]) as phone, lite(house, pair["people"][1]) as peer:
            assert phone.socket is not None  # it is connected
            phone.socket.transport.pause_reading()
            draft = await phone.write(conversation, words("the reply never came"))
            await peer.has(conversation, 1)
            await phone.drop()
            assert not phone.answers[draft.draft_id]

            await phone.visit()

            assert [reply["seq"] for reply in phone.answers[draft.draft_id]] == [1]
            assert not phone.drafts
            assert phone.bodies(conversation) == [draft.body]
            assert len(await log_of(house, conversation)) == 1


class TestDraftReused:
    async def test_for_other_words_is_refused_at_every_door(self, house: House) -> None:
        pair = await house.office.ask("circle")
        async with Doors(house, pair["people"][0], pair["conversation"]) as doors:
            first = doors.draft("what was said")
            await doors.say("post", first)
            other = Draft(first.conversation, words("something else"), draft_id=first.draft_id)
            retract = Draft(first.conversation, None, kind="retract", target=1, draft_id=first.draft_id)

            answers = [await doors.say(door, other) for door in DOORS]
            answers += [await doors.say(door, retract) for door in ("socket", "post")]

            assert set(answers) == {("draft_reused", 0)}
            assert len(await log_of(house, pair["conversation"])) == 1

    async def test_the_number_of_another_device_is_another_draft(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        async with lite(house, pair["people"][0]) as one, lite(house, pair["people"][1]) as two:
            one.memory.drafts = two.memory.drafts = 0

            await one.send(conversation, words("my first"))
            await two.send(conversation, words("my first"))

            assert [line["author"] for line in await log_of(house, conversation)] == [1, 2]
