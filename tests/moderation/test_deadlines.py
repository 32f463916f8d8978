"""By when somebody must have looked."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from moderation import deadlines
from moderation.models import Rules
from moderation.words import Priority, Urgency

BRUSSELS = ZoneInfo("Europe/Brussels")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FRIDAY_AFTERNOON = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)


class TestDueAt:
    @pytest.mark.parametrize(
        ("priority", "at_work", "term"),
        [
            (Priority.DANGER, True, timedelta(minutes=15)),
            (Priority.DANGER, False, timedelta(minutes=60)),
            (Priority.SAFEGUARDING, True, timedelta(hours=4)),
            (Priority.SAFEGUARDING, False, timedelta(hours=4)),
            (Priority.HARASSMENT, True, timedelta(hours=24)),
            (Priority.OTHER, True, timedelta(hours=72)),
        ],
        ids=["danger-at-work", "danger-on-call", "safeguarding", "safeguarding-at-night", "harassment", "other"],
    )
    def test_is_what_was_promised(self, priority: Priority, at_work: bool, term: timedelta) -> None:
        assert deadlines.due_at(Rules(), priority, at_work=at_work, now=MONDAY) == MONDAY + term

    def test_follows_what_an_organisation_chose(self) -> None:
        rules = Rules(harassment_minutes=60)

        assert deadlines.due_at(rules, Priority.HARASSMENT, at_work=True, now=MONDAY) == MONDAY + timedelta(hours=1)


class TestFurtherUp:
    def test_is_half_of_the_first_time(self) -> None:
        assert deadlines.further_up(MONDAY, MONDAY + timedelta(hours=4)) == timedelta(hours=2)

    def test_is_never_less_than_ten_minutes(self) -> None:
        assert deadlines.further_up(MONDAY, MONDAY + timedelta(minutes=15)) == timedelta(minutes=10)


class TestAnswerBy:
    def answer_by(
        self, urgency: Urgency, now: datetime, *, later: timedelta = timedelta(), holidays: frozenset[date] = frozenset()
    ) -> datetime:
        return deadlines.answer_by(urgency, zone=BRUSSELS, at_work_from=now + later, holidays=holidays, now=now)

    def test_today_is_two_hours_while_somebody_is_there(self) -> None:
        assert self.answer_by(Urgency.TODAY, MONDAY) == MONDAY + timedelta(hours=2)

    def test_today_counts_from_when_somebody_is_there(self) -> None:
        assert self.answer_by(Urgency.TODAY, MONDAY, later=timedelta(hours=10)) == MONDAY + timedelta(hours=12)

    def test_two_days_end_with_the_second_working_day(self) -> None:
        assert self.answer_by(Urgency.TWO_DAYS, MONDAY) == datetime(2026, 3, 4, 16, 0, tzinfo=UTC)

    def test_two_days_skip_the_weekend(self) -> None:
        assert self.answer_by(Urgency.TWO_DAYS, FRIDAY_AFTERNOON) == datetime(2026, 3, 10, 16, 0, tzinfo=UTC)

    def test_two_days_skip_holidays(self) -> None:
        assert self.answer_by(Urgency.TWO_DAYS, MONDAY, holidays=frozenset({date(2026, 3, 3)})) == datetime(2026, 3, 5, 16, 0, tzinfo=UTC)

    def test_the_next_contact_is_within_a_week(self) -> None:
        assert self.answer_by(Urgency.NEXT_CONTACT, MONDAY) == MONDAY + timedelta(days=7)


class TestOfficeOpens:
    @pytest.mark.parametrize(
        ("local", "opens"),
        [
            ("2026-03-02T07:00", "2026-03-02T09:00"),
            ("2026-03-02T10:00", "2026-03-02T10:00"),
            ("2026-03-02T17:00", "2026-03-03T09:00"),
            ("2026-03-06T18:00", "2026-03-09T09:00"),
        ],
        ids=["early", "in-hours", "late", "before-a-weekend"],
    )
    def test_is_when_somebody_can_be_expected(self, local: str, opens: str) -> None:
        assert deadlines.office_opens(_in_brussels(local), frozenset()) == _in_brussels(opens)


def _in_brussels(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=BRUSSELS)
