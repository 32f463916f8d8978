"""A socket that is idle for two minutes stays alive, on every server and every layer."""

import pytest

from tests.promises.idle_watch import IdleWatch

pytestmark = [pytest.mark.delivery, pytest.mark.slow, pytest.mark.looks_back, pytest.mark.timeout(200)]

IDLE = 120.0


class TestAnIdleSocketLives:
    async def test_for_two_minutes_on_every_layer(self, idle_watch: IdleWatch) -> None:
        found = await idle_watch.after(IDLE)

        assert len(found) == 6
        for what, phone in found.items():
            assert phone == {"open": True, "codes": [], "heard meanwhile": [], "answers": "pong", "hears": True}, what
