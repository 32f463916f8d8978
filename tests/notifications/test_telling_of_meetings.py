"""What people hear of meetings, and whom somebody blocked."""

import pytest

from accounts.actions import blocks
from accounts.models import Block, Person
from chat.actions import members
from chat.frames import AskedTime
from chat.models import Conversation
from meetings.models import Meeting
from notifications.actions import nudges
from notifications.actions.gatherings import gathered
from notifications.actions.telling import tell_due
from notifications.models import Delivery, Notice, NoticeState, PushAddress
from tests.chat.words import message, sent
from tests.conftest import Clock
from tests.factories import make_device
from tests.meetings.acts import THURSDAY, WEDNESDAY, do
from tests.notifications.conftest import fates, ring
from tests.notifications.outbox import read

pytestmark = [pytest.mark.delivery, pytest.mark.usefixtures("quiet_start")]


class TestMeetings:
    def test_is_dropped_once_the_entry_was_read(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        seq = do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock()).seq
        read(rings.person, conversation, seq)

        tell_due(now=clock())

        assert fates(rings.person, "meeting") == ["nothing_new"]

    def test_is_told_while_only_messages_were_read(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        [seq] = sent(message(annemie, conversation), now=clock())
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        read(rings.person, conversation, seq)

        tell_due(now=clock())

        assert (fates(rings.person), fates(rings.person, "meeting")) == (["nothing_new"], ["told"])

    def test_however_often_it_moves_it_rings_once_and_once_more(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        tell_due(now=clock())
        for number in range(16):
            do(annemie, conversation, "move", meeting=1, times=[(THURSDAY, WEDNESDAY)[number % 2]], now=clock.move(seconds=1))
            tell_due(now=clock())
        meanwhile = fates(rings.person, "meeting")

        tell_due(now=clock.move(minutes=5))

        assert (meanwhile, fates(rings.person, "meeting")) == (["told", "waiting"], ["told", "told"])
        assert Notice.objects.get(person=rings.person, kind="meeting", version=17).detail == "move"

    def test_many_meetings_ring_as_one(self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        for _ in range(5):
            do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock.move(seconds=1))
            tell_due(now=clock())

        tell_due(now=clock.move(minutes=5))

        assert sorted(fates(rings.person, "meeting")) == ["told", "told", "told_before", "told_before", "told_before"]
        assert len(set(Delivery.objects.values_list("collapse_key", flat=True))) == 1  # on the phone, too

    def test_that_what_is_about_to_begin_is_off_goes_at_once_three_times_a_day(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        at_noon = AskedTime("2026-03-02T12:00")
        for number in range(1, 5):
            do(annemie, conversation, "propose", times=[at_noon], now=clock.move(seconds=1))
            tell_due(now=clock())
            do(annemie, conversation, "cancel", meeting=number, now=clock.move(seconds=1))
            tell_due(now=clock())

        told = Notice.objects.filter(person=rings.person, kind="meeting", state=NoticeState.TOLD)
        assert list(told.order_by("told_at").values_list("detail", flat=True)) == ["propose", "cancel", "cancel", "cancel"]

    def test_that_it_moves_away_from_what_was_about_to_begin_goes_at_once(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        do(annemie, conversation, "propose", times=[AskedTime("2026-03-02T12:00")], now=clock())
        do(rings.person, conversation, "accept", meeting=1, version=1, now=clock())
        clock.move(minutes=1)  # 10:31 there
        tell_due(now=clock())
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        tell_due(now=clock())

        do(annemie, conversation, "move", meeting=1, times=[WEDNESDAY], now=clock.move(seconds=10))
        tell_due(now=clock())

        assert fates(rings.person, "meeting") == ["answered", "told", "told"]


class TestWhomSomebodyBlocked:
    @pytest.fixture
    def chantals(self, chantal: Person, clock: Clock) -> PushAddress:
        return ring(make_device(person=chantal, now=clock())[0], now=clock())

    def test_asks_and_nobody_hears_of_it_who_blocked_them(
        self, group: Conversation, chantals: PushAddress, dirk: Person, amina: Person, clock: Clock
    ) -> None:
        blocks.add(blocker=chantals.person, blocked=dirk, now=clock())

        do(dirk, group, "propose", times=[WEDNESDAY], now=clock())
        do(amina, group, "accept", meeting=1, version=1, now=clock())
        do(dirk, group, "move", meeting=1, times=[THURSDAY], now=clock())
        do(dirk, group, "cancel", meeting=1, now=clock())

        assert fates(chantals.person, "meeting") == []

    def test_does_not_answer_whoever_blocked_them(self, group: Conversation, chantals: PushAddress, dirk: Person, clock: Clock) -> None:
        blocks.add(blocker=chantals.person, blocked=dirk, now=clock())
        do(chantals.person, group, "propose", times=[WEDNESDAY], now=clock())

        do(dirk, group, "decline", meeting=1, version=1, now=clock())

        assert fates(chantals.person, "meeting") == []

    def test_nudges_nobody_who_blocked_them(self, group: Conversation, chantals: PushAddress, dirk: Person, clock: Clock) -> None:
        do(dirk, group, "propose", times=[THURSDAY], now=clock())
        nudges.follow(gathered(Meeting.objects.all()), now=clock())
        blocks.add(blocker=chantals.person, blocked=dirk, now=clock())

        tell_due(now=clock.move(hours=25))

        assert fates(chantals.person, "nudge") == ["blocked"]

    @pytest.mark.parametrize("act", ["move", "cancel"])
    def test_takes_back_what_somebody_said_yes_to_and_they_hear_of_it(
        self, group: Conversation, chantals: PushAddress, dirk: Person, clock: Clock, act: str
    ) -> None:
        do(dirk, group, "propose", times=[WEDNESDAY], now=clock())
        do(chantals.person, group, "accept", meeting=1, version=1, now=clock())
        blocks.add(blocker=chantals.person, blocked=dirk, now=clock())
        Notice.objects.filter(kind="meeting").delete()

        do(dirk, group, act, meeting=1, times=[THURSDAY] if act == "move" else [], now=clock())

        assert fates(chantals.person, "meeting") == ["waiting"]

    def test_rings_nobody_who_met_them_after_the_block(self, group: Conversation, rings: PushAddress, dirk: Person, clock: Clock) -> None:
        Block.objects.create(blocker=rings.person, blocked=dirk, at=clock())  # they knew each other from elsewhere
        members.join(conversation_id=group.id, person_id=rings.person_id, role="peer", now=clock())
        sent(message(dirk, group), now=clock())

        tell_due(now=clock())

        assert fates(rings.person) == ["nothing_new"]
