from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import pytest

from accounts.models import Person
from core import facts
from core.errors import Forbidden
from notifications.actions.choices import choices_of, choose
from notifications.facts import ChoicesChanged


@pytest.fixture
def heard() -> Iterator[list[ChoicesChanged]]:
    """What reminders would hear."""
    told: list[ChoicesChanged] = []
    facts.heard_by(ChoicesChanged)(told.append)
    yield told
    facts._handlers[ChoicesChanged].remove(told.append)


class TestChoices:
    def test_are_the_defaults_until_somebody_chooses(self, fatima: Person) -> None:
        chosen = choices_of(fatima)

        assert (chosen.messages, chosen.shows, chosen.quiet_from, chosen.every_minutes, chosen.sms_after) == (
            True,
            "nothing",
            time(22),
            5,
            None,
        )

    def test_change_what_is_given_and_nothing_else(self, fatima: Person, now: datetime) -> None:
        choose(person=fatima, by=fatima, now=now, every_minutes=30)
        choose(person=fatima, by=fatima, now=now, sms_after=10, messages=False)

        chosen = choices_of(fatima)
        assert (chosen.every_minutes, chosen.sms_after, chosen.messages, chosen.meetings) == (30, 10, False, True)

    def test_are_ones_own(self, fatima: Person, annemie: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            choose(person=fatima, by=annemie, now=now, messages=False)

    @pytest.mark.parametrize(
        ("change", "is_told"),
        [
            ({"reminder_day": False}, True),
            ({"quiet_until": time(8)}, True),
            ({"every_minutes": 30}, True),
            ({"reminder_hours": True}, False),
            ({"messages": False}, False),
        ],
    )
    def test_tell_reminders_when_theirs_change(
        self, fatima: Person, heard: list[ChoicesChanged], change: dict[str, Any], is_told: bool, now: datetime
    ) -> None:
        choose(person=fatima, by=fatima, now=now, **change)

        assert heard == ([ChoicesChanged(fatima.id)] if is_told else [])
