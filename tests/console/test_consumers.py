"""The socket of the live pages, with the real database and without a server."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from accounts.actions import people
from accounts.models import Person, Role
from console import watching
from console.consumers import live
from core import clock
from live import pool
from live.close_codes import CloseCode
from live.hub import hub
from moderation.actions import cases
from moderation.models import Case
from tests.console.conftest import sign_in
from tests.factories import make_person

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 5.0


class Page:
    """An open page, as its socket sees it."""

    def __init__(self, client: Client | None, *, origin: str = "http://testserver", seen: str = "") -> None:
        cookie = f"sessionid={client.cookies['sessionid'].value}" if client is not None else ""
        headers = [(b"host", b"testserver"), (b"origin", origin.encode()), (b"cookie", cookie.encode())]
        self.scope = {"type": "websocket", "scheme": "ws", "headers": headers, "query_string": f"seen={seen}".encode()}
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.inbox.put_nowait({"type": "websocket.connect"})
        self.running = asyncio.ensure_future(live(self.scope, self.inbox.get, self.outbox.put))

    async def hears(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.outbox.get(), PATIENCE)

    async def opened(self) -> "Page":
        assert (await self.hears())["type"] == "websocket.accept"
        return self

    async def leave(self) -> None:
        self.inbox.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(self.running, PATIENCE)


@pytest.fixture
async def looking_ends() -> AsyncIterator[None]:
    yield
    watching.watch.watchers.clear()
    watching.watch.nudge()
    await asyncio.sleep(0)
    for thread in range(pool.READERS):
        await pool.read(_close, thread)


def _close(_: int) -> None:
    from django.db import connections

    connections.close_all()


@pytest.mark.usefixtures("looking_ends")
class TestTheSocket:
    async def test_says_that_something_changed_and_nothing_more(self, case: Case, karim: Person, lena: Person) -> None:
        page = await Page(await sync_to_async(sign_in)(karim)).opened()
        assert await page.hears() == {"type": "websocket.send", "text": "changed"}  # it had seen nothing yet

        await sync_to_async(cases.claim)(case.id, by=lena, version=case.version, now=clock.now())

        assert await page.hears() == {"type": "websocket.send", "text": "changed"}
        await page.leave()

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
    async def test_is_not_for_who_watches_nothing(self, role: Role) -> None:
        person = await sync_to_async(make_person)(role=role)

        page = await Page(await sync_to_async(sign_in)(person)).opened()

        assert await page.hears() == {"type": "websocket.close", "code": CloseCode.SIGNED_OUT}

    async def test_is_not_for_strangers(self) -> None:
        page = await Page(None).opened()

        assert await page.hears() == {"type": "websocket.close", "code": CloseCode.SIGNED_OUT}

    async def test_is_not_for_pages_of_elsewhere(self, karim: Person) -> None:
        page = await Page(await sync_to_async(sign_in)(karim), origin="https://evil.example").opened()

        assert await page.hears() == {"type": "websocket.close", "code": CloseCode.ORIGIN_REFUSED}

    async def test_closes_when_its_person_may_no_longer_look(self, karim: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(watching, "RECHECK", 0.0)
        page = await Page(await sync_to_async(sign_in)(karim)).opened()
        await page.hears()

        await sync_to_async(people.suspend)(person=karim, by=None, now=clock.now())

        assert await page.hears() == {"type": "websocket.close", "code": CloseCode.SIGNED_OUT}

    async def test_sends_everybody_elsewhere_when_the_server_stops(self, karim: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        page = await Page(await sync_to_async(sign_in)(karim)).opened()
        await page.hears()

        monkeypatch.setattr(hub, "is_draining", True)

        assert await page.hears() == {"type": "websocket.close", "code": CloseCode.RESTART}
