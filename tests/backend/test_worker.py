import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import AttemptCount
from audit import signed_heads
from chat.actions import conversations
from chat.models import Conversation
from notifications.actions import periodic
from notifications.models import PeriodicRun
from notifications.worker import life
from privacy import keyring
from tests.conftest import Clock
from tests.services.maatje import ROOT
from tests.services.process import Process


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MAATJE_DATA = tmp_path
    keyring.reset()
    return tmp_path


@pytest.mark.django_db
class TestTheHousekeeping:
    def test_closes_a_conversation_whose_grace_is_over(self, conversation: Conversation, clock: Clock) -> None:
        conversations.close_at(conversation_id=conversation.id, closes_at=clock() + timedelta(days=7), now=clock())
        clock.move(days=8)

        periodic.run_due(now=clock())

        conversation.refresh_from_db()
        assert conversation.closed_at == clock()

    def test_signs_the_end_of_the_audit_log_every_hour(self, conversation: Conversation, now: datetime) -> None:
        for minutes in (0, 1, 60):
            periodic.run_due(now=now + timedelta(minutes=minutes))

        assert len(signed_heads.default_path().read_text(encoding="ascii").splitlines()) == 2

    def test_deletes_what_is_past_its_time(self, now: datetime) -> None:
        AttemptCount.objects.create(kind="code", subject=b"1", window_start=now - timedelta(days=3), count=1)

        periodic.run_due(now=now)

        assert not AttemptCount.objects.exists()

    def test_deletes_sessions_of_staff_that_ended(self, now: datetime) -> None:
        ended, lasting = SessionStore(), SessionStore()
        ended.set_expiry(-1)
        ended.create()
        lasting.create()

        periodic.run_due(now=now)

        assert list(Session.objects.values_list("session_key", flat=True)) == [lasting.session_key]

    def test_is_all_there(self, now: datetime) -> None:
        found = periodic.run_due(now=now)

        assert {"close_due_conversations", "sign_audit_head", "apply_retention", "clear_staff_sessions", "follow_the_days"} <= set(
            found.done
        )
        assert any(name.startswith("follow_the_clocks") for name in found.done)
        assert found.failed == ()


@pytest.mark.django_db(transaction=True)
class TestOnce:
    def test_keeps_house_and_leaves_a_sign_of_life(self, now: datetime) -> None:
        call_command("worker", "--once")

        assert PeriodicRun.objects.filter(name="apply_retention").exists()
        assert life.sign_of_life().exists()

    def test_leaves_none_when_something_failed_and_does_the_rest(self, data_folder: Path) -> None:
        (data_folder / "audit-head").mkdir()

        with pytest.raises(SystemExit):
            call_command("worker", "--once")

        assert not life.sign_of_life().exists()
        assert PeriodicRun.objects.filter(name="apply_retention").exists()


class TestTheProcess:
    def test_ends_well_on_sigterm(self, data_folder: Path) -> None:
        env = {**os.environ, "MAATJE_DATA": str(data_folder), "PYTHONUNBUFFERED": "1"}
        migrating = Process([sys.executable, "manage.py", "migrate", "-v0"], log=data_folder / "migrate.log", env=env, cwd=ROOT)
        assert migrating.popen.wait(60) == 0, migrating.said()

        process = Process([sys.executable, "manage.py", "worker"], log=data_folder / "worker.log", env=env, cwd=ROOT)
        process.wait_until((data_folder / "worker-alive").exists)

        assert process.stop() == 0
        assert "The worker keeps house. Notices go by console." in process.said()
        assert (data_folder / "audit-head").exists()
