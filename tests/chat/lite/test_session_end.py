"""How a lite session ends, and a page that is older than its server."""

import pytest

from accounts.actions import devices
from accounts.models import Device, Person
from live.close_codes import CloseCode
from live.pool import read
from tests.chat.in_process import InProcess
from tests.chat.lite.device import BUDGET, BYE, UPGRADE, opened
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]


class TestTheEnd:
    async def test_of_access_closes_it(self, process: InProcess, fatimas: Device, fatima: Person, clock: Clock) -> None:
        mine = await opened(process, fatimas)

        await read(devices.revoke, device=fatimas, by=fatima, now=clock())
        await process.settle()

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
        await process.settle()

        assert mine.closed == CloseCode.MALFORMED


class TestAnOlderPage:
    async def test_is_told_that_there_is_a_newer_one(self, process: InProcess, fatimas: Device, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("chat.newest_page._version", "0a1b2c3d")

        old, new, terminal = [await opened(process, fatimas, page=page) for page in ("ffffffff", "0a1b2c3d", "")]

        assert old.of(UPGRADE) == [[UPGRADE, "0a1b2c3d"]]
        assert new.of(UPGRADE) == terminal.of(UPGRADE) == []
