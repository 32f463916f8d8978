import logging
import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import AttemptCount
from audit import signed_heads
from backend.management.commands import worker
from backend.management.commands.worker import Job
from chat.actions import conversations
from chat.models import Conversation
from privacy import keyring
from tests.conftest import Clock
from tests.services.maatje import ROOT
from tests.services.process import Process


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MAATJE_DATA = tmp_path
    keyring.reset()
    return tmp_path


def _fail() -> None:
    raise ValueError("what somebody wrote")


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give the worker these jobs and no others."""

    def set_jobs(*jobs: Job) -> None:
        monkeypatch.setattr(worker, "jobs", lambda: list(jobs))

    return set_jobs


@pytest.mark.django_db
class TestOneRound:
    def test_closes_a_conversation_whose_grace_is_over(self, conversation: Conversation, clock: Clock) -> None:
        conversations.close_at(conversation_id=conversation.id, closes_at=clock() + timedelta(days=7), now=clock())
        clock.move(days=8)

        call_command("worker", "--once")

        conversation.refresh_from_db()
        assert conversation.closed_at == clock()

    def test_signs_the_end_of_the_audit_log(self, conversation: Conversation) -> None:
        call_command("worker", "--once")

        assert len(signed_heads.read(signed_heads.default_path())) == 1

    def test_deletes_what_is_past_its_time(self, clock: Clock, now: datetime) -> None:
        AttemptCount.objects.create(kind="code", subject=b"1", window_start=now - timedelta(days=3), count=1)

        call_command("worker", "--once")

        assert not AttemptCount.objects.exists()

    def test_deletes_sessions_of_staff_that_ended(self) -> None:
        ended, lasting = SessionStore(), SessionStore()
        ended.set_expiry(-1)
        ended.create()
        lasting.create()

        call_command("worker", "--once")

        assert list(Session.objects.values_list("session_key", flat=True)) == [lasting.session_key]

    def test_leaves_a_sign_of_life(self) -> None:
        call_command("worker", "--once")

        assert worker.sign_of_life().exists()

    def test_leaves_none_when_something_failed_and_does_the_rest(
        self, only: Callable[..., None], data_folder: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        only(Job("breaks", 60, _fail), Job("works", 60, (data_folder / "worked").touch))

        with caplog.at_level(logging.WARNING), pytest.raises(SystemExit):
            call_command("worker", "--once")

        assert not worker.sign_of_life().exists()
        assert (data_folder / "worked").exists()
        assert "job=breaks problem=ValueError" in caplog.text
        assert "somebody wrote" not in caplog.text


class TestJob:
    def test_waits_until_it_is_due(self) -> None:
        done: list[int] = []
        job = Job("count", 60, lambda: done.append(1))

        for second in (0, 59, 60, 119):
            assert job.run(at=second)

        assert len(done) == 2

    def test_is_tried_again_in_the_next_round_when_it_failed(self) -> None:
        job = Job("breaks", 3_600, _fail)

        assert [job.run(at=0), job.run(at=60)] == [False, False]


class TestTheProcess:
    def test_ends_well_on_sigterm(self, data_folder: Path) -> None:
        env = {**os.environ, "MAATJE_DATA": str(data_folder), "PYTHONUNBUFFERED": "1"}
        migrating = Process([sys.executable, "manage.py", "migrate", "-v0"], log=data_folder / "migrate.log", env=env, cwd=ROOT)
        assert migrating.popen.wait(60) == 0, migrating.said()

        process = Process([sys.executable, "manage.py", "worker"], log=data_folder / "worker.log", env=env, cwd=ROOT)
        process.wait_until((data_folder / "worker-alive").exists)

        assert process.stop() == 0
        assert "The worker keeps house" in process.said()
