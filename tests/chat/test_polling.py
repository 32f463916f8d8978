"""Long poll, as an ASGI server would call it."""

import asyncio
import json
from typing import Any

import pytest

from accounts.actions import devices
from accounts.models import Person
from chat.models import Conversation, ConversationMember
from chat.polling import MOST_WAITING, poll
from core.models import Log
from live.pool import read
from tests.chat.in_process import InProcess
from tests.chat.words import message, sent
from tests.conftest import Clock
from tests.factories import make_device

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]

Answer = tuple[int, dict[str, Any]]


@pytest.fixture
def token(annemie: Person, conversation: Conversation, clock: Clock) -> str:
    return make_device(person=annemie, now=clock())[1]


class Poller:
    """One HTTP request; `hang_up` ends it from the device's side."""

    def __init__(self, token: str | None, body: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> None:
        self.hung_up = asyncio.Event()
        self.answer: list[dict[str, Any]] = []
        self._body = [
            {"type": "http.request", "body": body[at : at + 4_000], "more_body": at + 4_000 < len(body)}
            for at in range(0, len(body) or 1, 4_000)
        ]
        bearer = [(b"authorization", f"Bearer {token}".encode())] if token else []
        self._scope = {
            "type": "http",
            "headers": [(b"content-type", b"application/json"), (b"host", b"localhost"), *bearer, *(headers or [])],
        }

    async def _receive(self) -> dict[str, Any]:
        if self._body:
            return self._body.pop(0)
        await self.hung_up.wait()
        return {"type": "http.disconnect"}

    async def _send(self, part: dict[str, Any]) -> None:
        self.answer.append(part)

    async def __call__(self) -> Answer:
        await poll(self._scope, self._receive, self._send)
        return self.answer[0]["status"], json.loads(self.answer[1]["body"])


async def ask(token: str | None, **fields: Any) -> Answer:
    return await Poller(token, json.dumps(fields, default=str).encode())()


def seqs(answer: Answer) -> list[int]:
    return [entry["seq"] for news in answer[1].get("news", []) for entry in news["entries"]]


class TestPoll:
    async def test_gives_what_was_missed(
        self, process: InProcess, token: str, fatima: Person, conversation: Conversation, log: Log, clock: Clock
    ) -> None:
        await read(sent, *(message(fatima, conversation) for _ in range(3)), now=clock())

        answer = await ask(token, epoch=log.epoch, cursors={str(conversation.id): 1}, cards=False)

        assert (answer[0], seqs(answer)) == (200, [2, 3])

    async def test_does_not_wait_when_it_is_not_asked_to(
        self, process: InProcess, token: str, conversation: Conversation, log: Log
    ) -> None:
        async with asyncio.timeout(5):
            answer = await ask(token, epoch=log.epoch, cursors={str(conversation.id): 0}, cards=False)

        assert (answer[0], answer[1]["news"]) == (200, [])

    async def test_waits_until_something_is_said(
        self, process: InProcess, token: str, fatima: Person, conversation: Conversation, log: Log, clock: Clock
    ) -> None:
        waiting = asyncio.ensure_future(ask(token, epoch=log.epoch, cursors={str(conversation.id): 0}, cards=False, wait=20))
        await asyncio.sleep(0.1)
        assert not waiting.done()

        await read(sent, message(fatima, conversation), now=clock())
        async with asyncio.timeout(5):
            answer = await waiting

        assert seqs(answer) == [1]
        assert len(process.hub) == 0

    async def test_ends_when_the_device_hangs_up(self, process: InProcess, token: str, conversation: Conversation, log: Log) -> None:
        body = json.dumps({"epoch": str(log.epoch), "cursors": {str(conversation.id): 0}, "cards": False, "wait": 50}).encode()
        poller = Poller(token, body)
        waiting = asyncio.ensure_future(poller())
        await asyncio.sleep(0.1)

        poller.hung_up.set()
        async with asyncio.timeout(5):
            await waiting

        assert len(process.hub) == 0

    async def test_says_that_what_came_before_the_cursor_is_delivered(
        self, process: InProcess, token: str, fatima: Person, annemie: Person, conversation: Conversation, log: Log, clock: Clock
    ) -> None:
        await read(sent, message(fatima, conversation), now=clock())

        await ask(token, epoch=log.epoch, cursors={str(conversation.id): 1})
        await asyncio.sleep(0.2)

        stay = await read(ConversationMember.objects.of(annemie.id).get)
        assert stay.delivered_seq == 1


class TestRefusals:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            b'{"wait":51}',
            b'{"wait":-1}',
            b'{"wait":1e999}',
            b'{"cursors":[]}',
            b'{"wait":1,"wait":2}',
            b"[" * 9_000,
            b"\xff",
        ],
    )
    async def test_of_what_is_no_poll(self, process: InProcess, token: str, body: bytes) -> None:
        status, answer = await Poller(token, body)()

        assert (status, answer["code"]) == (400, "malformed")

    async def test_of_what_is_too_big(self, process: InProcess, token: str) -> None:
        status, answer = await Poller(token, b" " * 16_385)()

        assert (status, answer["code"]) == (413, "frame_too_big")

    @pytest.mark.parametrize("token", [None, "", "mtj_" + "0" * 64, "x" * 5_000])
    async def test_of_who_is_nobody(self, process: InProcess, log: Log, token: str | None) -> None:
        status, answer = await ask(token)

        assert (status, answer["code"]) == (401, "unauthenticated")

    async def test_of_a_foreign_page(self, process: InProcess, token: str) -> None:
        headers = [(b"cookie", f"__Host-maatje={token}; __Host-maatje-who=1".encode()), (b"origin", b"https://evil.example")]
        status, answer = await Poller(None, b"{}", headers)()

        assert (status, answer["code"]) == (403, "origin_refused")

    async def test_of_who_was_signed_out_while_waiting(
        self, process: InProcess, annemie: Person, fatima: Person, token: str, conversation: Conversation, log: Log, clock: Clock
    ) -> None:
        waiting = asyncio.ensure_future(ask(token, epoch=log.epoch, cursors={str(conversation.id): 0}, cards=False, wait=20))
        await asyncio.sleep(0.1)

        await read(devices.revoke_all, person=annemie, by=annemie, now=clock())
        async with asyncio.timeout(5):
            status, answer = await waiting

        assert (status, answer["code"]) == (401, "unauthenticated")

    async def test_of_one_wait_too_many(self, process: InProcess, token: str, conversation: Conversation, log: Log) -> None:
        fields: dict[str, Any] = {"epoch": log.epoch, "cursors": {str(conversation.id): 0}, "cards": False, "wait": 20}
        waiting = [asyncio.ensure_future(ask(token, **fields)) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0.1)

        status, answer = await ask(token, **fields)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

        assert (status, answer["code"]) == (429, "too_fast")
        assert len(process.hub) == 0
