"""Acts about meetings, as the log shows them to both sides, and what the organisation and the circle's life make of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from msgspec import UNSET

from accounts.actions import blocks
from accounts.models import Person
from chat import frames, reading
from chat.actions import members
from chat.errors import ConversationNotFound, ConversationPaused, DraftReused, NotReachable
from chat.models import Conversation, Entry
from core import facts
from core.errors import Invalid
from core.ids import new_id
from meetings.actions import planning
from meetings.errors import CircleIsEnding, MeetingCancelled, MeetingChanged, MeetingNotFound, NotYoursToMove, TimeIsPast, TooManyMeetings
from meetings.facts import MeetingChanged as Fact
from meetings.models import Meeting
from programmes.actions import circles
from programmes.models import Circle, EndReason
from tests.chat.words import message
from tests.conftest import Clock
from tests.factories import make_circle
from tests.meetings.acts import THURSDAY, WEDNESDAY, do, newest

pytestmark = [pytest.mark.django_db, pytest.mark.delivery, pytest.mark.usefixtures("clock")]


@pytest.fixture
def heard() -> Iterator[list[Fact]]:
    """What apps above are told."""
    told: list[Fact] = []
    facts._handlers[Fact].append(told.append)
    yield told
    facts._handlers[Fact].remove(told.append)


class TestAnAct:
    def test_is_an_entry_that_both_read_alike(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        sent = do(annemie, conversation, "propose", times=[WEDNESDAY, THURSDAY], place="Bib De Krook", purpose="culture", now=now)

        looks = newest(fatima, conversation)
        assert sent.seq == 1 and sent.appended is not None and sent.appended.entry.meeting == looks == newest(annemie, conversation)
        assert (looks.number, looks.state, looks.place, looks.purpose, looks.proposer, looks.yes) == (
            1,
            "proposed",
            "Bib De Krook",
            "culture",
            2,
            [2],
        )
        assert [time.at.isoformat() for time in looks.times] == ["2026-03-04T13:00:00+00:00", "2026-03-05T09:00:00+00:00"]

    def test_keeps_its_place_among_messages(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
        do(fatima, conversation, "accept", meeting=1, version=1, now=now)

        entries, _ = reading.history(fatima.id, conversation.id, before=None, after=None, limit=50)

        assert [(entry.seq, entry.kind, entry.author) for entry in entries] == [(1, "meeting", 2), (2, "meeting", 1)]
        assert newest(annemie, conversation).state == "agreed"

    def test_is_told_upwards_in_the_same_transaction(
        self, fatima: Person, annemie: Person, conversation: Conversation, heard: list[Fact], now: datetime
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
        do(fatima, conversation, "decline", meeting=1, version=1, now=now)

        assert [(fact.act, fact.by_id, fact.number) for fact in heard] == [("propose", annemie.id, 1), ("decline", fatima.id, 1)]

    def test_gives_the_same_answer_to_every_try(self, annemie: Person, conversation: Conversation, now: datetime) -> None:
        draft_id = new_id()
        first = do(annemie, conversation, "propose", times=[WEDNESDAY], draft_id=draft_id, now=now)
        again = do(annemie, conversation, "propose", times=[WEDNESDAY], draft_id=draft_id, now=now + timedelta(hours=1))

        assert (again.seq, again.at, again.appended) == (first.seq, first.at, None)
        assert Meeting.objects.count() == 1
        with pytest.raises(DraftReused):
            do(annemie, conversation, "propose", times=[THURSDAY], draft_id=draft_id, now=now)

    def test_that_is_refused_leaves_nothing(self, annemie: Person, conversation: Conversation, heard: list[Fact], now: datetime) -> None:
        with pytest.raises(TimeIsPast):
            do(annemie, conversation, "propose", times=[frames.AskedTime("2026-03-02T08:00")], now=now)

        assert not Meeting.objects.exists() and not Entry.objects.exists() and not heard

    def test_that_fails_never_harms_the_messages_beside_it(
        self, annemie: Person, conversation: Conversation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from chat.actions.entries import append_drafts
        from chat.drafts import Refused, Sent, draft_of

        def fail(*given: object, **named: object) -> None:
            Meeting.objects.create(
                conversation=conversation, number=1, version=1, state="agreed", proposer=1, plan_sealed=b"", made_at=now, changed_at=now
            )
            raise RuntimeError

        monkeypatch.setattr(planning, "decide", fail)
        meet = frames.Meet(0, conversation.id, new_id(), "propose", times=[WEDNESDAY])
        outcomes = append_drafts(
            drafts=[
                message(annemie, conversation, "Dag"),
                draft_of(meet, person_id=annemie.id),
                message(annemie, conversation, "Nog iets"),
            ],
            now=now,
        )

        assert [type(outcome) for outcome in outcomes] == [Sent, Refused, Sent]
        assert [outcome.seq for outcome in outcomes if isinstance(outcome, Sent)] == [1, 2]
        assert isinstance(outcomes[1], Refused) and outcomes[1].code == "try_again"
        assert not Meeting.objects.exists()

    def test_says_neither_time_nor_place_in_the_database(self, annemie: Person, conversation: Conversation, now: datetime) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], place="Bib De Krook", now=now)

        row = Meeting.objects.values().get()
        kept = b"".join(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row.values())
        assert b"Krook" not in kept and b"leisure" not in kept and b"2026-03-04T14:00" not in kept


class TestWhoMay:
    def test_nobody_from_elsewhere(self, annemie: Person, elsewhere: Conversation, now: datetime) -> None:
        with pytest.raises(ConversationNotFound):
            do(annemie, elsewhere, "propose", times=[WEDNESDAY], now=now)

    def test_nobody_touches_a_meeting_of_another_conversation(
        self, fatima: Person, annemie: Person, conversation: Conversation, nele: Person, bram: Person, now: datetime
    ) -> None:
        other = make_circle(coordinator=nele, deputy=bram, now=now).conversation
        somebody = other.members.get(number=1).person
        do(somebody, other, "propose", times=[WEDNESDAY], now=now)

        with pytest.raises(MeetingNotFound):
            do(fatima, conversation, "accept", meeting=1, version=1, now=now)
        with pytest.raises(ConversationNotFound):
            do(fatima, other, "accept", meeting=1, version=1, now=now)

    def test_nobody_plans_with_whom_they_blocked(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        blocks.add(blocker=fatima, blocked=annemie, now=now)

        with pytest.raises(NotReachable):
            do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)

    def test_in_a_group_whoever_did_not_propose_it_does_not_cancel_it(
        self, chantal: Person, dirk: Person, group: Conversation, now: datetime
    ) -> None:
        do(chantal, group, "propose", times=[WEDNESDAY], now=now)

        with pytest.raises(NotYoursToMove):
            do(dirk, group, "cancel", meeting=1, now=now)

    def test_somebody_who_answers_what_was_changed_meanwhile_is_told(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
        do(annemie, conversation, "move", meeting=1, times=[THURSDAY], now=now)

        with pytest.raises(MeetingChanged):
            do(fatima, conversation, "accept", meeting=1, version=1, now=now)

    @pytest.mark.parametrize("act", ["accept", "decline", "counter", "move", "cancel"])
    def test_an_act_that_names_no_meeting_is_refused(self, annemie: Person, conversation: Conversation, act: str, now: datetime) -> None:
        with pytest.raises(Invalid):
            do(annemie, conversation, act, version=1, times=[WEDNESDAY], now=now)

    def test_a_conversation_holds_fifty(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        for number in range(1, 51):
            do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
            do(fatima, conversation, "accept", meeting=number, version=1, now=now)
        with pytest.raises(TooManyMeetings):
            do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)

        do(annemie, conversation, "cancel", meeting=7, now=now)
        assert do(annemie, conversation, "propose", times=[WEDNESDAY], now=now).seq == 102

    def test_one_member_leaves_room_for_the_others(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        for _ in range(20):
            do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
        with pytest.raises(TooManyMeetings):
            do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)

        assert do(fatima, conversation, "propose", times=[WEDNESDAY], now=now).seq == 21


class TestTheLifeOfACircle:
    @pytest.fixture
    def planned(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> Conversation:
        """One agreed in person, one asked online, one series, one over and one cancelled."""
        do(annemie, conversation, "propose", times=[WEDNESDAY], place="Bib", now=now)
        do(fatima, conversation, "accept", meeting=1, version=1, now=now)
        do(annemie, conversation, "propose", times=[THURSDAY], online=True, now=now)
        do(annemie, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY", now=now)
        do(fatima, conversation, "accept", meeting=3, version=1, now=now)
        do(annemie, conversation, "propose", times=[THURSDAY], now=now)
        do(annemie, conversation, "cancel", meeting=4, now=now)
        return conversation

    def states(self) -> list[str]:
        return list(Meeting.objects.order_by("number").values_list("state", flat=True))

    def test_a_pause_ends_what_was_planned(self, planned: Conversation, circle: Circle, fatima: Person, clock: Clock) -> None:
        circles.pause(circle=circle, by=fatima, now=clock())

        assert self.states() == ["cancelled"] * 4
        entries, _ = reading.history(fatima.id, planned.id, before=None, after=7, limit=50)
        assert [(entry.author, entry.meeting.act, entry.meeting.number) for entry in entries if entry.meeting is not UNSET] == [
            (0, "end", 1), (0, "end", 2), (0, "end", 3),
        ]  # fmt: skip
        with pytest.raises(ConversationPaused):
            do(fatima, planned, "propose", times=[WEDNESDAY], now=clock())

    @pytest.mark.parametrize("reason", [EndReason.GOAL_REACHED, EndReason.SAFETY])
    def test_the_end_ends_what_was_planned(
        self, planned: Conversation, circle: Circle, nele: Person, fatima: Person, reason: EndReason, clock: Clock
    ) -> None:
        circles.end(circle=circle, reason=reason, by=nele, now=clock())

        assert self.states() == ["cancelled"] * 4
        assert newest(fatima, planned).act == "end"

    def test_nothing_new_is_planned_in_the_days_of_goodbye(
        self, planned: Conversation, circle: Circle, nele: Person, fatima: Person, clock: Clock
    ) -> None:
        circles.end(circle=circle, reason=EndReason.GOAL_REACHED, by=nele, now=clock())

        with pytest.raises(CircleIsEnding):
            do(fatima, planned, "propose", times=[WEDNESDAY], now=clock())

    def test_what_is_over_stays_as_it_was(self, planned: Conversation, circle: Circle, fatima: Person, clock: Clock) -> None:
        clock.move(days=4)
        circles.pause(circle=circle, by=fatima, now=clock())

        assert self.states() == ["agreed", "proposed", "cancelled", "cancelled"]

    def test_in_a_group_what_somebody_proposed_goes_with_them_and_their_yes_too(
        self, chantal: Person, dirk: Person, amina: Person, group: Conversation, now: datetime
    ) -> None:
        do(chantal, group, "propose", times=[WEDNESDAY], now=now)
        do(dirk, group, "propose", times=[THURSDAY], now=now)
        do(amina, group, "accept", meeting=2, version=1, now=now)
        do(chantal, group, "accept", meeting=2, version=1, now=now)

        members.leave(by_id=chantal.id, conversation_id=group.id, now=now)

        assert self.states() == ["cancelled", "agreed"]
        assert do(dirk, group, "cancel", meeting=2, now=now).appended is not None
        assert 1 not in newest(dirk, group).yes

    def test_somebody_who_left_answers_nothing(self, chantal: Person, dirk: Person, group: Conversation, now: datetime) -> None:
        do(chantal, group, "propose", times=[WEDNESDAY], now=now)
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)

        with pytest.raises(ConversationNotFound):
            do(dirk, group, "accept", meeting=1, version=1, now=now)

    def test_cancelled_is_final(self, planned: Conversation, fatima: Person, now: datetime) -> None:
        with pytest.raises(MeetingCancelled):
            do(fatima, planned, "accept", meeting=4, version=2, now=now)


class TestANewTimeZoneDatabase:
    def test_moves_the_instant_and_not_the_clock(
        self, fatima: Person, annemie: Person, conversation: Conversation, heard: list[Fact], now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
        row = Meeting.objects.get()
        assert conversation.data_key is not None
        key, looks = conversation.data_key.unwrap(), newest(fatima, conversation)
        wrong = frames.MeetingTime(looks.times[0].start, 90, looks.times[0].at + timedelta(hours=1))  # as an older database had it
        row.take_plan(frames.Meeting(**{name: getattr(looks, name) for name in looks.__struct_fields__} | {"times": [wrong]}), key=key)
        row.save()

        assert planning.recompute_all(now=now) == 1
        assert planning.recompute_all(now=now) == 0

        row.refresh_from_db()
        assert row.plan(key=key).times == looks.times and row.sequence == 1
        assert heard[-1].by_id is None
