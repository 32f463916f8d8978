"""Who did not answer is asked once, gently."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Person
from chat import frames
from chat.actions import members
from chat.models import Conversation
from meetings.models import Meeting
from notifications import following
from notifications.actions import choices, reminders
from notifications.actions.telling import tell_due
from notifications.actions.waiting import JITTER_SECONDS
from notifications.models import Notice, NoticeKind, NoticeState, PushAddress
from tests.conftest import Clock
from tests.meetings.acts import THURSDAY, WEDNESDAY
from tests.notifications.followed import a_worker_follows, do

pytestmark = [pytest.mark.django_db, pytest.mark.delivery, pytest.mark.usefixtures("clock")]

TONIGHT = frames.AskedTime("2026-03-02T20:00")  # now is 10:30 there
SOON = frames.AskedTime("2026-03-02T13:00")
NEXT_WEEK = [frames.AskedTime(f"2026-03-{day:02}T14:00") for day in (9, 10, 11)]


def nudges(person: Person, state: NoticeState = NoticeState.WAITING) -> list[Notice]:
    a_worker_follows()
    return list(Notice.objects.filter(person=person, kind=NoticeKind.NUDGE, state=state).order_by("due_at"))


def is_about(at: datetime, wanted: datetime) -> bool:
    return abs(at - wanted) <= timedelta(seconds=JITTER_SECONDS)


class TestWhen:
    def test_a_day_after_they_were_asked(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY, THURSDAY], now=now)

        (nudge,) = nudges(fatima)
        assert is_about(nudge.due_at, now + timedelta(hours=24)) and nudges(annemie) == []

    def test_three_hours_before_it_begins_when_that_is_sooner(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        do(annemie, conversation, "propose", times=[THURSDAY, TONIGHT], now=now)

        assert is_about(nudges(fatima)[0].due_at, datetime(2026, 3, 2, 16, 0, tzinfo=UTC))

    def test_never_when_it_begins_within_three_hours(
        self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        do(annemie, conversation, "propose", times=[SOON], now=clock())
        assert nudges(fatima) == []

        following.follow_the_days(now=clock.move(minutes=30))
        assert nudges(fatima) == []

    def test_once_however_often_somebody_looks(
        self, fatima: Person, annemie: Person, rings: PushAddress, conversation: Conversation, clock: Clock
    ) -> None:
        do(annemie, conversation, "propose", times=NEXT_WEEK, now=clock())
        due_at = nudges(fatima)[0].due_at
        for _ in range(3):
            following.follow_the_days(now=clock.move(hours=5))
        assert [one.due_at for one in nudges(fatima)] == [due_at]

        clock.at = due_at
        tell_due(now=clock())
        for _ in range(5):
            following.follow_the_days(now=clock.move(days=1))
        assert nudges(fatima) == [] and len(nudges(fatima, NoticeState.TOLD)) == 1

    def test_of_a_series_once_and_not_of_each_date(self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY", now=clock())
        assert is_about(nudges(fatima)[0].due_at, clock() + timedelta(hours=24))

        clock.at = nudges(fatima)[0].due_at
        tell_due(now=clock())
        following.follow_the_days(now=clock.move(days=10))
        assert Notice.objects.filter(kind=NoticeKind.NUDGE).count() == 1


class TestWhoAnswers:
    @pytest.mark.parametrize("act", ["accept", "decline"])
    def test_is_nudged_no_more(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime, act: str) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
        do(fatima, conversation, act, meeting=1, version=1, now=now)

        assert not Notice.objects.filter(kind=NoticeKind.NUDGE).exists()

    def test_with_another_time_has_asked_and_the_other_is_nudged(
        self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        clock.move(hours=2)
        do(fatima, conversation, "counter", meeting=1, version=1, times=[THURSDAY], now=clock())

        assert nudges(fatima) == []
        assert is_about(nudges(annemie)[0].due_at, clock() + timedelta(hours=24))

    def test_leaves_the_others_of_a_group_to_be_nudged_until_it_is_agreed(
        self, chantal: Person, dirk: Person, amina: Person, group: Conversation, now: datetime
    ) -> None:
        do(chantal, group, "propose", times=[WEDNESDAY], now=now)
        do(dirk, group, "decline", meeting=1, version=1, now=now)
        assert (len(nudges(chantal)), len(nudges(dirk)), len(nudges(amina))) == (0, 0, 1)

        do(dirk, group, "accept", meeting=1, version=1, now=now)
        assert nudges(amina) == []


class TestWhatIsNoQuestionAnyMore:
    def test_cancelled(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
        do(annemie, conversation, "cancel", meeting=1, now=now)

        assert nudges(fatima) == []

    def test_moved_it_is_another_one(self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        (first,) = nudges(fatima)
        do(annemie, conversation, "move", meeting=1, times=[THURSDAY], now=clock.move(hours=3))

        (second,) = nudges(fatima)
        assert is_about(second.due_at, clock() + timedelta(hours=24)) and second.id != first.id
        assert not reminders.still_stands(first, clock()) and reminders.still_stands(second, clock())

    def test_left(self, chantal: Person, dirk: Person, amina: Person, group: Conversation, now: datetime) -> None:
        do(chantal, group, "propose", times=[WEDNESDAY], now=now)
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)

        assert (nudges(dirk), len(nudges(amina))) == ([], 1)

    def test_one_date_that_moved_is_a_question_of_its_own(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY", now=now)
        do(fatima, conversation, "accept", meeting=1, version=1, now=now)
        do(annemie, conversation, "move", meeting=1, date="2026-03-11", times=[frames.AskedTime("2026-03-12T10:00")], now=now)
        assert [one.date for one in nudges(fatima)] == ["2026-03-11"]

        version = Meeting.objects.get().version
        do(fatima, conversation, "accept", meeting=1, version=version, date="2026-03-11", now=now)
        assert nudges(fatima) == []


class TestADay:
    def test_has_one_nudge_at_most_whatever_waits(
        self, fatima: Person, annemie: Person, rings: PushAddress, conversation: Conversation, clock: Clock
    ) -> None:
        for start in NEXT_WEEK:
            do(annemie, conversation, "propose", times=[start], now=clock())
        do(annemie, conversation, "propose", times=[NEXT_WEEK[2]], now=clock.move(days=1))

        tell_due(now=clock.move(minutes=5))
        assert len(nudges(fatima, NoticeState.TOLD)) == 1
        assert [one.fate for one in nudges(fatima, NoticeState.DROPPED)] == ["nudged_today"] * 2

        tell_due(now=clock.move(days=1))
        assert len(nudges(fatima, NoticeState.TOLD)) == 2

    def test_has_none_for_who_wants_none(self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        choices.choose(person=fatima, by=fatima, now=clock(), nudges=False)
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        tell_due(now=clock.move(days=1, minutes=2))

        assert [one.fate for one in nudges(fatima, NoticeState.DROPPED)] == ["not_wanted"]
