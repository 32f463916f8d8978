"""What one server process runs beside its sockets."""

import asyncio
from collections.abc import Callable

import pytest
from pytest_django import Settings

from accounts.models import Device, Person
from chat import engine as engines
from chat import hints
from chat.actions.marks import Progress
from chat.drafts import Refused, Sent
from chat.models import Conversation, ConversationMember
from chat.reading import Range
from core.errors import TryAgain
from live.close_codes import CloseCode
from live.pool import read
from tests.chat.in_process import InProcess
from tests.chat.words import message, sent, seqs
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]


class TestRestViews:
    """They wait in a thread for what the lanes did."""

    async def test_get_their_outcome(self, process: InProcess, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        first = await asyncio.to_thread(process.engine.wait_for_draft, message(fatima, conversation))
        second = await asyncio.to_thread(process.engine.wait_for_draft, message(fatima, conversation, " "))

        assert isinstance(first, Sent) and first.seq == 1
        assert isinstance(second, Refused) and second.code == "body_empty"

    async def test_reach_open_sockets(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)

        await asyncio.to_thread(process.engine.wait_for_draft, message(annemie, conversation))
        await process.settle()

        assert socket.seqs(conversation.id) == [1]

    async def test_mark(self, process: InProcess, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        await read(sent, message(fatima, conversation), now=clock())

        await asyncio.to_thread(process.engine.wait_for_mark, Progress(annemie.id, conversation.id, read=1))

        assert (await read(ConversationMember.objects.of(annemie.id).get)).read_seq == 1

    async def test_are_asked_to_try_again_when_it_takes_too_long(
        self, process: InProcess, fatima: Person, conversation: Conversation, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engines, "ANSWER_SECONDS", 0.01)
        monkeypatch.setattr(process.engine.drafts, "submit", lambda *_: None)

        with pytest.raises(TryAgain):
            await asyncio.to_thread(process.engine.wait_for_draft, message(fatima, conversation))


class TestHints:
    async def test_of_other_processes_bring_their_entries(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)
        with process.deaf():
            await read(sent, *(message(annemie, conversation) for _ in range(3)), now=clock())

        process.engine._heard(hints.to_wire(hints.Hints(ranges=[Range(conversation.id, 1, 3)])))
        await process.settle()

        assert socket.seqs(conversation.id) == [1, 2, 3]

    async def test_may_come_in_any_order_twice_or_not_at_all(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)
        with process.deaf():
            await read(sent, *(message(annemie, conversation) for _ in range(6)), now=clock())

        for seq in (5, 2, 2, 6, 5):
            process.engine._heard(hints.to_wire(hints.Hints(ranges=[Range(conversation.id, seq, seq)])))
            await process.settle()

        assert socket.seqs(conversation.id) == [1, 2, 3, 4, 5, 6]

    async def test_of_lines_that_are_not_there_bring_nothing(self, process: InProcess, fatimas: Device, conversation: Conversation) -> None:
        socket = await process.resumed(fatimas)

        process.engine._heard(hints.to_wire(hints.Hints(ranges=[Range(conversation.id, 1, 50)])))
        await process.settle()

        assert socket.of_type("entries") == []


class TestDrain:
    async def test_tells_every_socket_to_come_back(
        self, process: InProcess, fatimas: Device, annemie: Person, phone_of: Callable[[Person], Device], settings: Settings
    ) -> None:
        settings.MAATJE_DRAIN_LEAD = 0
        sockets = [await process.resumed(fatimas), process.connect(await read(phone_of, annemie))]

        await process.engine.drain(seconds=2)

        assert [socket.closed for socket in sockets] == [CloseCode.RESTART] * 2
        assert [socket.frames[-1]["type"] for socket in sockets] == ["bye"] * 2
        assert all(0 <= socket.frames[-1]["retry_after"] <= 30 for socket in sockets)

    async def test_commits_what_was_taken_in(
        self, process: InProcess, fatimas: Device, fatima: Person, conversation: Conversation, clock: Clock, settings: Settings
    ) -> None:
        settings.MAATJE_DRAIN_LEAD = 0
        answers: list[object] = []
        for _ in range(50):
            process.engine.submit(message(fatima, conversation), answers.append)

        await process.engine.drain(seconds=5)

        assert await read(seqs, conversation) == list(range(1, 51))
        assert [answer.seq for answer in answers if isinstance(answer, Sent)] == list(range(1, 51))

    async def test_takes_nothing_more_in(self, process: InProcess, fatima: Person, conversation: Conversation, settings: Settings) -> None:
        settings.MAATJE_DRAIN_LEAD = 0
        await process.engine.drain(seconds=2)
        answers: list[object] = []

        process.engine.submit(message(fatima, conversation), answers.append)
        await asyncio.sleep(0.05)

        assert isinstance(answers[0], TryAgain)


class TestTheEngine:
    async def test_is_one_per_process(self, process: InProcess) -> None:
        assert engines.engine() is process.engine is engines.running_engine()

    async def test_is_gone_once_it_is_stopped(self, process: InProcess) -> None:
        await engines.stop_engine()

        assert engines.running_engine() is None
