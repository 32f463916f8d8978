"""What each act makes of one date of a series."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chat.frames import DateChange, MeetingTime
from core.errors import Invalid
from meetings.errors import (
    AlreadyAgreed,
    MeetingCancelled,
    MeetingChanged,
    NoSuchDate,
    NotYoursToMove,
    TimeIsPast,
    TooManyChanges,
    WrongNumberOfTimes,
    YourOwnProposal,
)
from tests.meetings.plans import (
    ANNEMIE,
    FATIMA,
    GROUP,
    MIA,
    act,
    agreed,
    change,
    proposal,
    series,
    utc,
)


class TestOneDateOfASeries:
    DATE = "2026-12-02"

    def test_is_declined_alone(self) -> None:
        meeting = act(agreed(series()), "decline", by=ANNEMIE, date=self.DATE)

        assert (meeting.state, meeting.version, meeting.date) == ("agreed", 1, self.DATE)
        assert meeting.changes == [DateChange(date=self.DATE, no=[ANNEMIE])]

    def test_is_accepted_again(self) -> None:
        declined = act(agreed(series()), "decline", by=ANNEMIE, date=self.DATE)

        assert change(act(declined, "accept", by=ANNEMIE, date=self.DATE), self.DATE) == DateChange(date=self.DATE, yes=[ANNEMIE])

    def test_is_moved_with_answers_of_its_own(self) -> None:
        meeting = act(agreed(series()), "move", "2026-12-03T10:00", by=ANNEMIE, date=self.DATE)

        moved = change(meeting, self.DATE)
        assert moved is not None
        assert moved.time == MeetingTime(start="2026-12-03T10:00", minutes=60, at=utc("2026-12-03T09:00"))
        assert (moved.yes, moved.no, meeting.version, meeting.state, meeting.yes) == ([ANNEMIE], [], 2, "agreed", [FATIMA, ANNEMIE])

    def test_is_asked_again_by_a_move_and_a_yes_is_to_the_newest(self) -> None:
        meeting = act(agreed(series()), "move", "2026-12-03T10:00", by=ANNEMIE, date=self.DATE)
        meeting = act(meeting, "accept", by=FATIMA, date=self.DATE)
        again = act(meeting, "move", "2026-12-04T10:00", by=FATIMA, date=self.DATE)

        moved = change(again, self.DATE)
        assert moved is not None
        assert moved.yes == [FATIMA]
        with pytest.raises(MeetingChanged):
            act(again, "accept", by=ANNEMIE, date=self.DATE, version=meeting.version)

    def test_that_was_declined_is_moved_and_agreed(self) -> None:
        meeting = act(agreed(series()), "decline", by=ANNEMIE, date=self.DATE)
        meeting = act(meeting, "move", "2026-12-03T10:00", by=FATIMA, date=self.DATE)
        meeting = act(meeting, "accept", by=ANNEMIE, date=self.DATE)

        moved = change(meeting, self.DATE)
        assert moved is not None
        assert (moved.yes, moved.no) == ([FATIMA, ANNEMIE], [])

    def test_that_was_moved_is_countered_by_who_did_not_say_yes(self) -> None:
        meeting = act(agreed(series(), present=GROUP), "move", "2026-12-03T10:00", by=ANNEMIE, date=self.DATE, present=GROUP)

        with pytest.raises(YourOwnProposal):
            act(meeting, "counter", "2026-12-04T10:00", by=ANNEMIE, date=self.DATE, present=GROUP)
        countered = change(act(meeting, "counter", "2026-12-04T10:00", by=MIA, date=self.DATE, present=GROUP), self.DATE)
        assert countered is not None
        assert countered.yes == [MIA]

    def test_that_is_agreed_is_not_countered(self) -> None:
        with pytest.raises(AlreadyAgreed):
            act(agreed(series()), "counter", "2026-12-03T10:00", by=ANNEMIE, date=self.DATE)

    def test_is_moved_and_cancelled_by_who_may(self) -> None:
        meeting = agreed(series(), present=GROUP)

        for name in ("move", "cancel"):
            with pytest.raises(NotYoursToMove):
                act(meeting, name, "2026-12-03T10:00", by=MIA, date=self.DATE, present=GROUP)

    def test_has_one_time(self) -> None:
        for asked in ([], ["2026-12-03T10:00", "2026-12-04T10:00"]):
            with pytest.raises(WrongNumberOfTimes):
                act(agreed(series()), "move", *asked, by=FATIMA, date=self.DATE)

    def test_has_nothing_else_of_its_own(self) -> None:
        meeting = agreed(series(place="Park"))

        assert act(meeting, "move", "2026-12-03T10:00", by=FATIMA, date=self.DATE, place="Park").version == 2
        others: dict[str, Any] = {"place": "Elsewhere", "online": True, "zone": "UTC", "repeat": "FREQ=WEEKLY;COUNT=2"}
        for name, asked in others.items():
            with pytest.raises(Invalid) as refusal:
                act(meeting, "move", "2026-12-03T10:00", by=FATIMA, date=self.DATE, **{name: asked})
            assert name in refusal.value.facts["problems"]

    def test_is_cancelled_for_good(self) -> None:
        meeting = act(agreed(series()), "cancel", by=FATIMA, date=self.DATE)

        assert (meeting.state, meeting.version, meeting.changes) == ("agreed", 2, [DateChange(date=self.DATE, cancelled=True)])
        for name in ("accept", "decline", "counter", "move", "cancel"):
            with pytest.raises(MeetingCancelled):
                act(meeting, name, "2026-12-03T10:00", by=FATIMA, date=self.DATE)

    @pytest.mark.parametrize("name", ["accept", "decline", "counter", "move", "cancel"])
    @pytest.mark.parametrize("date", ["2026-12-03", "2026-11-18", "2027-12-01", "9998-12-30", "2026-12-32", "x"])
    def test_is_one_that_the_series_has(self, name: str, date: str) -> None:
        with pytest.raises(NoSuchDate):
            act(agreed(series(repeat="FREQ=WEEKLY;UNTIL=20270630")), name, "2026-12-04T10:00", by=FATIMA, date=date)

    def test_is_of_a_series(self) -> None:
        with pytest.raises(NoSuchDate):
            act(agreed(proposal()), "decline", by=ANNEMIE, date="2026-11-25")

    def test_far_away_is_a_date_too_where_the_series_goes_on(self) -> None:
        assert act(agreed(series()), "cancel", by=FATIMA, date="9998-12-30").version == 2

    def test_that_is_over_stays_as_it_was_but_may_be_made_up_for(self) -> None:
        now = utc("2026-12-02T14:00")
        meeting = agreed(series())

        for name in ("accept", "decline", "cancel"):
            with pytest.raises(TimeIsPast):
                act(meeting, name, by=ANNEMIE, date=self.DATE, now=now)
        assert act(meeting, "move", "2026-12-04T10:00", by=ANNEMIE, date=self.DATE, now=now).version == 2

    def test_that_is_a_month_over_is_gone(self) -> None:
        meeting = agreed(series())
        over = utc("2026-12-02T14:00")

        act(meeting, "move", "2027-01-15T10:00", by=ANNEMIE, date=self.DATE, now=over + timedelta(days=30, seconds=-1))
        with pytest.raises(NoSuchDate):
            act(meeting, "move", "2027-01-15T10:00", by=ANNEMIE, date=self.DATE, now=over + timedelta(days=30))


class TestWhatDiffersOnDates:
    def test_is_forgotten_a_month_after(self) -> None:
        meeting = act(agreed(series()), "decline", by=ANNEMIE, date="2026-11-25")
        meeting = act(meeting, "move", "2026-12-20T10:00", by=FATIMA, date="2026-12-02")

        later = act(meeting, "decline", by=ANNEMIE, date="2026-12-30", now=utc("2026-12-29T09:00"))

        assert [one.date for one in later.changes] == ["2026-12-02", "2026-12-30"]

    def test_is_at_most_thirty(self) -> None:
        meeting = agreed(series())
        dates = [f"{datetime(2026, 12, 2) + timedelta(weeks=week):%Y-%m-%d}" for week in range(31)]  # noqa: DTZ001 - days
        for date in dates[:30]:
            meeting = act(meeting, "decline", by=ANNEMIE, date=date)

        with pytest.raises(TooManyChanges):
            act(meeting, "cancel", by=FATIMA, date=dates[30])
        assert act(meeting, "cancel", by=FATIMA, date=dates[29]).version == 2

    def test_is_no_yes_any_more_of_who_declines_all(self) -> None:
        meeting = act(series(), "accept", by=ANNEMIE, date="2026-12-02")
        meeting = act(meeting, "move", "2026-12-10T10:00", by=FATIMA, date="2026-12-09")
        meeting = act(meeting, "accept", by=ANNEMIE, date="2026-12-09")

        meeting = act(meeting, "decline", by=ANNEMIE)

        assert [(one.date, one.yes, one.no) for one in meeting.changes] == [("2026-12-09", [FATIMA], [ANNEMIE])]
