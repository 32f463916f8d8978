"""Calendars over plain HTTP: making an address, asking for it, and one meeting as a file."""

import logging
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.actions import people
from accounts.models import Person
from chat.actions import members
from chat.models import Conversation
from meetings.models import CalendarFeed, Meeting
from tests.conftest import Clock
from tests.meetings.acts import WEDNESDAY, do
from tests.meetings.calendar.fetching import SignIn, address_of
from tests.meetings.calendar.made import expanded_by_another, read_again, read_by_another

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


class TestTheAddress:
    def test_is_told_once_and_known_to_be_there(self, fatima: Person, signed_in: SignIn, now: datetime) -> None:
        client = signed_in(fatima)
        before = client.get("/api/v1/calendar").json()

        made = client.post("/api/v1/calendar", {"details": True}, format="json")

        assert before == {"exists": False, "details": False, "made_at": None, "used_at": None}
        assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
        assert re.fullmatch(r"http://testserver/calendar/[A-Za-z0-9_-]{43}\.ics", made.json()["url"])
        after = client.get("/api/v1/calendar").json()
        assert after == {"exists": True, "details": True, "made_at": "2026-03-02T09:30:00Z", "used_at": None}

    def test_is_on_the_public_name_of_the_service(self, fatima: Person, signed_in: SignIn, settings: Settings) -> None:
        settings.MAATJE_PUBLIC_URL = "https://maatje.example/"

        assert signed_in(fatima).post("/api/v1/calendar").json()["url"].startswith("https://maatje.example/calendar/")

    @pytest.mark.parametrize("body", [{"details": "yes"}, {"details": 1}, {"details": None}, {"person": "x"}, [], "x"])
    def test_is_not_made_of_what_it_does_not_know(self, fatima: Person, signed_in: SignIn, body: Any) -> None:
        answer = signed_in(fatima).post("/api/v1/calendar", body, format="json")

        assert (answer.status_code, answer.json()["code"], CalendarFeed.objects.count()) == (400, "invalid", 0)

    def test_is_nobody_elses_to_make_or_take(self, fatima: Person, annemie: Person, signed_in: SignIn, address: str) -> None:
        assert APIClient().post("/api/v1/calendar").status_code == 401
        assert signed_in(annemie).get("/api/v1/calendar").json()["exists"] is False
        assert signed_in(annemie).delete("/api/v1/calendar").status_code == 204
        assert CalendarFeed.objects.filter(person=fatima).exists()

    def test_says_when_it_was_used(self, fatima: Person, signed_in: SignIn, address: str, clock: Clock, stranger: Client) -> None:
        clock.move(hours=3)
        stranger.get(address)

        assert signed_in(fatima).get("/api/v1/calendar").json()["used_at"] == "2026-03-02T12:30:00Z"


class TestFetching:
    def test_answers_as_a_calendar_that_nobody_shares_or_indexes(self, meeting: Meeting, address: str, stranger: Client) -> None:
        answer = stranger.get(address)

        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer["Content-Disposition"] == 'attachment; filename="calendar.ics"'
        assert answer["Cache-Control"] == "private, no-cache"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Robots-Tag"] == "noindex"
        assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\nX-PUBLISHED-TTL:PT6H\r\n" in answer.content
        assert not answer.cookies

    def test_costs_nothing_while_nothing_changed(
        self, meeting: Meeting, annemie: Person, conversation: Conversation, address: str, stranger: Client, clock: Clock
    ) -> None:
        tag = stranger.get(address)["ETag"]
        clock.move(days=2)

        for known in (tag, f'W/{tag}, "x"', "*"):
            same = stranger.get(address, HTTP_IF_NONE_MATCH=known)
            assert (same.status_code, same.content, same["ETag"], same["Cache-Control"]) == (304, b"", tag, "private, no-cache")
            assert sum(len(name) + len(value) + 4 for name, value in same.headers.items()) < 250

        do(annemie, conversation, "cancel", meeting=1, now=meeting.made_at)
        changed = stranger.get(address, HTTP_IF_NONE_MATCH=tag)
        assert (changed.status_code, changed["ETag"] != tag) == (200, True)

    def test_gives_the_head_alone_to_who_asks_for_that(self, meeting: Meeting, address: str, stranger: Client) -> None:
        whole, head = stranger.get(address), stranger.head(address)

        assert (head.status_code, head.content) == (200, b"")
        assert (head["ETag"], head["Content-Length"]) == (whole["ETag"], whole["Content-Length"])

    def test_makes_who_asks_without_end_wait(
        self, address: str, stranger: Client, fatima: Person, annemie: Person, signed_in: SignIn
    ) -> None:
        codes = [stranger.get(address).status_code for _ in range(35)]

        refused = stranger.get(address)
        assert codes[:30] == [200] * 30
        assert (refused.status_code, refused.content, 1 <= int(refused["Retry-After"]) <= 30) == (429, b"", True)
        assert stranger.get(address_of(signed_in(annemie))).status_code == 200


