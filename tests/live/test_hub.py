"""The sockets of this process, by person."""

from collections.abc import Iterator
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from live.hub import Hub, Outlet

ROOM, OTHER_ROOM = uuid4(), uuid4()


class AnOutlet:
    """An open way to somebody's device."""

    def __init__(self, person_id: UUID, *rooms: UUID) -> None:
        self.person_id = person_id
        self.device_id = uuid4()
        self.access_version = 0
        self.rooms = list(rooms)

    def conversation_ids(self) -> list[UUID]:
        return self.rooms


def outlet(person_id: UUID, *rooms: UUID) -> Outlet:
    return cast(Outlet, AnOutlet(person_id, *rooms))


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def fatima_id() -> UUID:
    return uuid4()


class TestHub:
    def test_knows_every_outlet_of_a_person(self, hub: Hub, fatima_id: UUID) -> None:
        phone, tablet, other = outlet(fatima_id), outlet(fatima_id), outlet(uuid4())
        for one in (phone, tablet, other):
            hub.add(one)

        assert set(hub.of(fatima_id)) == {phone, tablet}
        assert set(hub.all()) == {phone, tablet, other}
        assert (len(hub), set(hub.people())) == (3, {fatima_id, other.person_id})

    def test_has_nobody_it_was_not_given(self, hub: Hub, fatima_id: UUID) -> None:
        assert hub.of(fatima_id) == ()
        assert not hub.of(fatima_id)
        assert len(hub) == 0

    def test_forgets_who_is_gone(self, hub: Hub, fatima_id: UUID) -> None:
        phone = outlet(fatima_id, ROOM)
        hub.add(phone)

        hub.remove(phone)

        assert not hub.of(fatima_id)
        assert hub.people() == []
        assert not hub.is_followed(ROOM)

    def test_takes_an_outlet_once(self, hub: Hub, fatima_id: UUID) -> None:
        phone = outlet(fatima_id, ROOM)
        hub.add(phone)
        hub.add(phone)
        hub.remove(phone)
        hub.remove(phone)

        assert len(hub) == 0
        assert not hub.is_followed(ROOM)

    def test_lets_outlets_leave_while_they_are_gone_through(self, hub: Hub, fatima_id: UUID) -> None:
        for _ in range(5):
            hub.add(outlet(fatima_id))

        for one in hub.of(fatima_id):
            hub.remove(one)
        everybody: Iterator[Any] = hub.all()

        assert list(everybody) == []


class TestWhatIsFollowed:
    def test_is_followed_until_the_last_one_goes(self, hub: Hub, fatima_id: UUID) -> None:
        one, other = outlet(fatima_id, ROOM), outlet(uuid4(), ROOM, OTHER_ROOM)
        hub.add(one)
        hub.add(other)

        hub.remove(one)
        assert (hub.is_followed(ROOM), hub.is_followed(OTHER_ROOM)) == (True, True)
        hub.remove(other)
        assert (hub.is_followed(ROOM), hub.is_followed(OTHER_ROOM)) == (False, False)

    def test_may_be_one_more_later(self, hub: Hub, fatima_id: UUID) -> None:
        one = AnOutlet(fatima_id)
        hub.add(cast(Outlet, one))

        one.rooms.append(ROOM)
        hub.follow(cast(Outlet, one), ROOM)

        assert hub.is_followed(ROOM)
        hub.remove(cast(Outlet, one))
        assert not hub.is_followed(ROOM)

    def test_is_not_by_who_is_not_here(self, hub: Hub, fatima_id: UUID) -> None:
        hub.follow(outlet(fatima_id), ROOM)

        assert not hub.is_followed(ROOM)
