"""Who follows what: in the transaction, a moment later, and in every process that starts."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Person
from chat.models import Conversation
from notifications.actions import catching_up, choices
from notifications.models import Notice, NoticeKind, Unfollowed
from notifications.worker import looking
from tests.conftest import Clock
from tests.meetings.acts import WEDNESDAY, do

STARTS = """
import django
django.setup()
from core import facts
from meetings.facts import AwayChanged, MeetingChanged
from notifications.actions import periodic
from notifications.facts import ChoicesChanged
print({handler.__module__ for kind in (MeetingChanged, AwayChanged, ChoicesChanged) for handler in facts._handlers[kind]})
print(list(periodic._jobs))
"""


def test_a_process_that_only_starts_follows_meetings(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", STARTS],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "backend.settings", "MAATJE_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "notifications.following" in said and "follow_the_days" in said and "follow_the_clocks" in said


@pytest.mark.delivery
@pytest.mark.django_db
class TestCatchingUp:
    @pytest.fixture
    def agreed(self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        do(fatima, conversation, "accept", meeting=1, version=1, now=clock())

    def reminders(self, person: Person) -> int:
        return Notice.objects.filter(person=person, kind=NoticeKind.REMINDER, state="waiting").count()

    def test_is_for_a_worker_and_not_for_who_asked(self, agreed: None, fatima: Person, clock: Clock) -> None:
        choices.choose(person=fatima, by=fatima, now=clock(), reminder_day=False)
        assert looking.is_something_due() and self.reminders(fatima) == 2

        looking.tell(())
        assert self.reminders(fatima) == 1 and not Unfollowed.objects.exists()

    def test_asks_of_many_changes_only_the_last(self, agreed: None, fatima: Person, clock: Clock) -> None:
        for hour in range(10):
            choices.choose(person=fatima, by=fatima, now=clock(), quiet_from=time(hour))

        assert Unfollowed.objects.count() == 1
        assert catching_up.catch_up(now=clock()) and not catching_up.catch_up(now=clock())

    def test_is_done_again_for_who_changed_more_meanwhile(
        self, agreed: None, fatima: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        follow = catching_up.follow

        def follow_while_they_choose(meetings: Any, *, now: datetime) -> None:
            follow(meetings, now=now)
            choices.choose(person=fatima, by=fatima, now=now, reminder_hours=False)

        choices.choose(person=fatima, by=fatima, now=clock(), reminder_day=False)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(catching_up, "follow", follow_while_they_choose)
            assert catching_up.catch_up(now=clock()) and self.reminders(fatima) == 1
        assert catching_up.catch_up(now=clock()) and self.reminders(fatima) == 0

    def test_leaves_for_later_who_cannot_be_followed(
        self, agreed: None, fatima: Person, annemie: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def break_down(meetings: Any, *, now: datetime) -> None:
            raise ZeroDivisionError

        for person in (fatima, annemie):
            choices.choose(person=person, by=person, now=clock(), reminder_day=False)
        with monkeypatch.context() as broken:
            broken.setattr(catching_up, "follow", break_down)
            while catching_up.catch_up(now=clock()):
                pass
        assert (self.reminders(fatima), self.reminders(annemie)) == (2, 2) and not catching_up.is_behind(now=clock())

        while catching_up.catch_up(now=clock() + timedelta(minutes=1)):
            pass
        assert (self.reminders(fatima), self.reminders(annemie)) == (1, 1)

    def test_is_not_asked_for_all_the_time(self, agreed: None, fatima: Person, signed_in: Callable[[Person], APIClient]) -> None:
        phone = signed_in(fatima)
        answers = [phone.patch("/api/v1/notices", {"quiet_from": f"{hour:02}:00"}, format="json") for hour in range(24)]

        assert [answer.status_code for answer in answers] == [200] * 20 + [429] * 4
        assert answers[-1].json()["code"] == "too_fast"

    def test_tells_nobody_of_reminders_to_come_why_their_phone_rang(
        self, agreed: None, fatima: Person, signed_in: Callable[[Person], APIClient]
    ) -> None:
        recent = signed_in(fatima).get("/api/v1/notices/recent").json()["notices"]

        assert "reminder" not in [notice["kind"] for notice in recent] and self.reminders(fatima) == 2
