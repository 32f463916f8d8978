"""Who follows what: in the transaction, a moment later, and in every process that starts."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Person
from chat.models import Conversation
from notifications.actions import catching_up, choices, letters
from notifications.models import Notice, NoticeChoices, NoticeKind, Shows, Unfollowed
from notifications.worker import looking
from tests.conftest import Clock
from tests.meetings.acts import THURSDAY, WEDNESDAY, do
from tests.notifications.followed import a_worker_follows
from tests.notifications.post import make_delivery
from tests.settings import IS_POSTGRES

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
        assert looking.is_something_due() and self.reminders(fatima) == 0

        looking.tell(())
        assert self.reminders(fatima) == 2 and not Unfollowed.objects.exists()

        choices.choose(person=fatima, by=fatima, now=clock(), reminder_day=False)
        assert looking.is_something_due() and self.reminders(fatima) == 2

        looking.tell(())
        assert self.reminders(fatima) == 1 and not Unfollowed.objects.exists()

    def test_asks_of_many_changes_only_the_last(self, agreed: None, fatima: Person, clock: Clock) -> None:
        for hour in range(10):
            choices.choose(person=fatima, by=fatima, now=clock(), quiet_from=time(hour))

        assert sorted(Unfollowed.objects.values_list("kind", flat=True)) == ["meeting", "person"]
        assert catching_up.catch_up(now=clock()) and not catching_up.catch_up(now=clock())

    def test_is_done_again_for_who_changed_more_meanwhile(
        self, agreed: None, fatima: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        follow = catching_up._follow

        def follow_while_they_choose(meetings: Any, *, now: datetime) -> None:
            follow(meetings, now=now)
            choices.choose(person=fatima, by=fatima, now=now, reminder_hours=False)

        a_worker_follows()
        choices.choose(person=fatima, by=fatima, now=clock(), reminder_day=False)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(catching_up, "_follow", follow_while_they_choose)
            assert catching_up.catch_up(now=clock()) and self.reminders(fatima) == 1
        assert catching_up.catch_up(now=clock()) and self.reminders(fatima) == 0

    def test_leaves_for_later_what_cannot_be_followed(
        self, agreed: None, fatima: Person, annemie: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def break_down(meetings: Any, *, now: datetime) -> None:
            raise ZeroDivisionError

        choices.choose(person=annemie, by=annemie, now=clock(), reminder_day=False)
        with monkeypatch.context() as broken:
            broken.setattr(catching_up, "_follow", break_down)
            a_worker_follows()
        assert Unfollowed.objects.count() == 2 and not catching_up.is_behind(now=clock())

        clock.move(minutes=1)
        a_worker_follows()
        assert (self.reminders(fatima), self.reminders(annemie)) == (2, 1)

    def test_of_many_meetings_locks_their_conversations_alone_and_one_after_the_other(
        self, chantal: Person, dirk: Person, group: Conversation, clock: Clock
    ) -> None:
        for _ in range(3):
            do(chantal, group, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY", now=clock())
        choices.choose(person=dirk, by=dirk, now=clock(), reminder_day=False)

        with CaptureQueriesContext(connection) as asked:
            a_worker_follows()
        locked = [query["sql"] for query in asked if "FOR NO KEY UPDATE" in query["sql"]]
        assert all('FROM "chat_conversation"' in sql for sql in locked) and len(locked) == (4 if IS_POSTGRES else 0)

    def test_is_not_asked_for_all_the_time(self, agreed: None, fatima: Person, signed_in: Callable[[Person], APIClient]) -> None:
        phone = signed_in(fatima)
        answers = [phone.patch("/api/v1/notices", {"quiet_from": f"{hour:02}:00"}, format="json") for hour in range(24)]

        assert [answer.status_code for answer in answers] == [200] * 20 + [429] * 4
        assert answers[-1].json()["code"] == "too_fast"

    def test_tells_nobody_of_reminders_to_come_why_their_phone_rang(
        self, agreed: None, fatima: Person, signed_in: Callable[[Person], APIClient]
    ) -> None:
        a_worker_follows()
        recent = signed_in(fatima).get("/api/v1/notices/recent").json()["notices"]

        assert "reminder" not in [notice["kind"] for notice in recent] and self.reminders(fatima) == 2


@pytest.mark.parametrize(
    ("begins", "goes", "says"),
    [
        ("2026-03-04T13:00", "2026-03-03T13:00", "Je hebt morgen een afspraak om 14:00."),
        ("2026-03-04T13:00", "2026-03-04T11:00", "Je hebt vandaag een afspraak om 14:00."),
        ("2026-03-04T23:30", "2026-03-04T21:30", "Je hebt morgen een afspraak om 00:30."),  # it is the 5th there by then
        ("2026-03-29T22:30", "2026-03-28T22:30", "Je hebt een bericht."),  # a day before is two days before, when summer begins
    ],
)
@pytest.mark.django_db
def test_a_reminder_speaks_of_the_day_on_which_it_is_sent(fatima: Person, begins: str, goes: str, says: str) -> None:
    at, now = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (begins, goes))
    NoticeChoices.objects.create(person=fatima, shows=Shows.KIND)
    delivery = make_delivery(fatima, kind="console", now=now)
    Notice.objects.update(kind=NoticeKind.REMINDER, detail="day", at=at)
    delivery.refresh_from_db()

    assert [letter.text for letter in letters.written([delivery], now=now).values()] == [says]


@pytest.mark.skipif(not IS_POSTGRES, reason="SQLite has one writer: the other waits for all of it")
@pytest.mark.delivery
@pytest.mark.usefixtures("clock")
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_whoever_looks_ahead_holds_up_who_moves_it_and_leaves_nothing_stale(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
        do(fatima, conversation, "accept", meeting=1, version=1, now=now)
        a_worker_follows()

        def move() -> None:
            try:
                do(annemie, conversation, "move", meeting=1, times=[THURSDAY], now=now)
            finally:
                connection.close()

        with transaction.atomic():
            list(Conversation.objects.locked().values_list("id"))
            moving = Thread(target=move)
            moving.start()
            until_somebody_waits_for_a_lock()
            catching_up.look_ahead(now=now)
        moving.join(20)

        a_worker_follows()
        assert not Notice.objects.filter(kind=NoticeKind.REMINDER).exists()


def until_somebody_waits_for_a_lock() -> None:
    end = monotonic() + 20
    with connection.cursor() as cursor:
        while monotonic() < end:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
            if cursor.fetchone()[0]:
                return
            sleep(0.01)
    raise AssertionError("Nobody waits.")
