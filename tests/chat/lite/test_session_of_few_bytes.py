"""What lite keeps small: low data, the window of what is not acked, and people with words of their own."""

from functools import partial

import pytest

from accounts.actions import people
from accounts.models import Device, Person
from chat.models import Conversation
from chat.session import giving
from live.close_codes import CloseCode
from live.pool import read
from tests.chat.in_process import InProcess
from tests.chat.lite.device import BYE, HEAD, MARKS, PONG, LiteSocket, cheap, cursor_of, opened, until
from tests.chat.words import message, sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]


def given(socket: LiteSocket, conversation: Conversation, seq: int) -> bool:
    return socket.session.feed.tracks[conversation.id].given >= seq


class TestLowData:
    async def test_holds_what_comes_to_travel_together(
        self, process: InProcess, fatimas: Device, annemies: Device, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(giving, "HOLD", 60)
        mine, hers = await opened(process, await read(cheap, fatimas)), await opened(process, annemies)
        before = len(mine.messages)

        for number in (1, 2, 3):
            hers.say([1, number, number, f"{number}"])
            await until(partial(given, mine, conversation, number))
        assert len(mine.messages) == before
        mine.session.flush()

        assert [[array[2] for array in gathered] for gathered in mine.messages[before:]] == [["1", "2", "3"]]

    async def test_holds_nothing_for_longer_than_that(
        self, process: InProcess, fatimas: Device, annemies: Device, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(giving, "HOLD", 0.2)
        mine, hers = await opened(process, await read(cheap, fatimas)), await opened(process, annemies)
        before = len(mine.messages)

        hers.say([1, 1, 1, "Dag!"])
        await until(lambda: len(mine.messages) > before)

        assert [array[2] for array in mine.messages[-1]] == ["Dag!"]

    async def test_sends_what_it_holds_with_the_first_answer(
        self, process: InProcess, fatimas: Device, annemies: Device, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(giving, "HOLD", 60)
        mine, hers = await opened(process, await read(cheap, fatimas)), await opened(process, annemies)
        before = len(mine.messages)
        hers.say([1, 1, 1, "Dag!"])
        await until(lambda: mine.session.is_gathering)

        mine.say([-9])
        await until(lambda: len(mine.messages) > before)

        assert [[array[0] for array in gathered] for gathered in mine.messages[before:]] == [[1, PONG]]

    async def test_lets_marks_cause_no_message_of_their_own(self, process: InProcess, fatimas: Device, annemies: Device) -> None:
        mine, hers = await opened(process, await read(cheap, fatimas)), await opened(process, annemies)
        mine.say([1, 5, 1, "Dag!"])
        await process.settle()
        before = len(mine.messages)

        hers.ack()
        await process.settle()
        assert len(mine.messages) == before
        mine.say([-9])
        await process.settle()

        assert mine.messages[before:] == [[[PONG], [MARKS, 1, 2, 1, 0]]]

    async def test_begins_on_an_open_socket_when_it_is_chosen(
        self, process: InProcess, fatimas: Device, annemies: Device, fatima: Person, clock: Clock
    ) -> None:
        mine = await opened(process, fatimas)

        await read(people.update_settings, person=fatima, by=fatima, low_data=True, now=clock())
        await process.settle()

        assert mine.session.codec.low_data


class TestTheWindow:
    async def test_counts_messages_not_frames(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        mine = await opened(process, fatimas)
        await read(sent, *(message(annemie, conversation, f"{n}") for n in range(200)), now=clock())
        await process.settle()

        for _ in range(6):
            mine.ack()
            await process.settle()

        assert [array[2] for array in mine.entries()] == [f"{n}" for n in range(200)]
        assert mine.closed is None

    async def test_says_how_far_the_log_goes_when_acks_stay_away(
        self, process: InProcess, fatimas: Device, annemies: Device, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mine, hers = await opened(process, fatimas), await opened(process, annemies)
        mine.session.feed.window = 3

        for number in range(6):
            hers.say([1, number, number, "Dag!"])
            await process.settle()

        assert len(mine.entries()) == 3
        assert mine.of(HEAD) == [[HEAD, 1, 4]]

    async def test_closes_on_an_ack_of_what_never_went_out(self, process: InProcess, fatimas: Device) -> None:
        mine = await opened(process, fatimas)

        for _ in range(3):
            mine.say([-3, 99])
        await process.settle()

        assert mine.closed == CloseCode.MALFORMED
        assert mine.of(BYE) == [[BYE, 4400, 60]]


class TestWhoHasTheirOwnWords:
    """Who had everything before a line of their own has that too: both sides conclude it, nobody says it."""

    async def test_costs_nothing_when_one_comes_back(
        self, process: InProcess, fatimas: Device, annemies: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        mine, hers = await opened(process, fatimas), await opened(process, annemies)
        hers.say([1, 5, 1, "een"])
        hers.say([1, 6, 2, "twee"])
        await process.settle()
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
        await process.settle()

        assert mine.of(MARKS) == [[MARKS, 1, 2, 2, 0]]