class TestStrangers:
    def test_learn_no_more_from_a_token_that_was_good_than_from_any_address(
        self, fatima: Person, annemie: Person, signed_in: SignIn, stranger: Client, now: datetime
    ) -> None:
        replaced = address_of(signed_in(fatima))
        revoked = address_of(signed_in(fatima))
        signed_in(fatima).delete("/api/v1/calendar")
        suspended = address_of(signed_in(annemie))
        people.suspend(person=annemie, by=None, now=now)
        never = f"/calendar/{'A' * 43}.ics"
        elsewhere = "/no/such/address"

        answers = [stranger.get(path) for path in (elsewhere, replaced, revoked, suspended, never, "/calendar/x.ics", "/calendar/.ics")]

        seen = {(answer.status_code, answer.content, *sorted(_lasting(answer))) for answer in answers}
        assert len(seen) == 1
        assert answers[0].status_code == 404

    def test_can_do_nothing_but_read(self, address: str) -> None:
        careful = Client(enforce_csrf_checks=True)

        for method in ("post", "put", "patch", "delete", "options"):
            known, unknown = (getattr(careful, method)(path) for path in (address, f"/calendar/{'A' * 43}.ics"))
            assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (404, known.content)

    @pytest.mark.parametrize("token", ["A" * 4096, "%00" * 43, "..%2f" * 10, "%F0%9F%98%80" * 20, "' OR 1=1 --"])
    def test_break_nothing(self, token: str, stranger: Client) -> None:
        assert stranger.get(f"/calendar/{token}.ics").status_code == 404


class TestLogs:
    def test_never_hold_the_address(
        self,
        address: str,
        stranger: Client,
        signed_in: SignIn,
        fatima: Person,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        token = address.removeprefix("/calendar/").removesuffix(".ics")
        monkeypatch.setattr(logging.getLogger("django.request"), "level", logging.WARNING)  # lower than ours: a 429 would show
        caplog.set_level(logging.DEBUG)

        stranger.get(address)
        stranger.get(address, HTTP_IF_NONE_MATCH="*")
        with monkeypatch.context() as broken:
            broken.setattr("meetings.reading.calendar.planned", _fail)
            failed = stranger.get(address)
        codes = {stranger.get(address).status_code for _ in range(40)}

        assert (failed.status_code, failed.content, failed["Retry-After"]) == (503, b"", "60")
        assert codes == {200, 429}
        assert "calendar_failed problem=DatabaseError" in caplog.text
        assert token not in caplog.text
        assert all(token not in str(record.__dict__) for record in caplog.records)


class TestOneMeetingAsAFile:
    def test_is_for_who_is_there_with_its_place(
        self, meeting: Meeting, fatima: Person, conversation: Conversation, signed_in: SignIn
    ) -> None:
        answer = signed_in(fatima).get(_file(conversation))

        [event] = read_again(answer.content).events
        read_by_another(answer.content)
        assert (event["LOCATION"], event["SUMMARY"], event["STATUS"]) == ("OCMW Leuven", "Afspraak: gezondheid", "CONFIRMED")
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert (answer["Cache-Control"], answer["Content-Disposition"]) == ("no-store", 'attachment; filename="meeting.ics"')

    def test_comes_in_whatever_form_a_browser_asks_for(
        self, meeting: Meeting, fatima: Person, conversation: Conversation, signed_in: SignIn
    ) -> None:
        assert signed_in(fatima).get(_file(conversation), HTTP_ACCEPT="text/html,*/*;q=0.1").status_code == 200

    def test_is_also_for_who_did_not_answer_yet(
        self, fatima: Person, annemie: Person, conversation: Conversation, signed_in: SignIn, now: datetime
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY;COUNT=3", now=now)

        answer = signed_in(fatima).get(_file(conversation))

        assert [event["STATUS"] for event in read_again(answer.content).events] == ["TENTATIVE"]
        assert len(expanded_by_another(answer.content, end=now + timedelta(days=60))) == 3

    def test_is_missing_alike_for_strangers_and_where_there_is_none(
        self, meeting: Meeting, fatima: Person, dirk: Person, conversation: Conversation, signed_in: SignIn, now: datetime
    ) -> None:
        paths = [_file(conversation), _file(conversation, 2), f"/api/v1/conversations/{uuid4()}/meetings/1.ics"]

        answers = [signed_in(dirk).get(path) for path in paths] + [signed_in(fatima).get(path) for path in paths[1:]]
        members.leave(by_id=fatima.id, conversation_id=conversation.id, now=now)
        answers.append(signed_in(fatima).get(paths[0]))

        assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
        assert answers[0].json()["code"] == "meeting_not_found"

    def test_is_for_nobody_who_is_not_signed_in(self, meeting: Meeting, conversation: Conversation) -> None:
        assert APIClient().get(_file(conversation)).status_code == 401


def _file(conversation: Conversation, number: int = 1) -> str:
    return f"/api/v1/conversations/{conversation.id}/meetings/{number}.ics"


def _lasting(answer: Any) -> list[tuple[str, str]]:
    """The headers that do not differ from one answer to the next by chance."""
    return [(name, value) for name, value in answer.headers.items() if "nonce" not in value]


def _fail(*args: object, **kwargs: object) -> None:
    raise DatabaseError("a line of SQL")
