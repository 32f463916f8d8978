from datetime import timedelta

import pytest

from accounts.models import Person
from chat.frames import AskedTime
from chat.models import Conversation
from notifications.actions.choices import choose
from notifications.models import Notice, NoticeState
from programmes.actions import circles, members
from programmes.models import Circle, EndReason
from tests.conftest import Clock
from tests.meetings.acts import THURSDAY, WEDNESDAY, do
from tests.notifications.conftest import fates, forget_introductions

pytestmark = pytest.mark.delivery


def told_of(kind: str = "meeting") -> dict[str, str]:
    """Whom something waits for, and what."""
    return {notice.person.name: notice.detail for notice in Notice.objects.filter(kind=kind, state=NoticeState.WAITING)}


class TestMeetings:
    def test_a_proposal_is_news_for_the_others(self, chantal: Person, group: Conversation, clock: Clock) -> None:
        do(chantal, group, "propose", times=[WEDNESDAY], now=clock())

        assert told_of() == {"Dirk": "propose", "Amina": "propose"}

    def test_an_answer_is_news_for_who_asked(self, chantal: Person, dirk: Person, group: Conversation, clock: Clock) -> None:
        do(chantal, group, "propose", times=[WEDNESDAY], now=clock())
        Notice.objects.all().delete()

        do(dirk, group, "accept", meeting=1, version=1, now=clock())

        assert told_of() == {"Chantal": "accept"}

    def test_the_newest_replaces_what_waits_and_keeps_its_time(self, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        began = clock()
        do(fatima, conversation, "propose", times=[WEDNESDAY], now=clock())

        do(fatima, conversation, "move", meeting=1, times=[THURSDAY], now=clock.move(minutes=2))
        do(fatima, conversation, "cancel", meeting=1, now=clock.move(minutes=2))

        [notice] = Notice.objects.filter(kind="meeting")
        assert (notice.person.name, notice.detail, notice.version, notice.due_at) == ("Annemie", "cancel", 3, began)

    def test_after_it_was_told_a_new_one_waits(self, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        do(fatima, conversation, "propose", times=[WEDNESDAY], now=clock())
        Notice.objects.update(state=NoticeState.TOLD)

        do(fatima, conversation, "cancel", meeting=1, now=clock())

        assert told_of() == {"Annemie": "cancel"}

    def test_who_answers_is_not_told_of_the_question(
        self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        do(fatima, conversation, "propose", times=[WEDNESDAY], now=clock())

        do(annemie, conversation, "accept", meeting=1, version=1, now=clock())

        assert fates(annemie, "meeting") == ["answered"]
        assert told_of() == {"Fatima": "accept"}

    def test_is_of_use_until_the_last_of_its_times(self, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        tomorrow = AskedTime("2026-03-03T09:00")
        do(fatima, conversation, "propose", times=[AskedTime("2026-03-02T12:00"), tomorrow], now=clock())
        do(fatima, conversation, "propose", times=[AskedTime("2026-04-02T12:00")], now=clock())

        first, second = Notice.objects.filter(kind="meeting").order_by("expires_at")
        assert first.expires_at.isoformat() == "2026-03-03T08:00:00+00:00"
        assert second.expires_at == clock() + timedelta(hours=48)

    def test_says_no_word_of_it(self, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        do(fatima, conversation, "propose", times=[WEDNESDAY], place="Bij Fatima thuis", now=clock())

        [notice] = Notice.objects.filter(kind="meeting").values()
        assert not any("Fatima" in str(value) for value in notice.values())


class TestCircles:
    def test_who_is_introduced_may_talk(self, fatima: Person, annemie: Person, circle: Circle) -> None:
        assert told_of("circle") == {"Fatima": "introduced", "Annemie": "introduced"}

    def test_who_lets_it_rest_knows_that(self, circle: Circle, fatima: Person, clock: Clock) -> None:
        Notice.objects.all().delete()

        circles.pause(circle=circle, by=fatima, now=clock())

        assert told_of("circle") == {"Annemie": "paused"}

    def test_the_newest_replaces_what_waits(self, circle: Circle, nele: Person, clock: Clock) -> None:
        circles.pause(circle=circle, by=nele, now=clock())
        circles.resume(circle=circle, by=nele, now=clock())

        assert told_of("circle") == {"Fatima": "resumed", "Annemie": "resumed"}

    def test_meetings_that_end_with_it_ring_no_second_time(
        self, fatima: Person, annemie: Person, circle: Circle, conversation: Conversation, nele: Person, clock: Clock
    ) -> None:
        for _ in range(3):
            do(fatima, conversation, "propose", times=[WEDNESDAY], now=clock())
        choose(person=annemie, by=annemie, now=clock(), circles=False)
        Notice.objects.all().delete()

        circles.end(circle=circle, reason=EndReason.GOAL_REACHED, by=nele, now=clock())

        assert told_of("circle") == {"Fatima": "ended", "Annemie": "ended"}
        assert told_of("meeting") == {"Annemie": "end"}
        assert fates(annemie, "meeting") == ["waiting"]

    def test_who_stays_hears_that_somebody_left(
        self, dirk: Person, group_circle: Circle, group: Conversation, nele: Person, clock: Clock
    ) -> None:
        forget_introductions()

        members.remove(circle=group_circle, person=dirk, by=nele, now=clock())

        assert told_of("circle") == {"Chantal": "left", "Amina": "left"}
