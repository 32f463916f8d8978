import asyncio
from datetime import timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from live.hub import Hub, Outlet
from live.pool import read
from notifications import presence
from notifications.models import Presence
from tests.chat.in_process import close_readers
from tests.conftest import Clock

pytestmark = pytest.mark.delivery


class Socket:
    """As much of an outlet as a hub asks for."""

    def __init__(self, person_id: UUID) -> None:
        self.person_id = person_id

    def conversation_ids(self) -> list[UUID]:
        return []


def hub_of(*people: UUID) -> Hub:
    sockets = Hub()
    for person_id in people:
        sockets.add(cast(Outlet, Socket(person_id)))
    return sockets


class TestTell:
    def test_says_of_everybody_until_when_in_one_statement(self, fatima: Person, annemie: Person, clock: Clock) -> None:
        strangers = [uuid4() for _ in range(5000)]

        with CaptureQueriesContext(connection) as queries:
            presence.tell([fatima.id, annemie.id, *strangers], now=clock())

        assert len(queries) == 1
        assert dict(Presence.objects.values_list("person_id", "until")) == dict.fromkeys(
            (fatima.id, annemie.id), clock() + timedelta(seconds=75)
        )

    def test_only_ever_lengthens(self, fatima: Person, clock: Clock) -> None:
        presence.tell([fatima.id], now=clock())

        presence.tell([fatima.id], now=clock() - timedelta(seconds=10))
        presence.tell([], now=clock())

        assert Presence.objects.get().until == clock() + timedelta(seconds=75)


class TestKeep:
    @pytest.mark.django_db(transaction=True)
    async def test_tells_again_and_again_who_has_a_socket_here(self, fatima: Person, clock: Clock) -> None:
        keeping = asyncio.create_task(presence.keep(hub_of(fatima.id), every=0.01))
        try:
            while not (first := await untils()):
                pass
            clock.move(seconds=30)
            while (then := await untils()) == first:
                pass
        finally:
            keeping.cancel()
            await asyncio.to_thread(close_readers)

        assert then == [clock() + timedelta(seconds=75)]

    def test_here_are_those_with_a_socket(self) -> None:
        one, other = uuid4(), uuid4()

        assert presence.here(hub_of(one, one, other)) == {one, other}


async def untils() -> list[Any]:
    return await read(lambda: list(Presence.objects.values_list("until", flat=True)))
