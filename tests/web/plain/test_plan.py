"""Planning something, with two taps or with the form."""

from datetime import date, time

import pytest

from accounts.models import Person
from chat.models import Conversation, Entry
from core.errors import DomainError
from meetings.errors import BadTime
from tests.conftest import Clock
from tests.meetings.acts import WEDNESDAY, do, newest
from tests.web.plain.browser import Browser
from tests.web.plain.forms import buttons_of, forms_of, tap
from web.plain.times import day_typed, hour_typed

PLAN, OWN = "/t/1/plan", "Stel voor"
ARABIC = {ord("0") + digit: 0x660 + digit for digit in range(10)}
MONDAY = date(2026, 3, 2)  # `now` in tests, 10:30 in Brussels


def meetings() -> int:
    return Entry.objects.filter(kind="meeting").count()


class TestTwoTaps:
    def test_plan_a_weekly_coffee(self, hers: Browser, fatima: Person, conversation: Conversation) -> None:
        assert PLAN in hers.open("/t/1").links

        planned = tap(hers, PLAN, "Elke week, maandag 14:00")

        meeting = newest(fatima, conversation)
        assert planned.to == "/t/1#f"
        assert (meeting.repeat, meeting.times[0].start, meeting.times[0].minutes) == ("FREQ=WEEKLY", "2026-03-09T14:00", 60)
        assert (meeting.zone, meeting.purpose, meeting.place) == ("Europe/Brussels", newest(fatima, conversation).purpose, "")

    def test_or_once_at_the_same_time(self, hers: Browser, fatima: Person, conversation: Conversation) -> None:
        tap(hers, PLAN, "Eén keer, maandag 9/3 14:00")

        assert (newest(fatima, conversation).repeat, newest(fatima, conversation).times[0].start) == ("", "2026-03-09T14:00")

    def test_follow_what_was_agreed_last(
        self, hers: Browser, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        do(fatima, conversation, "propose", times=[WEDNESDAY], place="Bib", purpose="learning", now=clock())
        do(annemie, conversation, "accept", meeting=1, version=1, now=clock())
        clock.move(days=3)

        page = hers.open(PLAN)
        tap(hers, PLAN, "Elke week, woensdag 14:00")

        again = newest(fatima, conversation)
        assert "90 minuten, Bib" in page.text
        assert (again.number, again.times[0].start, again.times[0].minutes) == (2, "2026-03-11T14:00", 90)
        assert (again.place, again.purpose) == ("Bib", "learning")

    def test_never_fall_on_a_holiday_or_on_something_else(
        self, hers: Browser, fatima: Person, conversation: Conversation, clock: Clock
    ) -> None:
        clock.move(days=28)  # Monday 30 March; a week later is Easter Monday
        assert buttons_of(hers.open(PLAN))[0] == "Elke week, dinsdag 14:00"

        tap(hers, PLAN, "Elke week")
        clock.move(days=1)

        assert buttons_of(hers.open(PLAN))[0] == "Elke week, woensdag 14:00"

    def test_twice_are_one_meeting(self, hers: Browser) -> None:
        page = hers.open(PLAN)

        pressed = [tap(hers, PLAN, "Elke week", page=page).status for _ in range(3)]

        assert (pressed, meetings()) == ([303] * 3, 1)

    def test_of_an_old_page_ask_first(self, hers: Browser, clock: Clock) -> None:
        page = hers.open(PLAN)
        tap(hers, PLAN, "Elke week", page=page)
        clock.move(hours=2)

        asked = tap(hers, PLAN, "Elke week", page=page)
        assert (asked.status, asked.code, meetings()) == (409, "already_done", 1)

        assert (tap(hers, PLAN, OWN, page=asked).status, meetings()) == (303, 2)


class TestTheForm:
    def test_asks_for_up_to_three_times(self, hers: Browser, fatima: Person, conversation: Conversation) -> None:
        second = {"date2": "2026-03-11", "time2": "9u", "date3": "12/3", "time3": "9h30"}

        tap(hers, PLAN, OWN, second, date="10/3/2026", time="14", minutes="90", place=" Café De Zwaan ", purpose="leisure")

        meeting = newest(fatima, conversation)
        assert [one.start for one in meeting.times] == ["2026-03-10T14:00", "2026-03-11T09:00", "2026-03-12T09:30"]
        assert {one.minutes for one in meeting.times} == {90}
        assert (meeting.place, meeting.purpose, meeting.repeat, meeting.online) == ("Café De Zwaan", "leisure", "", False)

    def test_makes_a_series_on_holidays_too(self, hers: Browser, fatima: Person, conversation: Conversation) -> None:
        tap(hers, PLAN, OWN, repeat="2", on_holidays="on", online="on")

        meeting = newest(fatima, conversation)
        assert (meeting.repeat, meeting.on_holidays, meeting.online) == ("FREQ=WEEKLY;INTERVAL=2", True, True)

    def test_chooses_no_purpose_for_anybody(self, hers: Browser) -> None:
        form = forms_of(hers.open(PLAN))[-1]

        assert len(form.radios["purpose"]) == 9
        assert "purpose" not in form.fields

    def test_says_once_what_speaks_against_a_time(self, hers: Browser, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        do(fatima, conversation, "propose", times=[WEDNESDAY], now=clock())
        hers.press("/t/meetings/away", first="10/3", last="10/3")
        wanted = {
            ("2026-03-04", "15:45"): "kort ervoor",
            ("2026-03-04", "15:00"): "al iets anders",
            ("2026-03-05", "23:00"): "avonds laat",
            ("2026-04-06", "14:00"): "feestdag",
            ("2026-03-10", "14:00"): "dan weg",
        }

        for (day, hour), word in wanted.items():
            before = meetings()
            warned = tap(hers, PLAN, OWN, date=day, time=hour, place="Bib")
            assert (word in warned.text, meetings()) == (True, before)
            assert tap(hers, PLAN, "Stel het toch voor", page=warned).status == 303
            assert (newest(fatima, conversation).times[0].start, newest(fatima, conversation).place) == (f"{day}T{hour}", "Bib")

    def test_warns_again_of_another_time(self, hers: Browser) -> None:
        warned = tap(hers, PLAN, OWN, date="2026-03-05", time="23:00")

        again = tap(hers, PLAN, "Stel het toch voor", page=warned, time="23:30")

        assert ("avonds laat" in again.text, again.status, meetings()) == (True, 200, 0)


class TestTheClock:
    def test_that_skips_an_hour_offers_the_next(self, hers: Browser, fatima: Person, conversation: Conversation) -> None:
        refused = tap(hers, PLAN, OWN, date="29/3/2026", time="2:30")
        assert (refused.status, refused.code) == (400, "time_does_not_exist")

        tap(hers, PLAN, OWN, page=refused, known="2026-03-29T03:30+60")  # at night, which was said before

        assert newest(fatima, conversation).times[0].start == "2026-03-29T03:30"

    def test_that_shows_an_hour_twice_asks_which(self, hers: Browser, fatima: Person, conversation: Conversation) -> None:
        refused = tap(hers, PLAN, OWN, date="25/10/2026", time="2:30")
        assert (refused.code, forms_of(refused)[-1].radios["fold"]) == ("time_is_ambiguous", ["0", "1"])

        warned = tap(hers, PLAN, OWN, page=refused, fold="1")
        tap(hers, PLAN, "Stel het toch voor", page=warned)

        assert newest(fatima, conversation).times[0].at.isoformat() == "2026-10-25T01:30:00+00:00"


class TestWhatCannotBe:
    def test_is_said_beside_what_was_typed(self, hers: Browser) -> None:
        wrong: list[tuple[dict[str, str], str]] = [
            ({"date": "31/02/2026"}, "bad_time"),
            ({"date": "", "time": ""}, "bad_time"),
            ({"date": "x" * 4096}, "bad_time"),
            ({"time": "25:00"}, "bad_time"),
            ({"time": "2 pm"}, "bad_time"),
            ({"date2": "2026-03-11"}, "bad_time"),
            ({"date": "2026-03-01"}, "time_is_past"),
            ({"date": "0001-01-01"}, "bad_time"),
            ({"date": "2027-12-01"}, "time_too_far"),
            ({"minutes": "4"}, "bad_duration"),
            ({"minutes": "-60"}, "bad_duration"),
            ({"minutes": "9" * 99}, "bad_duration"),
            ({"minutes": "60".translate(ARABIC)}, "bad_duration"),
            ({"place": "é" * 4096}, "place_too_long"),
            ({"place": "a\x00b"}, "body_invalid"),
            ({"purpose": "poverty"}, "invalid"),
            ({"repeat": "FREQ=SECONDLY"}, "bad_repeat"),
            ({"repeat": "1", "date2": "2026-03-11", "time2": "14:00"}, "wrong_number_of_times"),
            ({"date2": "2026-03-09", "time2": "14:00"}, "wrong_number_of_times"),
            ({"draft_id": "x"}, "stale_form"),
        ]
        for typed, code in wrong:
            given = {"place": "Bib", **typed}
            refused = tap(hers, PLAN, OWN, given)

            assert (typed, refused.code, refused.status in {400, 409}) == (typed, code, True)
            shown = forms_of(refused)[-1].fields
            kept = {name: value for name, value in given.items() if name not in {"repeat", "purpose", "minutes", "draft_id"}}
            assert {name: shown[name] for name in kept} == kept
        assert meetings() == 0

    def test_is_not_planned_elsewhere(self, hers: Browser, clock: Clock) -> None:
        page = hers.open(PLAN)

        assert tap(hers, "/t/9/plan", OWN, page=page).code == "conversation_not_found"
        assert [hers.open(path).status for path in ("/t/9/plan", "/t/0/plan", "/t/1/plan/x")] == [404] * 3

    def test_is_not_planned_where_nobody_may_write(self, hers: Browser, circle: object, clock: Clock, fatima: Person) -> None:
        page = hers.open(PLAN)
        hers.press("/t/1/rest")

        refused = tap(hers, PLAN, OWN, page=page)

        assert (refused.code, meetings()) == ("conversation_paused", 0)
        assert PLAN not in hers.open("/t/1").links


class TestADayAsTyped:
    @pytest.mark.parametrize(
        "text",
        ["2026-11-25", "25/11/2026", "25.11.2026", "25-11-26", " 25/11 ", "25/11/2026".translate(ARABIC), "25 11 2026", "\u200e25/11/2026"],
    )
    def test_is_read_as_people_write_it(self, text: str) -> None:
        assert day_typed(text, today=MONDAY) == date(2026, 11, 25)

    def test_without_a_year_is_the_next_one(self) -> None:
        assert [day_typed(text, today=MONDAY) for text in ("2/3", "1/3")] == [MONDAY, date(2027, 3, 1)]

    @pytest.mark.parametrize(
        "text",
        ["", "x", "31/02/2026", "31/2", "29/2/2027", "0/0", "11/25/2026", "2026-13-01", "25/11/2026 x", "2²/3", "1/1/1/1", "9" * 4096],
    )
    def test_that_is_none_is_refused(self, text: str) -> None:
        with pytest.raises(DomainError) as refused:
            day_typed(text, today=MONDAY)
        assert isinstance(refused.value, BadTime)


class TestAnHourAsTyped:
    @pytest.mark.parametrize(
        "text", ["14:30", "14.30", "14u30", "14h30", "14 u 30", "1430", "14:30:00", "14:30".translate(ARABIC), "14 H 30"]
    )
    def test_is_read_as_people_write_it(self, text: str) -> None:
        assert hour_typed(text) == time(14, 30)

    @pytest.mark.parametrize("text", ["14", "14u", "14 uur", "14h", "14 heures", "14:00"])
    def test_may_leave_the_minutes_out(self, text: str) -> None:
        assert hour_typed(text) == time(14)

    @pytest.mark.parametrize("text", ["", "x", "24:00", "14:60", "-1", "14:5", "half 3", "14:30 x", "²", "9" * 4096])
    def test_that_is_none_is_refused(self, text: str) -> None:
        with pytest.raises(BadTime):
            hour_typed(text)
