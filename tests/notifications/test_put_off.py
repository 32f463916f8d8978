"""What waits for the morning, or for a pause to end, follows whoever chooses another night or a shorter pause."""

from datetime import time
from typing import Any

import pytest

from accounts.actions import people
from accounts.models import Person
from chat.models import Conversation
from notifications.actions.choices import choose
from notifications.models import Notice, PushAddress
from notifications.worker import looking
from tests.chat.words import message, sent
from tests.conftest import Clock
from tests.notifications.conftest import fates

pytestmark = [pytest.mark.django_db, pytest.mark.delivery, pytest.mark.usefixtures("quiet_start")]


class TestWhatWasPutOff:
    @pytest.fixture
    def at_night(self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock) -> Person:
        """Annemie writes at half past eleven; Fatima's phone is not to ring before seven."""
        sent(message(annemie, conversation), now=clock.move(hours=13))
        looking.tell(())
        assert fates(rings.person) == ["waiting"]
        return rings.person

    @pytest.mark.parametrize(
        ("chosen", "fate"),
        [
            ({"quiet_from": time(0), "quiet_until": time(0)}, "told"),
            ({"quiet_from": time(0)}, "told"),
            ({"quiet_from": time(20)}, "waiting"),
            ({"messages": False}, "waiting"),
        ],
        ids=["no night at all", "a later night", "an earlier night", "something else"],
    )
    def test_goes_when_it_is_night_no_more(self, at_night: Person, clock: Clock, chosen: dict[str, Any], fate: str) -> None:
        choose(person=at_night, by=at_night, now=clock(), **chosen)
        looking.tell(())

        assert fates(at_night) == [fate]

    def test_waits_for_the_same_morning_when_it_still_is_night(self, at_night: Person, clock: Clock) -> None:
        before = Notice.objects.get(person=at_night, kind="entry").due_at
        choose(person=at_night, by=at_night, now=clock(), quiet_from=time(20))
        looking.tell(())

        assert Notice.objects.get(person=at_night, kind="entry").due_at == before

    def test_goes_where_the_clock_says_that_it_is_day(self, at_night: Person, clock: Clock) -> None:
        people.update_settings(person=at_night, by=at_night, now=clock(), zone="America/New_York")
        looking.tell(())

        assert fates(at_night) == ["told"]

    def test_goes_when_a_shorter_pause_is_over(self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        choose(person=rings.person, by=rings.person, now=clock(), every_minutes=60)
        for _ in range(2):
            sent(message(annemie, conversation), now=clock.move(minutes=10))
            looking.tell(())
        assert fates(rings.person) == ["told", "waiting"]

        choose(person=rings.person, by=rings.person, now=clock(), every_minutes=5)
        looking.tell(())

        assert fates(rings.person) == ["told", "told"]
