"""Invitations by mail, as the calendar of somebody else reads them (RFC 5546)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from meetings.calendar import itip
from tests.meetings.calendar.made import (
    ANNEMIE,
    DIRK,
    FATIMA,
    ID,
    NOW,
    after,
    agreed,
    expanded_by_another,
    planned,
    proposed,
    read_again,
    read_by_another,
)

POST: dict[str, Any] = {"sender": "post@maatje.example", "receiver": "fatima@mail.example", "language": "nl", "now": NOW}


def only_event(text: bytes | None) -> Any:
    assert text is not None
    read_by_another(text)
    [event] = read_again(text).events
    return event


class TestRequest:
    def test_is_from_the_service_to_its_receiver_alone_who_need_not_answer(self) -> None:
        text = itip.request(planned(agreed("2026-03-12T14:00"), sequence=3), **POST)

        event = only_event(text)
        assert read_again(text or b"").method == "REQUEST"
        assert event["ORGANIZER"] == "mailto:post@maatje.example"
        assert event["ATTENDEE"] == "mailto:fatima@mail.example"
        assert dict(event["ATTENDEE"].params) == {"PARTSTAT": "ACCEPTED", "ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"}
        assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (f"{ID}@maatje", 3, "CONFIRMED")

    def test_says_nothing_by_default(self) -> None:
        told = agreed("2026-03-12T14:00", place="OCMW Leuven", purpose="health")

        quiet, open_ = (itip.request(planned(told), **POST, details=details) for details in (False, True))

        assert (only_event(quiet)["SUMMARY"], "LOCATION" in only_event(quiet)) == ("Afspraak", False)
        assert (only_event(open_)["SUMMARY"], only_event(open_)["LOCATION"]) == ("Afspraak: gezondheid", "OCMW Leuven")

    def test_asks_who_did_not_answer_yet(self) -> None:
        event = only_event(itip.request(planned(proposed("2026-03-12T14:00"), number=ANNEMIE), **POST))

        assert (event["ATTENDEE"].params["PARTSTAT"], event["STATUS"]) == ("NEEDS-ACTION", "TENTATIVE")

    def test_waits_until_there_is_one_meeting_to_go_to(self) -> None:
        several = proposed("2026-03-12T14:00", "2026-03-13T14:00")
        off = after(agreed("2026-03-12T14:00"), ANNEMIE, "cancel")
        declined = after(proposed("2026-03-12T14:00"), ANNEMIE, "decline")

        assert [itip.request(planned(meeting), **POST) for meeting in (several, off, declined)] == [None] * 3

    def test_of_a_series_carries_its_exceptions_under_one_id(self) -> None:
        weekly = agreed("2026-03-12T18:00", repeat="FREQ=WEEKLY;COUNT=4")
        weekly = after(weekly, ANNEMIE, "cancel", date="2026-03-19")
        weekly = after(after(weekly, ANNEMIE, "move", date="2026-03-26", times=["2026-03-27T10:00"]), FATIMA, "accept", date="2026-03-26")

        text = itip.request(planned(weekly), **POST) or b""

        events = read_again(text).events
        assert {event["UID"] for event in events} == {f"{ID}@maatje"}
        assert {event["ATTENDEE"] for event in events} == {"mailto:fatima@mail.example"}
        assert [at.day for at, _ in sorted(expanded_by_another(text, end=datetime(2027, 1, 1, tzinfo=UTC)))] == [12, 27, 2]

    def test_never_brings_back_a_date_that_its_receiver_declined(self) -> None:
        everybody = (FATIMA, ANNEMIE, DIRK)
        weekly = agreed("2026-03-12T18:00", repeat="FREQ=WEEKLY;COUNT=3")
        once = after(weekly, DIRK, "decline", date="2026-03-19", present=everybody)

        text = itip.request(planned(once, number=DIRK), **POST) or b""

        assert [at.day for at, _ in sorted(expanded_by_another(text, end=datetime(2027, 1, 1, tzinfo=UTC)))] == [12, 26]

    @pytest.mark.parametrize(
        ("address", "said"),
        [
            ("a,b;c@mail.example", "mailto:a%2Cb%3Bc@mail.example"),
            ("a@b.example\r\nATTENDEE:mailto:x@y.example", "mailto:a@b.example%0D%0AATTENDEE%3Amailto%3Ax@y.example"),
            ("zoë@post.example", "mailto:zo%C3%AB@post.example"),
            ("a+b@mail.example", "mailto:a+b@mail.example"),
        ],
    )
    def test_keeps_any_address_in_its_line(self, address: str, said: str) -> None:
        event = only_event(itip.request(planned(agreed("2026-03-12T14:00")), **{**POST, "receiver": address}))

        assert event["ATTENDEE"] == said


class TestCancel:
    def test_takes_back_what_was_sent_with_a_higher_sequence_and_the_same_id(self) -> None:
        meeting = agreed("2026-03-12T14:00", place="Bib")
        off = after(meeting, ANNEMIE, "cancel")
        sent = only_event(itip.request(planned(meeting, sequence=1), **POST))

        text = itip.cancel(planned(off, sequence=2), **{**POST, "now": NOW + timedelta(hours=1)})

        event = only_event(text)
        assert read_again(text).method == "CANCEL"
        assert event["UID"] == sent["UID"]
        assert event["SEQUENCE"] > sent["SEQUENCE"]
        assert event.stamp > sent.stamp
        assert (event["STATUS"], event["SUMMARY"], "LOCATION" in event) == ("CANCELLED", "Afspraak", False)
        assert (event["ORGANIZER"], event["ATTENDEE"]) == (sent["ORGANIZER"], sent["ATTENDEE"])

    def test_takes_one_date_out_of_a_series(self) -> None:
        weekly = after(agreed("2026-03-26T18:00", repeat="FREQ=WEEKLY"), ANNEMIE, "cancel", date="2026-04-02")
        sent = only_event(itip.request(planned(weekly), **POST))

        event = only_event(itip.cancel(planned(weekly, sequence=1), **POST, date="2026-04-02"))

        assert event["RECURRENCE-ID"].dt == datetime(2026, 4, 2, 18, tzinfo=event["RECURRENCE-ID"].dt.tzinfo)
        assert event["RECURRENCE-ID"].params["TZID"] == sent["DTSTART"].params["TZID"] == "Europe/Brussels"
        assert (event["STATUS"], "RRULE" in event, "EXDATE" in event) == ("CANCELLED", False, False)

    def test_carries_no_more_of_a_time_zone_than_its_one_date_needs(self) -> None:
        weekly = agreed("2026-03-12T18:00", repeat="FREQ=WEEKLY")

        assert itip.cancel(planned(weekly), **POST, date="2026-04-02").count(b"TZOFFSETTO") == 1

    def test_also_undoes_a_series_and_a_proposal_of_several_times(self) -> None:
        weekly, several = agreed("2026-03-12T18:00", repeat="FREQ=WEEKLY"), proposed("2026-03-12T14:00", "2026-03-13T14:00")

        for meeting in (weekly, several):
            assert only_event(itip.cancel(planned(meeting), **POST))["STATUS"] == "CANCELLED"


def test_sequence_rises_over_every_move_so_that_the_newest_wins() -> None:
    meeting, sent = agreed("2026-03-12T14:00"), []
    for sequence, start in enumerate(["2026-03-12T15:00", "2026-03-13T09:00", "2026-03-28T02:30"]):
        meeting = after(meeting, FATIMA, "move", times=[start])
        sent.append(only_event(itip.request(planned(meeting, sequence=sequence), **POST)))

    assert [event["SEQUENCE"] for event in sent] == [0, 1, 2]
    assert {event["UID"] for event in sent} == {f"{ID}@maatje"}
    assert [event.start.day for event in sent] == [12, 13, 28]
