"""Who is reminded of what, and when: before anything is told. What waits is read from the rows."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from accounts.actions import people
from accounts.models import Person
from chat import frames
from chat.actions import members
from chat.models import Conversation
from meetings.actions import absences, planning
from meetings.models import Meeting
from notifications import following
from notifications.actions import choices, reminders
from notifications.actions.waiting import JITTER_SECONDS
from notifications.models import Notice, NoticeKind, NoticeState
from programmes.actions import circles
from programmes.models import Circle
from tests.conftest import Clock
from tests.meetings.acts import THURSDAY, WEDNESDAY
from tests.notifications.followed import a_worker_follows, do

pytestmark = [pytest.mark.django_db, pytest.mark.delivery, pytest.mark.usefixtures("clock")]

LATE = frames.AskedTime("2026-03-04T23:30")
EARLY = frames.AskedTime("2026-03-04T08:30")


def agree(asks: Person, agrees: Person, conversation: Conversation, *times: frames.AskedTime, now: datetime, **asked: Any) -> Meeting:
    """A meeting that two people agreed on."""
    do(asks, conversation, "propose", times=list(times), now=now, **asked)
    row = Meeting.objects.filter(conversation=conversation).latest("number")
    do(agrees, conversation, "accept", meeting=row.number, version=1, now=now)
    row.refresh_from_db()
    return row


def waiting(person: Person) -> list[tuple[str, str]]:
    """What waits for somebody: which reminder, and of when."""
    a_worker_follows()
    rows = Notice.objects.filter(person=person, kind=NoticeKind.REMINDER, state=NoticeState.WAITING).order_by("due_at")
    return [(row.detail, f"{row.at:%m-%d %H:%M}") for row in rows]


def one(person: Person, lead: str) -> Notice:
    a_worker_follows()
    return Notice.objects.get(person=person, kind=NoticeKind.REMINDER, detail=lead, state=NoticeState.WAITING)


def is_about(at: datetime, wanted: datetime) -> bool:
    return abs(at - wanted) <= timedelta(seconds=JITTER_SECONDS)


BOTH = [("day", "03-04 13:00"), ("hours", "03-04 13:00")]


class TestAMeeting:
    def test_that_is_only_proposed_reminds_nobody(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)

        assert waiting(fatima) == waiting(annemie) == []

    def test_that_is_agreed_reminds_both_a_day_and_two_hours_before(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        meeting = agree(annemie, fatima, conversation, WEDNESDAY, now=now)

        assert waiting(fatima) == waiting(annemie) == BOTH
        day, hours = one(fatima, "day"), one(fatima, "hours")
        begins = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
        assert is_about(day.due_at, begins - timedelta(hours=24)) and day.expires_at == begins - timedelta(hours=2)
        assert is_about(hours.due_at, begins - timedelta(hours=2)) and hours.expires_at == begins
        assert (day.meeting_id, day.conversation_id, day.at, day.date) == (meeting.id, conversation.id, begins, "")

    @pytest.mark.parametrize(("hours", "left"), [(23, ["hours"]), (5, ["hours"]), (1, [])])
    def test_that_is_agreed_late_has_the_reminders_that_are_still_to_come(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime, hours: int, left: list[str]
    ) -> None:
        start = f"{now + timedelta(hours=hours + 1):%Y-%m-%dT%H:%M}"  # Brussels is an hour ahead
        agree(annemie, fatima, conversation, frames.AskedTime(start), now=now)

        assert [lead for lead, _ in waiting(fatima)] == left

    def test_that_moves_reminds_of_nothing_until_it_is_agreed_again_and_then_of_its_new_time(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=now)
        do(annemie, conversation, "move", meeting=1, times=[THURSDAY], now=now)
        assert waiting(fatima) == waiting(annemie) == []

        do(fatima, conversation, "accept", meeting=1, version=2, now=now)
        assert waiting(fatima) == waiting(annemie) == [("day", "03-05 09:00"), ("hours", "03-05 09:00")]

    def test_that_moves_and_moves_back_reminds_nobody_twice(
        self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=clock())
        told = one(fatima, "day")
        clock.at = told.due_at
        Notice.objects.filter(id=told.id).update(state=NoticeState.TOLD, told_at=clock())
        for version, when in enumerate([THURSDAY, WEDNESDAY], 2):
            do(annemie, conversation, "move", meeting=1, times=[when], now=clock())
            do(fatima, conversation, "accept", meeting=1, version=version, now=clock())

        assert waiting(fatima) == [("hours", "03-04 13:00")]

    def test_that_was_told_before_a_night_is_not_told_again_when_there_is_no_night(
        self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, LATE, now=clock())
        told = one(fatima, "day")
        clock.at = told.due_at
        Notice.objects.filter(id=told.id).update(state=NoticeState.TOLD, told_at=clock())
        choices.choose(person=fatima, by=fatima, now=clock(), quiet_from=time(0), quiet_until=time(0))

        assert waiting(fatima) == [("hours", "03-04 22:30")]

    def test_keeps_the_rows_that_still_hold(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=now)
        before = set(Notice.objects.values_list("id", "due_at"))

        do(annemie, conversation, "propose", times=[THURSDAY], now=now)
        following.follow_the_days(now=now)
        choices.choose(person=fatima, by=fatima, now=now, reminder_day=False)
        choices.choose(person=fatima, by=fatima, now=now, reminder_hours=False)

        a_worker_follows()
        after = set(Notice.objects.filter(kind=NoticeKind.REMINDER).values_list("id", "due_at"))
        assert after == {row for row in before if Notice.objects.filter(id=row[0], person=annemie, kind=NoticeKind.REMINDER).exists()}
        assert waiting(annemie) == BOTH

    @pytest.mark.parametrize("act", ["cancel", "decline"])
    def test_that_is_off_reminds_nobody(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime, act: str) -> None:
        row = agree(annemie, fatima, conversation, WEDNESDAY, now=now)
        do(fatima, conversation, act, meeting=1, version=row.version, now=now)

        assert waiting(fatima) == waiting(annemie) == []

    def test_that_ends_with_its_circle_reminds_nobody(
        self, fatima: Person, annemie: Person, circle: Circle, conversation: Conversation, now: datetime
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=now)
        circles.pause(circle=circle, by=fatima, now=now)

        assert waiting(fatima) == waiting(annemie) == []

    def test_of_a_group_reminds_those_who_come_and_not_who_left(
        self, chantal: Person, dirk: Person, amina: Person, group: Conversation, now: datetime
    ) -> None:
        row = agree(chantal, dirk, group, WEDNESDAY, now=now)
        assert (waiting(chantal), waiting(dirk), waiting(amina)) == (BOTH, BOTH, [])

        do(amina, group, "accept", meeting=1, version=row.version, now=now)
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)
        assert (waiting(chantal), waiting(dirk), waiting(amina)) == (BOTH, [], BOTH)


class TestASeries:
    @pytest.fixture
    def weekly(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> Meeting:
        return agree(annemie, fatima, conversation, WEDNESDAY, repeat="FREQ=WEEKLY", now=now)

    def hours(self, person: Person) -> list[str]:
        return [at for lead, at in waiting(person) if lead == "hours"]

    def test_is_written_for_nine_days_and_each_day_for_another(self, fatima: Person, weekly: Meeting, clock: Clock) -> None:
        assert waiting(fatima) == BOTH

        following.follow_the_days(now=clock.move(hours=2))
        assert waiting(fatima) == BOTH
        following.follow_the_days(now=clock.move(hours=22))
        assert waiting(fatima) == [*BOTH, ("day", "03-11 13:00"), ("hours", "03-11 13:00")]

    def test_follows_the_clock_of_its_place_when_summer_begins(self, fatima: Person, weekly: Meeting, clock: Clock) -> None:
        following.follow_the_days(now=clock.move(days=22))
        dues = {row.at: row.due_at for row in Notice.objects.filter(person=fatima, detail="hours", kind=NoticeKind.REMINDER)}

        assert is_about(dues[datetime(2026, 3, 25, 13, 0, tzinfo=UTC)], datetime(2026, 3, 25, 11, 0, tzinfo=UTC))
        assert is_about(dues[datetime(2026, 4, 1, 12, 0, tzinfo=UTC)], datetime(2026, 4, 1, 10, 0, tzinfo=UTC))

    def test_leaves_out_a_date_that_is_off(
        self, fatima: Person, annemie: Person, conversation: Conversation, weekly: Meeting, now: datetime
    ) -> None:
        do(annemie, conversation, "cancel", meeting=1, date="2026-03-04", now=now)

        assert waiting(fatima) == waiting(annemie) == []

    def test_asks_again_about_a_date_that_moved(
        self, fatima: Person, annemie: Person, conversation: Conversation, weekly: Meeting, now: datetime
    ) -> None:
        do(annemie, conversation, "move", meeting=1, date="2026-03-11", times=[frames.AskedTime("2026-03-05T09:00")], now=now)
        assert waiting(fatima) == BOTH

        weekly.refresh_from_db()
        do(fatima, conversation, "accept", meeting=1, version=weekly.version, date="2026-03-11", now=now)
        assert self.hours(fatima) == self.hours(annemie) == ["03-04 13:00", "03-05 08:00"]

    def test_reminds_neither_while_one_of_both_is_away_nor_tells_why(
        self, fatima: Person, annemie: Person, weekly: Meeting, now: datetime
    ) -> None:
        away = absences.add(person=fatima, first_date=date(2026, 3, 3), last_date=date(2026, 3, 5), now=now)
        assert waiting(fatima) == waiting(annemie) == []

        absences.remove(person=fatima, away_id=away.id, now=now)
        assert waiting(fatima) == waiting(annemie) == BOTH

    def test_skips_public_holidays(self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        monday = frames.AskedTime("2026-03-30T14:00")
        agree(annemie, fatima, conversation, monday, repeat="FREQ=WEEKLY", now=clock())
        following.follow_the_days(now=clock.move(days=34))
        assert self.hours(fatima) == ["04-13 12:00"]  # the 6th is Easter Monday


class TestAPerson:
    @pytest.fixture
    def agreed(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> Meeting:
        return agree(annemie, fatima, conversation, WEDNESDAY, now=now)

    def test_has_the_reminders_they_want(self, fatima: Person, annemie: Person, agreed: Meeting, now: datetime) -> None:
        choices.choose(person=fatima, by=fatima, now=now, reminder_day=False)
        assert (waiting(fatima), waiting(annemie)) == (BOTH[1:], BOTH)

        choices.choose(person=fatima, by=fatima, now=now, reminder_day=True, reminder_hours=False)
        assert waiting(fatima) == BOTH[:1]

    def test_who_is_suspended_is_reminded_of_nothing_until_they_are_back(
        self, fatima: Person, annemie: Person, nele: Person, agreed: Meeting, now: datetime
    ) -> None:
        people.suspend(person=fatima, by=None, now=now)
        assert (waiting(fatima), waiting(annemie)) == ([], BOTH)

        people.unsuspend(person=fatima, by=None, now=now)
        assert waiting(fatima) == BOTH

    def test_is_reminded_of_tomorrow_before_their_night_begins(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        agree(annemie, fatima, conversation, LATE, now=now)

        assert is_about(one(fatima, "day").due_at, datetime(2026, 3, 3, 20, 50, tzinfo=UTC))  # their 21:50, and not 23:30

    @pytest.mark.parametrize(
        ("start", "quiet", "due"),
        [
            ("2026-03-05T06:30", (22, 7), datetime(2026, 3, 4, 6, 0, tzinfo=UTC)),
            ("2026-03-05T00:30", (22, 7), datetime(2026, 3, 4, 6, 0, tzinfo=UTC)),
            ("2026-03-05T10:00", (20, 12), datetime(2026, 3, 4, 11, 0, tzinfo=UTC)),
            ("2026-03-05T07:00", (22, 7), datetime(2026, 3, 4, 6, 0, tzinfo=UTC)),
        ],
    )
    def test_is_never_reminded_of_tomorrow_two_days_before(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime, start: str, quiet: tuple[int, int], due: datetime
    ) -> None:
        choices.choose(person=fatima, by=fatima, now=now, quiet_from=time(quiet[0]), quiet_until=time(quiet[1]))
        agree(annemie, fatima, conversation, frames.AskedTime(start), now=now)

        assert is_about(one(fatima, "day").due_at, due)

    def test_is_told_at_another_hour_when_their_night_or_their_zone_changes(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        agree(annemie, fatima, conversation, LATE, now=now)
        choices.choose(person=fatima, by=fatima, now=now, quiet_from=time(20, 0))
        assert is_about(one(fatima, "day").due_at, datetime(2026, 3, 3, 18, 50, tzinfo=UTC))

        people.update_settings(person=fatima, by=fatima, now=now, zone="America/New_York")
        assert is_about(one(fatima, "day").due_at, datetime(2026, 3, 3, 22, 30, tzinfo=UTC))  # 17:30 there: nothing in the way
        assert is_about(one(annemie, "day").due_at, datetime(2026, 3, 3, 20, 50, tzinfo=UTC))

    def test_who_hears_of_it_after_their_night_is_told_again_when_the_night_is_no_more(
        self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, EARLY, now=clock())
        row = one(fatima, "hours")
        clock.at = row.due_at + timedelta(minutes=5)
        Notice.objects.filter(id=row.id).update(due_at=clock() + timedelta(minutes=20))  # as policy puts it off
        choices.choose(person=fatima, by=fatima, now=clock(), quiet_until=time(6, 0))

        assert one(fatima, "hours").due_at == clock()


class TestWhatStands:
    def test_is_what_would_be_written_now(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=now)
        stale = Notice.objects.get(person=fatima, detail="day")
        assert reminders.still_stands(stale, now)

        do(annemie, conversation, "move", meeting=1, times=[THURSDAY], now=now)
        do(fatima, conversation, "accept", meeting=1, version=2, now=now)
        assert not reminders.still_stands(stale, now)
        do(annemie, conversation, "move", meeting=1, times=[WEDNESDAY], now=now)
        assert not reminders.still_stands(stale, now)
        do(fatima, conversation, "accept", meeting=1, version=3, now=now)
        assert reminders.still_stands(stale, now)

    def test_asks_the_database_as_often_for_many_as_for_one(
        self, chantal: Person, dirk: Person, group: Conversation, now: datetime, django_assert_num_queries: Any
    ) -> None:
        for _ in range(3):
            agree(chantal, dirk, group, WEDNESDAY, repeat="FREQ=WEEKLY", now=now)
        rows = list(Notice.objects.filter(kind=NoticeKind.REMINDER))

        with django_assert_num_queries(4):
            assert reminders.standing(rows, now=now) == {row.id for row in rows}


class TestANewTimeZoneDatabase:
    def test_moves_the_reminders_with_the_meeting(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        row = agree(annemie, fatima, conversation, WEDNESDAY, now=now)
        assert conversation.data_key is not None
        key = conversation.data_key.unwrap()
        plan = row.plan(key=key)
        wrong = frames.MeetingTime(plan.times[0].start, 90, plan.times[0].at + timedelta(hours=1))  # as an older database had it
        row.take_plan(frames.Meeting(**{name: getattr(plan, name) for name in plan.__struct_fields__} | {"times": [wrong]}), key=key)
        row.save()
        Notice.objects.filter(kind=NoticeKind.REMINDER).delete()

        following.follow_the_clocks(now=now)

        assert waiting(fatima) == waiting(annemie) == BOTH
        assert planning.recompute_all(now=now) == 0

    def test_moves_the_reminders_of_dates_that_are_written_nowhere(
        self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, repeat="FREQ=WEEKLY", now=clock())
        following.follow_the_days(now=clock.move(days=3))
        right = waiting(fatima)
        for notice in Notice.objects.filter(kind=NoticeKind.REMINDER, state="waiting"):  # as an older database had it
            assert notice.at is not None
            notice.at += timedelta(hours=1)
            notice.due_at += timedelta(hours=1)
            notice.dedupe_key = f"older {notice.dedupe_key}"
            notice.save()
        assert right and waiting(fatima) != right

        following.follow_the_clocks(now=clock())

        assert waiting(fatima) == right

    def test_is_a_piece_of_work_by_itself(self) -> None:
        assert following.follow_the_clocks.__name__ == f"follow_the_clocks_{following.zones_version()}"
        assert following.zones_version()[:2] == "20" and len(following.follow_the_clocks.__name__) <= 40
