"""What one person cannot do to others with meetings: be read by who blocked them, be costly to look at, or be dear to receive."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.actions import blocks
from accounts.models import Person
from chat import frames, reading
from chat.actions.entries import append_draft
from chat.delivery import EntryDelivery
from chat.drafts import draft_of
from chat.engine import _charge, words_pace
from chat.models import Conversation
from chat.reading import Range
from core.ids import new_id
from meetings import advice
from meetings.errors import TooManyChanges, TooManyMeetings
from meetings.models import Meeting
from meetings.reading import agenda as agenda_module
from meetings.reading.agenda import agenda
from meetings.reading.calendar import planned
from programmes.actions import circles
from programmes.models import Circle
from tests.meetings.acts import THURSDAY, WEDNESDAY, do, newest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


class TestSomebodyWhoBlockedTheOneWhoAsks:
    @pytest.fixture
    def asked(self, chantal: Person, dirk: Person, group: Conversation, now: datetime) -> Conversation:
        """Chantal blocked Dirk; then Dirk asks the group, Amina says yes, and he moves it."""
        blocks.add(blocker=chantal, blocked=dirk, now=now)
        amina = group.members.get(number=3).person
        do(dirk, group, "propose", times=[WEDNESDAY], place="Ik weet waar je woont", now=now)
        do(amina, group, "accept", meeting=1, version=1, now=now)
        do(dirk, group, "move", meeting=1, times=[THURSDAY], now=now)
        return group

    def test_reads_no_word_of_it_whoever_answers(self, chantal: Person, amina: Person, asked: Conversation) -> None:
        def shown(person: Person) -> list[tuple[bool, str]]:
            entries, _ = reading.history(person.id, asked.id, before=None, after=None, limit=50)
            return [(entry.concealed, entry.meeting.place if isinstance(entry.meeting, frames.Meeting) else "") for entry in entries]

        assert shown(chantal) == [(True, ""), (False, ""), (False, "")]
        assert shown(amina) == [(False, "Ik weet waar je woont")] * 3

    def test_who_said_yes_before_learns_that_it_moves_and_that_it_is_off(
        self, chantal: Person, dirk: Person, group: Conversation, now: datetime
    ) -> None:
        do(dirk, group, "propose", times=[WEDNESDAY], now=now)
        do(chantal, group, "accept", meeting=1, version=1, now=now)
        blocks.add(blocker=chantal, blocked=dirk, now=now)
        moved = do(dirk, group, "move", meeting=1, times=[THURSDAY], place="Ik weet waar je woont", now=now)
        do(dirk, group, "cancel", meeting=1, now=now)

        assert (newest(chantal, group).state, newest(chantal, group).place) == ("cancelled", "")
        assert moved.appended is not None
        told = EntryDelivery(moved.appended).seen_by(chantal.id, conceals=True)
        assert isinstance(told.meeting, frames.Meeting) and (told.meeting.act, told.meeting.place, told.concealed) == ("move", "", False)

    def test_hears_nothing_of_it_live_from_this_process_or_another(
        self, chantal: Person, amina: Person, asked: Conversation, now: datetime
    ) -> None:
        sent = do(amina, asked, "accept", meeting=1, version=2, now=now)
        assert sent.appended is not None

        for appended in (sent.appended, reading.appended([Range(asked.id, sent.seq, sent.seq)])[0]):
            conceals = {recipient.person_id: recipient.conceals for recipient in appended.audience}
            assert conceals[chantal.id] and not conceals[amina.id]

    def test_finds_it_in_no_agenda_and_no_calendar(self, chantal: Person, amina: Person, asked: Conversation, now: datetime) -> None:
        assert agenda(chantal, now=now) == [] and planned(chantal.id, now=now) == []
        assert len(agenda(amina, now=now)) == 1

    def test_still_sees_what_they_said_yes_to(self, chantal: Person, dirk: Person, group: Conversation, now: datetime) -> None:
        do(dirk, group, "propose", times=[WEDNESDAY], now=now)
        do(chantal, group, "accept", meeting=1, version=1, now=now)
        blocks.add(blocker=chantal, blocked=dirk, now=now)
        amina = group.members.get(number=3).person
        do(amina, group, "accept", meeting=1, version=1, now=now)

        entries, _ = reading.history(chantal.id, group.id, before=None, after=None, limit=50)
        assert [isinstance(entry.meeting, frames.Meeting) for entry in entries] == [True, True, True]
        assert len(agenda(chantal, now=now)) == 1


class TestRoom:
    def test_is_for_ten_series(self, annemie: Person, conversation: Conversation, now: datetime) -> None:
        for _ in range(10):
            do(annemie, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY", now=now)

        with pytest.raises(TooManyMeetings):
            do(annemie, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY", now=now)
        do(annemie, conversation, "propose", times=[THURSDAY], now=now)
        with pytest.raises(TooManyMeetings):
            do(annemie, conversation, "move", meeting=11, times=[THURSDAY], repeat="FREQ=WEEKLY", now=now)

    def test_is_asked_for_again_by_what_was_over(self, annemie: Person, conversation: Conversation, now: datetime) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
        later = now + timedelta(days=7)
        for _ in range(20):
            do(annemie, conversation, "propose", times=[frames.AskedTime("2026-03-20T10:00")], now=later)

        with pytest.raises(TooManyMeetings):
            do(annemie, conversation, "move", meeting=1, times=[frames.AskedTime("2026-03-20T10:00")], now=later)

    def test_is_for_eight_moved_dates_of_a_series(self, annemie: Person, conversation: Conversation, now: datetime) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY", now=now)
        dates = [f"{datetime(2026, 3, 4) + timedelta(weeks=week):%Y-%m-%d}" for week in range(9)]  # noqa: DTZ001  # days
        for date in dates[:8]:
            do(annemie, conversation, "move", meeting=1, date=date, times=[frames.AskedTime(f"{date}T16:00")], now=now)

        with pytest.raises(TooManyChanges):
            do(annemie, conversation, "move", meeting=1, date=dates[8], times=[frames.AskedTime(f"{dates[8]}T16:00")], now=now)
        assert do(annemie, conversation, "move", meeting=1, date=dates[7], times=[frames.AskedTime(f"{dates[7]}T17:00")], now=now).seq == 10


class TestAnAgenda:
    def test_looks_only_at_what_is_near(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ten weekly series are some hundred dates; each is held against those of its own days."""
        for hour in range(8, 18):
            do(annemie, conversation, "propose", times=[frames.AskedTime(f"2026-03-04T{hour:02}:00", 30)], repeat="FREQ=WEEKLY", now=now)
        compared: list[int] = []
        real = advice.warnings

        def counting(*given: Any, own: Any, **named: Any) -> Any:
            compared.append(len(own))
            return real(*given, own=own, **named)

        monkeypatch.setattr(agenda_module, "warnings", counting)

        items = agenda(annemie, now=now)

        assert len(items) == len(compared) > 80
        assert max(compared) <= 9

    def test_ends_somewhere(self, annemie: Person, conversation: Conversation, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(agenda_module, "MOST_SHOWN", 5)
        do(annemie, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY", now=now)

        starts = [item.occurrence.time.start[:10] for item in agenda(annemie, now=now)]

        assert starts == ["2026-03-04", "2026-03-11", "2026-03-18", "2026-03-25", "2026-04-01"]


class TestWhatOthersReceive:
    def test_is_paid_for_by_who_makes_them_receive_it(
        self, annemie: Person, conversation: Conversation, settings: Settings, now: datetime
    ) -> None:
        settings.MAATJE_TEXT_BYTES_PER_SECOND, settings.MAATJE_TEXT_BYTES_BURST = 0.001, 200
        meet = frames.Meet(0, conversation.id, new_id(), "propose", times=[WEDNESDAY], place="Bib " * 40)
        sent = append_draft(draft=draft_of(meet, person_id=annemie.id), now=now)
        assert sent.appended is not None

        _charge(sent.appended)

        assert words_pace().take(str(annemie.id), cost=30)


class TestWhoBlocksTheOtherInAPair:
    def test_meets_them_no_more(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
        do(fatima, conversation, "accept", meeting=1, version=1, now=now)

        blocks.add(blocker=fatima, blocked=annemie, now=now)

        assert (newest(annemie, conversation).act, newest(annemie, conversation).state) == ("end", "cancelled")
        assert agenda(fatima, now=now) == agenda(annemie, now=now) == []

    def test_in_a_group_goes_on_with_the_others_and_can_still_say_no(
        self, chantal: Person, dirk: Person, amina: Person, group: Conversation, now: datetime
    ) -> None:
        do(chantal, group, "propose", times=[WEDNESDAY], now=now)
        do(dirk, group, "accept", meeting=1, version=1, now=now)

        blocks.add(blocker=dirk, blocked=chantal, now=now)

        assert newest(amina, group).state == "agreed"
        do(dirk, group, "decline", meeting=1, version=1, now=now)
        assert newest(amina, group).state == "proposed"


class TestAMeetingThatCannotBeRead:
    def test_stops_neither_a_block_nor_a_pause(
        self, fatima: Person, annemie: Person, conversation: Conversation, circle: Circle, now: datetime
    ) -> None:
        for _ in range(2):
            do(annemie, conversation, "propose", times=[WEDNESDAY], now=now)
        Meeting.objects.filter(number=1).update(plan_sealed=b"damaged")

        blocks.add(blocker=fatima, blocked=annemie, now=now)
        circles.pause(circle=circle, by=fatima, now=now)

        assert newest(annemie, conversation).number == 2 and newest(annemie, conversation).state == "cancelled"
        assert agenda(annemie, now=now) == []
