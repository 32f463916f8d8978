"""Secret addresses of calendars: who gets in by which token, and until when."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import people
from accounts.models import Person
from audit.models import AuditRow
from meetings.actions import feeds
from meetings.models import CalendarFeed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


class TestMake:
    def test_gives_256_bits_of_chance_and_keeps_only_their_digest(self, fatima: Person, now: datetime) -> None:
        token = feeds.make(person=fatima, details=False, now=now)

        kept = CalendarFeed.objects.values().get()
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
        assert len(bytes(kept["digest"])) == 32
        assert token.encode() not in repr(kept).encode()

    def test_makes_the_one_before_worthless(self, fatima: Person, now: datetime) -> None:
        before = feeds.make(person=fatima, details=False, now=now)
        feeds.opened_by(before, now=now)

        token = feeds.make(person=fatima, details=True, now=now + timedelta(days=1))

        found = feeds.opened_by(token, now=now)
        assert feeds.opened_by(before, now=now) is None
        assert found is not None
        assert (found.person, found.details, found.made_at, found.used_at) == (fatima, True, now + timedelta(days=1), None)

    def test_is_another_for_everybody(self, fatima: Person, annemie: Person, now: datetime) -> None:
        tokens = [feeds.make(person=person, details=False, now=now) for person in (fatima, annemie)]

        assert [found.person for found in (feeds.opened_by(token, now=now) for token in tokens) if found] == [fatima, annemie]

    def test_is_in_the_audit_log_without_the_token(self, fatima: Person, now: datetime) -> None:
        token = feeds.make(person=fatima, details=True, now=now)
        feeds.revoke(person=fatima, by=fatima, now=now)
        feeds.revoke(person=fatima, by=fatima, now=now)

        rows = list(AuditRow.objects.filter(action__startswith="calendar.").order_by("n").values("action", "actor_id", "subject", "detail"))
        about = {"actor_id": fatima.id, "subject": f"person:{fatima.id}"}
        assert rows == [
            {"action": "calendar.made", **about, "detail": {"details": True}},
            {"action": "calendar.revoked", **about, "detail": {}},
        ]
        assert token not in str(rows)


class TestOpenedBy:
    def test_nobody_gets_in_once_it_is_revoked(self, fatima: Person, now: datetime) -> None:
        token = feeds.make(person=fatima, details=False, now=now)

        feeds.revoke(person=fatima, by=fatima, now=now)

        assert feeds.opened_by(token, now=now) is None

    def test_waits_while_its_person_is_suspended(self, fatima: Person, nele: Person, now: datetime) -> None:
        token = feeds.make(person=fatima, details=False, now=now)

        people.suspend(person=fatima, by=None, now=now)
        assert feeds.opened_by(token, now=now) is None

        people.unsuspend(person=fatima, by=None, now=now)
        assert feeds.opened_by(token, now=now) is not None

    @pytest.mark.parametrize(
        "gone", [{"is_active": False}, {"erased_at": datetime.fromisoformat("2026-03-01T00:00:00Z"), "data_key": None}]
    )
    def test_opens_nothing_of_who_is_gone(self, fatima: Person, now: datetime, gone: dict[str, object]) -> None:
        token = feeds.make(person=fatima, details=False, now=now)
        Person.objects.filter(id=fatima.id).update(**gone)

        assert feeds.opened_by(token, now=now) is None

    @pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 42, "A" * 44, "é" * 43, "\x00" * 43, "A" * 4096, "A" * 43 + "\n"])
    def test_knows_no_other_token(self, fatima: Person, now: datetime, token: str) -> None:
        feeds.make(person=fatima, details=False, now=now)

        assert feeds.opened_by(token, now=now) is None

    def test_asks_one_question_and_writes_once_an_hour(self, fatima: Person, now: datetime) -> None:
        token = feeds.make(person=fatima, details=False, now=now)
        counts = []
        for minutes in (0, 30, 59, 60):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                feeds.opened_by(token, now=now + timedelta(minutes=minutes))
            counts.append(len(asked))

        assert counts == [2, 1, 1, 2]
        assert CalendarFeed.objects.get().used_at == now + timedelta(hours=1)
