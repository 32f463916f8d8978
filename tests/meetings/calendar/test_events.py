"""What stands in a VEVENT, as other software reads it."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chat.frames import Meeting
from core.errors import DomainError
from meetings import repeats
from meetings.calendar import texts
from meetings.occurrences import occurrences
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

BRUSSELS = ZoneInfo("Europe/Brussels")
HORIZON = texts.horizon(NOW)


def feed(*meetings: Any, details: bool = False, language: str = "nl") -> bytes:
    made = [one if not isinstance(one, Meeting) else planned(one) for one in meetings]
    return texts.feed(made, language=language, details=details, now=NOW)


def events_in(text: bytes) -> list[Any]:
    return read_again(text).events


def going_ahead(meeting: Meeting, *, away: Any = None, end: datetime = HORIZON) -> set[tuple[datetime, timedelta]]:
    found = occurrences(meeting, start=NOW - timedelta(days=900), end=end, away=away)
    return {(one.time.at, timedelta(minutes=one.time.minutes)) for one in found if one.goes_ahead and FATIMA in one.yes}


class TestOneMeeting:
    def test_is_an_instant_in_utc_and_a_few_hundred_bytes(self) -> None:
        text = feed(agreed(("2026-03-12T14:00", 90, None)))

        [event] = events_in(text)
        assert (event.start, event.end) == (datetime(2026, 3, 12, 13, tzinfo=UTC), datetime(2026, 3, 12, 14, 30, tzinfo=UTC))
        assert b"VTIMEZONE" not in text
        assert len(text) < 400

    def test_is_known_by_an_id_that_names_no_host(self) -> None:
        [event] = events_in(feed(agreed("2026-03-12T14:00")))

        assert event["UID"] == f"{ID}@maatje"

    @pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
    def test_keeps_the_one_of_two_instants_that_was_chosen(self, fold: int, hour: int) -> None:
        [event] = events_in(feed(agreed(("2026-10-25T02:30", 60, fold))))

        assert event.start == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)

    def test_says_tentative_until_it_is_agreed_and_cancelled_afterwards(self) -> None:
        asked, fixed = proposed("2026-03-12T14:00"), agreed("2026-03-12T14:00")
        off = after(fixed, ANNEMIE, "cancel")

        said = [(event["STATUS"], event["TRANSP"]) for event in events_in(feed(asked, fixed, off))]

        assert said == [("TENTATIVE", "TRANSPARENT"), ("CONFIRMED", "OPAQUE"), ("CANCELLED", "TRANSPARENT")]

    def test_shows_every_time_that_was_proposed_under_ids_of_their_own(self) -> None:
        several = proposed("2026-03-12T14:00", "2026-03-13T14:00", "2026-03-14T14:00")
        chosen = after(several, ANNEMIE, "accept", choice=2)

        before, now = events_in(feed(several)), events_in(feed(chosen))

        assert len({event["UID"] for event in before}) == 3
        assert [(event["UID"], event.start.day) for event in now] == [(f"{ID}@maatje", 13)]

    def test_is_not_there_for_who_did_not_say_yes(self) -> None:
        assert events_in(feed(planned(proposed("2026-03-12T14:00"), number=ANNEMIE))) == []
        assert events_in(feed(planned(agreed("2026-03-12T14:00"), number=DIRK))) == []

    def test_rises_in_sequence_with_every_change_under_the_same_id(self) -> None:
        first = agreed("2026-03-12T14:00")
        moved = after(first, FATIMA, "move", times=["2026-03-12T15:00"])

        texts_ = [feed(planned(meeting, sequence=sequence)) for sequence, meeting in enumerate([first, moved])]

        assert [(event["UID"], event["SEQUENCE"]) for text in texts_ for event in events_in(text)] == [
            (f"{ID}@maatje", 0),
            (f"{ID}@maatje", 1),
        ]


class TestTheWhole:
    def test_is_the_same_bytes_in_any_order_and_on_any_day_of_the_year(self) -> None:
        weekly, there = (
            agreed("2026-03-12T18:00", repeat="FREQ=WEEKLY"),
            agreed("2026-03-12T18:00", zone="Asia/Kolkata", repeat="FREQ=WEEKLY"),
        )
        one, other = planned(weekly), planned(there, id=uuid4())

        first = texts.feed([one, other], language="nl", details=False, now=NOW)
        later = texts.feed([other, one], language="nl", details=False, now=NOW + timedelta(days=200))

        assert first == later

    def test_is_a_calendar_when_there_is_nothing(self) -> None:
        text = texts.feed([], language="fr", details=False, now=NOW)

        assert read_again(text).calendar_name == "Rendez-vous"
        assert read_again(text).refresh_interval == timedelta(hours=6)


class TestSecrecy:
    def test_says_nothing_by_default(self) -> None:
        told = agreed("2026-03-12T14:00", place="OCMW Leuven", purpose="health", online=True)

        [event] = events_in(feed(told))

        assert event["SUMMARY"] == "Afspraak"
        assert set(event) == {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "STATUS", "CLASS", "TRANSP"}
        assert event["CLASS"] == "PRIVATE"

    @pytest.mark.parametrize(
        ("language", "word"), [("nl", "Afspraak"), ("fr", "Rendez-vous"), ("en", "Appointment"), ("tr", "Randevu"), ("ar", "موعد")]
    )
    def test_says_it_in_the_language_of_its_reader(self, language: str, word: str) -> None:
        [event] = events_in(feed(agreed("2026-03-12T14:00"), language=language))

        assert event["SUMMARY"] == word

    def test_tells_where_and_what_about_to_who_wants_that(self) -> None:
        told, online = agreed("2026-03-12T14:00", place="Bib", purpose="sport"), agreed("2026-03-13T14:00", online=True)

        here, there = events_in(feed(told, online, details=True))

        assert (here["SUMMARY"], here["LOCATION"]) == ("Afspraak: sport", "Bib")
        assert (there["SUMMARY"], there["LOCATION"]) == ("Afspraak", "Online")

    @pytest.mark.parametrize(
        "place",
        [
            "Café, 't Zuid; hoek", "eerste\ntweede", "back\\slash \\n \\, \\;", "x\r\nEND:VEVENT\r\nATTENDEE:mailto:a@b.example", "x\rSUMMARY:y", "😀" * 190,
            "المكتبة العامة، شارع 12", "a\u2028b\u2029c\x85d", '"quoted": x=y', "é" * 200, "tab\there", "BEGIN:VALARM",
        ],
    )  # fmt: skip
    def test_keeps_any_text_in_its_own_line(self, place: str) -> None:
        text = feed(agreed("2026-03-12T14:00", place=place), details=True)
        expected = "\n".join(place.splitlines())

        assert [event["LOCATION"] for event in events_in(text)] == [expected]
        assert [event.location.value for event in read_by_another(text).vevent_list] == [expected]
        assert text.count(b"BEGIN:VEVENT\r\n") == text.count(b"END:VEVENT\r\n") == 1
        assert not re.search(rb"^(?:ATTENDEE|BEGIN:VALARM|SUMMARY:y)", text, re.MULTILINE)
        assert all(len(line) <= 75 for line in text.split(b"\r\n"))
        assert b"\r" not in text.replace(b"\r\n", b"")


class TestSeries:
    def test_stays_at_its_time_on_the_clock_across_summer_time_both_ways(self) -> None:
        weekly = agreed("2026-03-12T18:00", repeat="FREQ=WEEKLY", on_holidays=True)

        dates = sorted(at for at, _ in expanded_by_another(feed(weekly), end=datetime(2027, 1, 1, tzinfo=UTC)))

        assert {at.astimezone(BRUSSELS).hour for at in dates} == {18}
        assert {at.hour for at in dates} == {16, 17}
        assert len(dates) == 43

    @pytest.mark.parametrize(("first", "minutes"), [("2026-03-15T02:30", 60), ("2026-10-18T02:30", 60), ("2026-10-18T01:30", 120)])
    def test_puts_a_skipped_and_a_doubled_time_where_everybody_puts_them(self, first: str, minutes: int) -> None:
        weekly = agreed((first, minutes, None), repeat="FREQ=WEEKLY;COUNT=4", on_holidays=True)

        assert expanded_by_another(feed(weekly), end=HORIZON) == going_ahead(weekly)

    def test_begins_with_the_second_of_two_instants_when_that_was_chosen(self) -> None:
        weekly = agreed(("2026-10-25T02:30", 60, 1), repeat="FREQ=WEEKLY;COUNT=3", on_holidays=True)

        found = expanded_by_another(feed(weekly), end=HORIZON)

        assert found == going_ahead(weekly)
        assert min(found)[0] == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    def test_leaves_out_holidays_absences_and_what_was_cancelled(self) -> None:
        weekly = agreed("2026-04-09T18:00", repeat="FREQ=WEEKLY;UNTIL=20260528")  # the 14th of May is Ascension Day
        weekly = after(weekly, ANNEMIE, "cancel", date="2026-04-23")

        text = feed(planned(weekly, away={ANNEMIE: [(date(2026, 4, 28), date(2026, 5, 1))]}))

        days = sorted(at.date().isoformat() for at, _ in expanded_by_another(text, end=HORIZON))
        assert days == ["2026-04-09", "2026-04-16", "2026-05-07", "2026-05-21", "2026-05-28"]

    def test_shows_a_moved_date_only_once_both_said_yes_to_it(self) -> None:
        weekly = agreed("2026-03-12T18:00", repeat="FREQ=WEEKLY;COUNT=3")
        moved = after(weekly, ANNEMIE, "move", date="2026-03-19", times=["2026-03-20T10:00"])
        accepted = after(moved, FATIMA, "accept", date="2026-03-19")

        waiting, settled = (expanded_by_another(feed(one), end=HORIZON) for one in (moved, accepted))

        assert [at.day for at, _ in sorted(waiting)] == [12, 26]
        assert [(at.day, at.hour) for at, _ in sorted(settled)] == [(12, 17), (20, 9), (26, 17)]

    def test_leaves_out_a_date_that_its_reader_alone_declined(self) -> None:
        everybody = (FATIMA, ANNEMIE, DIRK)
        weekly = after(agreed("2026-03-12T18:00", repeat="FREQ=WEEKLY;COUNT=3"), DIRK, "accept", present=everybody)
        without_dirk = after(weekly, DIRK, "decline", date="2026-03-19", present=everybody)

        for_dirk, for_fatima = (expanded_by_another(feed(planned(without_dirk, number=one)), end=HORIZON) for one in (DIRK, FATIMA))

        assert [at.day for at, _ in sorted(for_dirk)] == [12, 26]
        assert [at.day for at, _ in sorted(for_fatima)] == [12, 19, 26]

    def test_shows_single_dates_to_who_only_comes_to_those(self) -> None:
        everybody = (FATIMA, ANNEMIE, DIRK)
        weekly = agreed("2026-03-12T18:00", repeat="FREQ=WEEKLY;COUNT=3")
        once = after(weekly, DIRK, "accept", date="2026-03-19", present=everybody)

        [event] = events_in(feed(planned(once, number=DIRK)))

        assert event.start == datetime(2026, 3, 19, 17, tzinfo=UTC)

    def test_of_which_nobody_else_knows_yet_is_tentative_on_all_its_dates(self) -> None:
        text = feed(proposed("2026-03-12T18:00", repeat="FREQ=WEEKLY;COUNT=3"))

        assert len(expanded_by_another(text, end=HORIZON)) == 3
        assert [event["STATUS"] for event in events_in(text)] == ["TENTATIVE"]

    def test_that_is_cancelled_is_one_line_without_exceptions(self) -> None:
        weekly = agreed("2026-03-12T18:00", repeat="FREQ=WEEKLY")
        off = after(after(weekly, ANNEMIE, "cancel", date="2026-03-19"), FATIMA, "cancel")

        [event] = events_in(feed(off))

        assert (event["STATUS"], "EXDATE" in event) == ("CANCELLED", False)

    def test_forgets_no_date_that_was_moved_far_beyond_what_is_looked_at(self) -> None:
        weekly = agreed("2026-03-12T18:00", repeat="FREQ=WEEKLY", on_holidays=True)
        moved = after(weekly, ANNEMIE, "move", date="2027-03-11", times=["2027-04-05T10:00"])
        accepted = after(moved, FATIMA, "accept", date="2027-03-11")
        early = datetime(2025, 12, 30, tzinfo=UTC)  # looks until the first of January 2027

        text = texts.feed([planned(accepted)], language="nl", details=False, now=early)

        [moved_event] = [event for event in events_in(text) if "RECURRENCE-ID" in event]
        assert moved_event.start == datetime(2027, 4, 5, 8, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("repeat", "rule"),
        [
            ("FREQ=WEEKLY", "FREQ=WEEKLY"),
            ("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=5", "FREQ=WEEKLY;COUNT=5;INTERVAL=2"),
            ("FREQ=WEEKLY;UNTIL=20260402", "FREQ=WEEKLY;UNTIL=20260402T215959Z"),
        ],
    )
    def test_carries_the_rule_with_its_end_as_an_instant(self, repeat: str, rule: str) -> None:
        [event] = events_in(feed(agreed("2026-03-12T18:00", repeat=repeat)))

        assert event["RRULE"].to_ical().decode() == rule


ZONES = ["Europe/Brussels", "Africa/Casablanca", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata", "Europe/Istanbul"]
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)
REPEATS = [
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=WEEKLY;COUNT=9",
    "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270620",
    "FREQ=WEEKLY;UNTIL=20270401",
]


@st.composite
def clocks(draw: st.DrawFn, days: int = 390) -> tuple[str, int, int | None]:
    day = date(2026, 3, 4) + timedelta(days=draw(st.integers(0, days)))
    sunday_of_change = draw(st.sampled_from([day, date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 22), date(2026, 10, 18)]))
    hour, minute = draw(st.integers(0, 23)), draw(st.sampled_from([0, 15, 30, 59]))
    return f"{sunday_of_change}T{hour:02}:{minute:02}", draw(st.integers(5, 1440)), draw(st.sampled_from([0, 1]))


@st.composite
def series(draw: st.DrawFn) -> tuple[Meeting, dict[int, list[tuple[date, date]]]]:
    """A series after a while: dates cancelled, moved and declined, and somebody on holiday."""
    first = draw(clocks(days=200))
    try:
        meeting = agreed(first, zone=draw(st.sampled_from(ZONES)), repeat=draw(st.sampled_from(REPEATS)), on_holidays=draw(st.booleans()))
    except DomainError:  # a time that its clock skips
        assume(False)
    days = list(repeats.dates(date.fromisoformat(first[0][:10]), repeats.rule_of(meeting.repeat), date(2026, 3, 1), date(2027, 3, 1)))
    for day in draw(st.lists(st.sampled_from([day.isoformat() for day in days]), max_size=5, unique=True)):
        how = draw(st.sampled_from(["cancel", "decline", "move", "move and accept"]))
        try:
            said: dict[str, Any] = {"times": [draw(clocks())]} if "move" in how else {}
            meeting = after(meeting, ANNEMIE, how.partition(" ")[0], date=day, **said)
            if "accept" in how:
                meeting = after(meeting, FATIMA, "accept", date=day)
        except DomainError:  # as above, or over already
            continue
    gone = date(2026, 3, 4) + timedelta(days=draw(st.integers(0, 300)))
    return meeting, {ANNEMIE: [(gone, gone + timedelta(days=draw(st.integers(0, 20))))]}


@given(drawn=series())
def test_what_others_expand_is_what_we_remind_of(drawn: tuple[Meeting, dict[int, list[tuple[date, date]]]]) -> None:
    meeting, away = drawn

    text = feed(planned(meeting, away=away))

    assert expanded_by_another(text, end=HORIZON) == going_ahead(meeting, away=away)
    assert read_again(text).to_ical() == text


@given(time=clocks(), place=LINES, sequence=st.integers(0, 2**31 - 1), zone=st.sampled_from(ZONES))
def test_a_meeting_that_is_imported_again_is_the_one_that_went_out(
    time: tuple[str, int, int | None], place: str, sequence: int, zone: str
) -> None:
    try:
        meeting = agreed(time, zone=zone, place=place)
    except DomainError:  # a skipped time, or a place that nobody can read
        assume(False)

    text = feed(planned(meeting, sequence=sequence), details=True)

    [event], [theirs] = events_in(text), read_by_another(text).vevent_list
    assert (event.start, event.end - event.start) == (meeting.times[0].at, timedelta(minutes=time[1]))
    assert (event["UID"], event["SEQUENCE"], event.stamp) == (f"{ID}@maatje", sequence, NOW)
    assert str(event.get("LOCATION", "")) == "\n".join(meeting.place.splitlines())
    assert theirs.dtstart.value == event.start
    assert not meeting.place or theirs.location.value == event["LOCATION"]
    assert read_again(text).to_ical() == text
