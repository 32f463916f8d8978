"""A cursor is a claim, not a right: whatever it says, a phone gets what its person may see, all of it, and nothing of anybody else."""

import base64
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.lite.post import NotTaken
from tests.promises.houses import House
from tests.promises.lite_device import SUBPROTOCOL, LitePhone, lite
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = pytest.mark.delivery

AT_MOST = 2**53 - 1
SPOILT: list[Callable[[list[int]], Any]] = [
    lambda own: own + [n for slot in range(1_000, 1_100) for n in (slot, 1, 1, 1)],  # 101 conversations
    lambda own: own[:-1],
    lambda own: [*own[:2], -1, *own[3:]],
    lambda own: [*own[:2], 2.5, *own[3:]],
    lambda own: [*own[:2], "2", *own[3:]],
    lambda own: [*own[:2], 2**64 - 1, *own[3:]],
    lambda own: [],
    lambda own: {"life": own[0]},
]


def item(cursor: bytes) -> str:
    return f"c.{base64.urlsafe_b64encode(cursor).rstrip(b'=').decode()}"


def numbers(phone: LitePhone) -> list[int]:
    cursor = phone.memory.cursor()
    assert cursor is not None  # it was connected before
    read: list[int] = msgspec.msgpack.decode(cursor)
    return read


async def _somebody_who_missed_one(house: House) -> tuple[LitePhone, LitePhone, str]:
    """Two phones, neither connected: one has two messages stored of three."""
    pair = await house.office.ask("circle")
    phone, writer = lite(house, pair["people"][0]), lite(house, pair["people"][1])
    async with writer:
        async with phone:
            await writer.send(pair["conversation"], words("one"))
            await writer.send(pair["conversation"], words("two"))
            await phone.has(pair["conversation"], 2)
        await writer.send(pair["conversation"], words("three"))
    return phone, writer, pair["conversation"]


class TestACursorOfAHundredConversations:
    @pytest.mark.parametrize("number", [7, AT_MOST], ids=["small numbers", "the largest numbers"])
    async def test_is_read_on_the_socket_and_in_a_post(self, either_house: House, number: int) -> None:
        phone, writer, conversation = await _somebody_who_missed_one(either_house)
        full = msgspec.msgpack.encode(numbers(phone) + [n for slot in range(1_000, 1_099) for n in (slot, number, number, number)])

        async with await phone.connect(offers=[SUBPROTOCOL, item(full), "d.nl1"]):
            await phone.has(conversation, 3)

            assert phone.resyncs == 0
            assert phone.repeats == 0
        answer = await phone.post(msgspec.msgpack.encode([[-10, full]]))
        assert words("three").encode() in answer
        assert words("two").encode() not in answer
        await writer.visit()
        await ensure_same_list(either_house, conversation, phone, writer)


class TestACursorThatIsNone:
    async def test_starts_afresh_on_the_socket_and_is_refused_in_a_post(self, either_house: House) -> None:
        phone, writer, conversation = await _somebody_who_missed_one(either_house)
        await writer.visit()
        for resyncs, spoil in enumerate(SPOILT, start=1):
            spoilt = msgspec.msgpack.encode(spoil(numbers(phone)))

            async with await phone.connect(offers=[SUBPROTOCOL, item(spoilt), "d.nl1"]):
                await phone.has(conversation, 3)

                assert phone.resyncs == resyncs, spoilt
                await ensure_same_list(either_house, conversation, phone, writer)
            with pytest.raises(NotTaken) as problem:
                await phone.post(msgspec.msgpack.encode([[-10, spoilt]]))
            assert (problem.value.status, problem.value.said["code"]) == (400, "malformed")

    async def test_of_garbage_starts_afresh(self, either_house: House) -> None:
        phone, _, conversation = await _somebody_who_missed_one(either_house)
        for resyncs, garbage in enumerate(("c.", "c.!!!!", "c.AAAA", "c.k" + "x" * 3_000, "c.3f____8"), start=1):
            async with await phone.connect(offers=[SUBPROTOCOL, garbage, "d.nl1"]):
                await phone.has(conversation, 3)

                assert phone.resyncs == resyncs, garbage


class TestACursorOfSomebodyElse:
    async def test_brings_what_is_mine_and_writes_nothing(self, either_house: House) -> None:
        house = either_house
        theirs, their_friend, their_conversation = await _somebody_who_missed_one(house)
        mine, my_friend, conversation = await _somebody_who_missed_one(house)
        stolen = item(msgspec.msgpack.encode(numbers(theirs)))

        whose = theirs.holder["person"]
        before = (await house.office.ask("marks", conversation=their_conversation))[whose]
        async with await mine.connect(offers=[SUBPROTOCOL, stolen, "d.nl1"]):
            await mine.has(conversation, 3)
            assert mine.resyncs == 1
            assert not any(their_conversation in str(frame) for _, frame in mine.frames)
        mine.memory.life = theirs.memory.life
        await mine.write(conversation, words("whose?"))
        frames = await mine.visit()

        assert [frame["code"] for frame in frames if frame["type"] == "error"] == ["not_resumed"]
        assert await house.office.ask("last_seq", conversation=conversation) == 3
        assert (await house.office.ask("marks", conversation=their_conversation))[whose] == before
        await mine.visit()
        await my_friend.visit()
        assert not mine.drafts
        await ensure_same_list(house, conversation, mine, my_friend)
        await their_friend.visit()
        assert their_friend.bodies(their_conversation) == [words("one"), words("two"), words("three")]
