"""A lite device on one socket, through the real lanes and a real database."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from accounts.actions import devices, people
from accounts.models import Device, Person
from chat.actions import members
from chat.lite import Offer
from chat.models import Conversation
from chat.session import giving
from live.close_codes import CloseCode
from live.pool import read
from tests.chat.in_process import InProcess
from tests.chat.lite.device import BUDGET, BYE, CARD, ERROR, HEAD, MARKS, PAGE, PONG, SENT, UPGRADE, WELCOME, LiteSocket, cursor_of
from tests.chat.words import message, sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]

PhoneOf = Callable[[Person], Device]


@pytest.fixture
def fatimas(fatima: Person, phone_of: PhoneOf, conversation: Conversation) -> Device:
    return phone_of(fatima)


@pytest.fixture
def annemies(annemie: Person, phone_of: PhoneOf, conversation: Conversation) -> Device:
    return phone_of(annemie)


async def opened(process: InProcess, device: Device, **offer: Any) -> LiteSocket:
    socket = LiteSocket(process, device, Offer(**offer))
    await rest(process)
    return socket


async def rest(process: InProcess) -> None:
    await process.settle()
    await asyncio.sleep(giving.GATHER * 1.5)
    await process.settle()


def cheap(device: Device) -> Device:
    """The same phone, of somebody who chose low data."""
    device.person.low_data = True
    device.person.save(update_fields=["low_data"])
    return device


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
        await rest(process)

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
        await rest(process)

        assert [array[:3] for array in mine.of(SENT)] == [[SENT, 5, 1]]
        assert [array[2] for array in hers.entries()] == ["Dag!"]

    async def test_again_gets_the_same_answer(self, process: InProcess, fatimas: Device) -> None:
        mine = await opened(process, fatimas)

        for ref in (5, 6):
            mine.say([1, ref, 1, "Dag!"])
            await rest(process)

        assert [array[1:3] for array in mine.of(SENT)] == [[5, 1], [6, 1]]

    async def test_shows_ones_own_draft_on_another_device(
        self, process: InProcess, fatimas: Device, fatima: Person, phone_of: PhoneOf
    ) -> None:
        mine, tablet = await opened(process, fatimas), await opened(process, await read(phone_of, fatima))

        mine.say([1, 5, 1, "Dag!"])
        await rest(process)

        (array,) = tablet.entries()
        assert array[3] == 1
        assert isinstance(array[11], bytes)

    async def test_to_a_slot_that_is_nobodys_is_refused(self, process: InProcess, fatimas: Device) -> None:
        mine = await opened(process, fatimas)

        mine.say([44, 5, 1, "Dag!"])
        await rest(process)

        assert mine.of(ERROR) == [[ERROR, "conversation_not_found", 5]]

    async def test_before_the_welcome_is_refused(self, process: InProcess, fatimas: Device) -> None:
        mine = LiteSocket(process, fatimas, Offer())

        mine.say([1, 5, 1, "Dag!"])
        await rest(process)

        assert mine.of(ERROR) == [[ERROR, "not_resumed", 5]]


class TestMarks:
    async def test_of_ones_own_delivery_are_not_echoed(self, process: InProcess, fatimas: Device, annemies: Device) -> None:
        mine, hers = await opened(process, fatimas), await opened(process, annemies)
        mine.say([1, 5, 1, "Dag!"])
        await rest(process)

        hers.ack()
        await rest(process)

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
        await rest(process)

        assert mine.of(MARKS) == []
        assert tablet.of(MARKS) == [[MARKS, 1, 1, 1, 1]]

    async def test_of_an_author_who_has_their_own_words_are_no_news(self, process: InProcess, fatimas: Device, annemies: Device) -> None:
        mine, hers = await opened(process, fatimas), await opened(process, annemies)
        mine.say([1, 5, 1, "Dag!"])
        await rest(process)

        mine.ack()
        await rest(process)

        assert hers.of(MARKS) == []

    async def test_of_an_author_who_reads_what_others_said_are(self, process: InProcess, fatimas: Device, annemies: Device) -> None:
        mine, hers = await opened(process, fatimas), await opened(process, annemies)
        hers.say([1, 5, 1, "Dag!"])
        await rest(process)

        mine.ack()
        await rest(process)

        assert hers.of(MARKS) == [[MARKS, 1, 1, 1]]


class TestLowData:
    async def test_holds_what_comes_to_travel_together(
        self, process: InProcess, fatimas: Device, annemies: Device, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(giving, "HOLD", 0.4)
        mine, hers = await opened(process, await read(cheap, fatimas)), await opened(process, annemies)
        before = len(mine.messages)

        for number in (1, 2, 3):
            hers.say([1, number, number, f"{number}"])
            await asyncio.sleep(0.07)
        assert len(mine.messages) == before
        await asyncio.sleep(0.5)

        assert [[array[2] for array in gathered] for gathered in mine.messages[before:]] == [["1", "2", "3"]]

    async def test_sends_what_it_holds_with_the_first_answer(self, process: InProcess, fatimas: Device, annemies: Device) -> None:
        mine, hers = await opened(process, await read(cheap, fatimas)), await opened(process, annemies)
        before = len(mine.messages)
        hers.say([1, 1, 1, "Dag!"])
        await asyncio.sleep(0.1)

        mine.say([-9])
        await asyncio.sleep(0.02)

        assert [[array[0] for array in gathered] for gathered in mine.messages[before:]] == [[1, PONG]]

    async def test_lets_marks_cause_no_message_of_their_own(self, process: InProcess, fatimas: Device, annemies: Device) -> None:
        mine, hers = await opened(process, await read(cheap, fatimas)), await opened(process, annemies)
        mine.say([1, 5, 1, "Dag!"])
        await rest(process)
        before = len(mine.messages)

        hers.ack()
        await rest(process)
        assert len(mine.messages) == before
        mine.say([-9])
        await rest(process)

        assert mine.messages[before:] == [[[PONG], [MARKS, 1, 2, 1, 0]]]

    async def test_begins_on_an_open_socket_when_it_is_chosen(
        self, process: InProcess, fatimas: Device, annemies: Device, fatima: Person, clock: Clock
    ) -> None:
        mine = await opened(process, fatimas)

        await read(people.update_settings, person=fatima, by=fatima, low_data=True, now=clock())
        await rest(process)

        assert mine.session.codec.low_data


class TestTheWindow:
    async def test_counts_messages_not_frames(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        mine = await opened(process, fatimas)
        await read(sent, *(message(annemie, conversation, f"{n}") for n in range(200)), now=clock())
        await rest(process)

        for _ in range(6):
            mine.ack()
            await rest(process)

        assert [array[2] for array in mine.entries()] == [f"{n}" for n in range(200)]
        assert mine.closed is None

    async def test_says_how_far_the_log_goes_when_acks_stay_away(
        self, process: InProcess, fatimas: Device, annemies: Device, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mine, hers = await opened(process, fatimas), await opened(process, annemies)
        mine.session.feed.window = 3

        for number in range(6):
            hers.say([1, number, number, "Dag!"])
            await rest(process)

        assert len(mine.entries()) == 3
        assert mine.of(HEAD) == [[HEAD, 1, 4]]

    async def test_closes_on_an_ack_of_what_never_went_out(self, process: InProcess, fatimas: Device) -> None:
        mine = await opened(process, fatimas)

        for _ in range(3):
            mine.say([-3, 99])
        await rest(process)

        assert mine.closed == CloseCode.MALFORMED
        assert mine.of(BYE) == [[BYE, 4400, 60]]


class TestTheEnd:
    async def test_of_access_closes_it(self, process: InProcess, fatimas: Device, fatima: Person, clock: Clock) -> None:
        mine = await opened(process, fatimas)

        await read(devices.revoke, device=fatimas, by=fatima, now=clock())
        await rest(process)

        assert mine.of(BYE) == [[BYE, 4500]]
        assert mine.closed == CloseCode.SIGNED_OUT

    async def test_of_the_budget_is_said_and_closes_it(self, process: InProcess, fatimas: Device) -> None:
        mine = await opened(process, fatimas)

        mine.session.budget(80, 800_000, 1_000_000)
        mine.session.budget(100, 1_000_001, 1_000_000)

        assert mine.of(BUDGET) == [[BUDGET, 80, 800_000, 1_000_000], [BUDGET, 100, 1_000_001, 1_000_000]]
        assert mine.closed == CloseCode.BUDGET

    async def test_comes_after_three_messages_of_nonsense(self, process: InProcess, fatimas: Device) -> None:
        mine = await opened(process, fatimas)

        for _ in range(3):
            mine.session.receive(b"\xc1")
        await rest(process)

        assert mine.closed == CloseCode.MALFORMED


class TestAnOlderPage:
    async def test_is_told_that_there_is_a_newer_one(self, process: InProcess, fatimas: Device, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("chat.newest_page._version", "0a1b2c3d")

        old, new, terminal = [await opened(process, fatimas, page=page) for page in ("ffffffff", "0a1b2c3d", "")]

        assert old.of(UPGRADE) == [[UPGRADE, "0a1b2c3d"]]
        assert new.of(UPGRADE) == terminal.of(UPGRADE) == []


class TestHistory:
    async def test_comes_as_a_page(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, *(message(annemie, conversation, f"{n}") for n in range(30)), now=clock())
        mine = await opened(process, fatimas)

        mine.say([-5, 9, 1, 5, 11])
        await rest(process)

        ((_, ref, more, *entries),) = mine.of(PAGE)
        assert (ref, more) == (9, True)
        assert [entry[2] for entry in entries] == ["5", "6", "7", "8", "9"]
        assert entries[0][5] == 6


class TestWhoHasTheirOwnWords:
    """Who had everything before a line of their own has that too: both sides conclude it, nobody says it."""

    async def test_costs_nothing_when_one_comes_back(
        self, process: InProcess, fatimas: Device, annemies: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        mine, hers = await opened(process, fatimas), await opened(process, annemies)
        hers.say([1, 5, 1, "een"])
        hers.say([1, 6, 2, "twee"])
        await rest(process)
        mine.session.end()
        cursor = cursor_of(mine.arrays, s1=2)
        cursor.places[1] = cursor.places[1]._replace(marks=2)  # Annemie has her own two

        socket = await opened(process, fatimas, cursor=cursor)

        assert socket.sizes == [7]

    async def test_is_not_concluded_over_what_somebody_else_said(
        self,
        process: InProcess,
        fatimas: Device,
        annemies: Device,
        annemie: Person,
        fatima: Person,
        conversation: Conversation,
        clock: Clock,
    ) -> None:
        await read(sent, message(fatima, conversation), message(annemie, conversation), now=clock())
        mine = await opened(process, fatimas)
        assert mine.of(MARKS) == []

        hers = await opened(process, annemies)
        hers.ack()
        await rest(process)

        assert mine.of(MARKS) == [[MARKS, 1, 2, 2, 0]]
