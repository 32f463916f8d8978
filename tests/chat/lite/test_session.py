"""A lite device on one socket, through the real lanes and a real database."""

import pytest

from accounts.models import Device, Person
from chat.actions import members
from chat.lite import Offer
from chat.models import Conversation
from live.pool import read
from tests.chat.conftest import PhoneOf
from tests.chat.in_process import InProcess
from tests.chat.lite.device import CARD, ERROR, MARKS, PAGE, SENT, WELCOME, LiteSocket, cursor_of, opened
from tests.chat.words import message, sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]


class TestANewDevice:
    async def test_gets_welcome_cards_and_the_newest_entries_in_one_message(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, *(message(annemie, conversation, f"{n}") for n in range(30)), now=clock())

        socket = await opened(process, fatimas)

        assert len(socket.messages) == 1
        assert [array[0] for array in socket.arrays[:2]] == [WELCOME, CARD]
        assert [array[2] for array in socket.entries()] == [f"{n}" for n in range(10, 30)]
        assert socket.entries()[0][5] == 11
        assert {len(array) for array in socket.entries()[1:]} == {3}


class TestADeviceThatComesBack:
    async def test_with_nothing_new_costs_seven_bytes(self, process: InProcess, fatimas: Device) -> None:
        first = await opened(process, fatimas)
        first.session.end()

        socket = await opened(process, fatimas, cursor=cursor_of(first.arrays))

        assert socket.sizes == [7]

    async def test_gets_what_it_missed_and_nothing_else(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        first = await opened(process, fatimas)
        first.session.end()
        await read(sent, message(annemie, conversation, "een"), message(annemie, conversation, "twee"), now=clock())

        socket = await opened(process, fatimas, cursor=cursor_of(first.arrays))

        assert [len(array) for array in socket.of(WELCOME)] == [2]
        assert [array[2] for array in socket.entries()] == ["een", "twee"]
        assert socket.of(CARD) == []
        assert len(socket.messages) == 1

    async def test_hears_of_marks_that_rose_meanwhile(
        self, process: InProcess, fatimas: Device, annemies: Device, fatima: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, message(fatima, conversation), now=clock())
        first = await opened(process, fatimas)
        first.session.end()
        hers = await opened(process, annemies)
        hers.ack()
        await process.settle()

        socket = await opened(process, fatimas, cursor=cursor_of(first.arrays))

        assert socket.of(MARKS) == [[MARKS, 1, 2, 1, 0]]
        assert socket.of(CARD) == []

    async def test_hears_of_a_card_that_changed(
        self, process: InProcess, fatimas: Device, fatima: Person, conversation: Conversation, clock: Clock
    ) -> None:
        first = await opened(process, fatimas)
        first.session.end()
        await read(members.mute, by_id=fatima.id, conversation_id=conversation.id, until=clock(), now=clock())

        socket = await opened(process, fatimas, cursor=cursor_of(first.arrays))

        assert [(array[1], array[2]) for array in socket.of(CARD)] == [(1, None)]

    async def test_from_the_future_starts_afresh(self, process: InProcess, fatimas: Device) -> None:
        first = await opened(process, fatimas)
        first.session.end()

        socket = await opened(process, fatimas, cursor=cursor_of(first.arrays, s1=9_000))

        assert [len(array) for array in socket.of(WELCOME)] == [5]

    async def test_with_the_cursor_of_another_device_starts_afresh(self, process: InProcess, fatimas: Device, annemies: Device) -> None:
        first = await opened(process, fatimas)

        socket = await opened(process, annemies, cursor=cursor_of(first.arrays))

        assert [len(array) for array in socket.of(WELCOME)] == [5]

    async def test_makes_what_it_stored_delivered(
        self, process: InProcess, fatimas: Device, annemies: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, message(annemie, conversation), now=clock())
        first = await opened(process, fatimas)
        first.session.end()
        hers = await opened(process, annemies)

        await opened(process, fatimas, cursor=cursor_of(first.arrays))

        assert hers.of(MARKS)[-1][:4] == [MARKS, 1, 1, 1]


class TestSending:
    async def test_is_answered_and_heard_by_the_other(self, process: InProcess, fatimas: Device, annemies: Device) -> None:
        mine, hers = await opened(process, fatimas), await opened(process, annemies)

        mine.say([1, 5, 1, "Dag!"])
        await process.settle()

        assert [array[:3] for array in mine.of(SENT)] == [[SENT, 5, 1]]
        assert [array[2] for array in hers.entries()] == ["Dag!"]

    async def test_again_gets_the_same_answer(self, process: InProcess, fatimas: Device) -> None:
        mine = await opened(process, fatimas)

        for ref in (5, 6):
            mine.say([1, ref, 1, "Dag!"])
            await process.settle()

        assert [array[1:3] for array in mine.of(SENT)] == [[5, 1], [6, 1]]

    async def test_shows_ones_own_draft_on_another_device(
        self, process: InProcess, fatimas: Device, fatima: Person, phone_of: PhoneOf
    ) -> None:
        mine, tablet = await opened(process, fatimas), await opened(process, await read(phone_of, fatima))

        mine.say([1, 5, 1, "Dag!"])
        await process.settle()

        (array,) = tablet.entries()
        assert array[3] == 1
        assert isinstance(array[11], bytes)

    async def test_to_a_slot_that_is_nobodys_is_refused(self, process: InProcess, fatimas: Device) -> None:
        mine = await opened(process, fatimas)

        mine.say([44, 5, 1, "Dag!"])
        await process.settle()

        assert mine.of(ERROR) == [[ERROR, "conversation_not_found", 5]]

    async def test_before_the_welcome_is_refused(self, process: InProcess, fatimas: Device) -> None:
        mine = LiteSocket(process, fatimas, Offer())

        mine.say([1, 5, 1, "Dag!"])
        await process.settle()

        assert mine.of(ERROR) == [[ERROR, "not_resumed", 5]]


class TestMarks:
    async def test_of_ones_own_delivery_are_not_echoed(self, process: InProcess, fatimas: Device, annemies: Device) -> None:
        mine, hers = await opened(process, fatimas), await opened(process, annemies)
        mine.say([1, 5, 1, "Dag!"])
        await process.settle()

        hers.ack()
        await process.settle()

        assert mine.of(MARKS) == [[MARKS, 1, 2, 1, 0]]
        assert hers.of(MARKS) == []

    async def test_of_ones_own_reading_are_heard_on_the_other_device_alone(
        self,
        process: InProcess,
        fatimas: Device,
        fatima: Person,
        annemie: Person,
        conversation: Conversation,
        phone_of: PhoneOf,
        clock: Clock,
    ) -> None:
        await read(sent, message(annemie, conversation), now=clock())
        mine, tablet = await opened(process, fatimas), await opened(process, await read(phone_of, fatima))

        mine.say([-4, 1, 1])
        await process.settle()

        assert mine.of(MARKS) == []
        assert tablet.of(MARKS) == [[MARKS, 1, 1, 1, 1]]

    async def test_of_an_author_who_has_their_own_words_are_no_news(self, process: InProcess, fatimas: Device, annemies: Device) -> None:
        mine, hers = await opened(process, fatimas), await opened(process, annemies)
        mine.say([1, 5, 1, "Dag!"])
        await process.settle()

        mine.ack()
        await process.settle()

        assert hers.of(MARKS) == []

    async def test_of_an_author_who_reads_what_others_said_are(self, process: InProcess, fatimas: Device, annemies: Device) -> None:
        mine, hers = await opened(process, fatimas), await opened(process, annemies)
        hers.say([1, 5, 1, "Dag!"])
        await process.settle()

        mine.ack()
        await process.settle()

        assert hers.of(MARKS) == [[MARKS, 1, 1, 1]]


class TestHistory:
    async def test_comes_as_a_page(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, *(message(annemie, conversation, f"{n}") for n in range(30)), now=clock())
        mine = await opened(process, fatimas)

        mine.say([-5, 9, 1, 5, 11])
        await process.settle()

        ((_, ref, more, *entries),) = mine.of(PAGE)
        assert (ref, more) == (9, True)
        assert [entry[2] for entry in entries] == ["5", "6", "7", "8", "9"]
        assert entries[0][5] == 6
