"""What stands in somebody's calendar, and what does not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.actions import devices, people
from accounts.models import Language, Person
from chat.actions import members
from chat.models import Conversation
from meetings.models import Away, Meeting
from programmes.actions import circles
from programmes.models import Circle
from tests.conftest import Clock
from tests.meetings.acts import THURSDAY, WEDNESDAY, do
from tests.meetings.calendar.fetching import SignIn, address_of, events_at
from tests.meetings.calendar.made import expanded_by_another

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


class TestTheFeed:
    def test_holds_what_its_person_said_yes_to_and_tells_nothing_about_it(self, meeting: Meeting, address: str) -> None:
        [event] = events_at(address)

        assert (event["SUMMARY"], event["STATUS"], event["CLASS"]) == ("Afspraak", "CONFIRMED", "PRIVATE")
        assert (event.start, event.end) == (datetime(2026, 3, 4, 13, tzinfo=UTC), datetime(2026, 3, 4, 14, 30, tzinfo=UTC))
        assert str(event["UID"]).endswith("@maatje") and str(meeting.id) not in event["UID"]
        assert not {"ATTENDEE", "ORGANIZER", "LOCATION", "DESCRIPTION", "CONTACT"} & set(event)

    def test_names_nobody_and_no_place_unless_its_person_wants_the_place(
        self, meeting: Meeting, fatima: Person, signed_in: SignIn, stranger: Client, address: str
    ) -> None:
        quiet = stranger.get(address).content
        told = stranger.get(address_of(signed_in(fatima), details=True)).content

        for word in (b"Fatima", b"Annemie", b"OCMW", b"gezondheid", b"Maatjes"):
            assert word not in quiet
        assert b"LOCATION:OCMW Leuven" in told
        assert b"Annemie" not in told

    def test_ends_when_its_person_is_signed_out_everywhere(self, fatima: Person, stranger: Client, address: str, now: datetime) -> None:
        devices.revoke_all(person=fatima, by=fatima, now=now)

        assert stranger.get(address).status_code == 404

    def test_calls_a_meeting_otherwise_in_everybody_s_calendar(
        self, meeting: Meeting, annemie: Person, signed_in: SignIn, address: str
    ) -> None:
        [hers], [his] = events_at(address), events_at(address_of(signed_in(annemie)))

        assert hers["UID"] != his["UID"]
        assert [event["UID"] for event in events_at(address)] == [hers["UID"]]

    def test_is_in_the_language_of_its_person(self, meeting: Meeting, fatima: Person, address: str) -> None:
        people.update_settings(person=fatima, by=fatima, language=Language.AR, now=meeting.made_at)

        assert [event["SUMMARY"] for event in events_at(address)] == ["موعد"]

    def test_holds_no_proposal_that_its_person_did_not_accept(
        self, annemie: Person, conversation: Conversation, address: str, signed_in: SignIn, now: datetime
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY, THURSDAY], now=now)

        assert events_at(address) == []
        assert [event["STATUS"] for event in events_at(address_of(signed_in(annemie)))] == ["TENTATIVE", "TENTATIVE"]

    def test_follows_a_move_with_a_higher_sequence_under_the_same_id(
        self, meeting: Meeting, fatima: Person, annemie: Person, conversation: Conversation, address: str, now: datetime
    ) -> None:
        [before] = events_at(address)
        do(annemie, conversation, "move", meeting=1, times=[THURSDAY], now=now)
        assert events_at(address) == []  # it is asked anew
        do(fatima, conversation, "accept", meeting=1, version=Meeting.objects.get().version, now=now)

        [after] = events_at(address)

        assert (after["UID"], after.start) == (before["UID"], datetime(2026, 3, 5, 9, tzinfo=UTC))
        assert after["SEQUENCE"] > before["SEQUENCE"]

    def test_says_for_thirty_days_that_something_was_cancelled(
        self, meeting: Meeting, annemie: Person, conversation: Conversation, address: str, clock: Clock, now: datetime
    ) -> None:
        [before] = events_at(address)
        do(annemie, conversation, "cancel", meeting=1, now=now)

        [after] = events_at(address)
        assert (after["STATUS"], after["UID"], after["SEQUENCE"] > before["SEQUENCE"]) == ("CANCELLED", before["UID"], True)

        clock.move(days=31)
        assert events_at(address) == []

    def test_cancels_what_a_paused_circle_had_planned(self, meeting: Meeting, circle: Circle, address: str, now: datetime) -> None:
        circles.pause(circle=circle, by=None, now=now)

        assert [event["STATUS"] for event in events_at(address)] == ["CANCELLED"]

    def test_keeps_what_is_over_for_thirty_days(self, meeting: Meeting, address: str, clock: Clock) -> None:
        clock.move(days=31)
        assert len(events_at(address)) == 1

        clock.move(days=2)
        assert events_at(address) == []

    def test_holds_nothing_of_a_conversation_that_its_person_left(
        self, meeting: Meeting, fatima: Person, conversation: Conversation, address: str, now: datetime
    ) -> None:
        members.leave(by_id=fatima.id, conversation_id=conversation.id, now=now)

        assert events_at(address) == []

    def test_leaves_out_days_on_which_somebody_is_away(
        self, fatima: Person, annemie: Person, conversation: Conversation, address: str, stranger: Client, now: datetime
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY;COUNT=4", now=now)
        do(fatima, conversation, "accept", meeting=1, version=1, now=now)
        Away.objects.create(person=annemie, first_date=date(2026, 3, 10), last_date=date(2026, 3, 12))

        dates = expanded_by_another(stranger.get(address).content, end=datetime(2027, 1, 1, tzinfo=UTC))

        assert [at.day for at, _ in sorted(dates)] == [4, 18, 25]

    def test_asks_the_database_as_often_for_many_meetings_as_for_one(
        self, meeting: Meeting, fatima: Person, annemie: Person, conversation: Conversation, address: str, stranger: Client, now: datetime,
        django_assert_num_queries: Any,
    ) -> None:  # fmt: skip
        stranger.get(address)  # writes that it was used
        with django_assert_num_queries(6):
            stranger.get(address)
        for number in (2, 3, 4):
            do(annemie, conversation, "propose", times=[THURSDAY], now=now)
            do(fatima, conversation, "accept", meeting=number, version=1, now=now)

        with django_assert_num_queries(6):
            assert stranger.get(address).content.count(b"BEGIN:VEVENT") == 4
