"""What goes to somebody's own calendar by mail, in which order, and what their calendar shows then."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from pytest_django import Settings

from accounts.models import Person
from chat import frames
from chat.actions import members
from chat.models import Conversation
from meetings.actions import absences
from meetings.models import Meeting
from notifications.actions import choices, invitations
from notifications.actions.telling import tell_due
from notifications.models import AddressKind, Notice, NoticeKind, NoticeState
from programmes.actions import circles
from programmes.models import Circle
from tests.conftest import Clock
from tests.meetings.acts import THURSDAY, WEDNESDAY
from tests.meetings.calendar.made import expanded_by_another, read_by_another
from tests.notifications.followed import a_worker_follows, do
from tests.notifications.post import make_address

pytestmark = [pytest.mark.django_db, pytest.mark.delivery, pytest.mark.usefixtures("clock")]

MAIL = "fatima@mail.example"


class Mailbox:
    """A calendar that believes what it is mailed: the newest SEQUENCE of each UID, and nothing that was cancelled."""

    def __init__(self, person: Person, clock: Clock) -> None:
        self.person = person
        self.clock = clock
        self.mails: list[tuple[str, int]] = []
        self.uids: set[str] = set()
        self.shows: bytes | None = None

    def opened(self) -> list[tuple[str, int]]:
        """Let time pass until what waits was told, and read what came: method and SEQUENCE."""
        a_worker_follows()
        self.clock.move(seconds=61)
        tell_due(now=self.clock())
        before = len(self.mails)
        told = Notice.objects.filter(person=self.person, kind=NoticeKind.INVITATION, state=NoticeState.TOLD, told_at=self.clock())
        for notice in told:
            self._take(invitations.part_for(notice, receiver=MAIL, now=self.clock()))
        return self.mails[before:]

    def _take(self, part: tuple[str, bytes] | None) -> None:
        assert part is not None
        method, text = part
        read_by_another(text)
        calendar = Calendar.from_ical(text)
        first: Any = calendar.events[0]
        assert calendar["METHOD"] == method
        assert first["ATTENDEE"] == f"mailto:{MAIL}" and first["ORGANIZER"] == "mailto:post@maatje.example"
        self.uids.add(first["UID"])
        assert not self.mails or first["SEQUENCE"] > self.mails[-1][1]
        self.mails.append((method, int(first["SEQUENCE"])))
        self.shows = text if method == "REQUEST" else None

    def dates(self, *, end: datetime) -> list[str]:
        return [] if self.shows is None else [f"{at:%m-%d %H:%M}" for at, _ in sorted(expanded_by_another(self.shows, end=end))]


SPRING = datetime(2026, 4, 10, tzinfo=UTC)


@pytest.fixture
def mailbox(fatima: Person, clock: Clock, settings: Settings) -> Iterator[Mailbox]:
    """Fatima wants meetings in her own calendar."""
    settings.DEFAULT_FROM_EMAIL = "Maatje <post@maatje.example>"
    make_address(fatima, kind=AddressKind.EMAIL, value=MAIL, now=clock())
    choices.choose(person=fatima, by=fatima, now=clock(), calendar_mail=True)
    yield Mailbox(fatima, clock)
    assert not Notice.objects.filter(kind=NoticeKind.INVITATION).exclude(person=fatima).exists()


def agree(asks: Person, agrees: Person, conversation: Conversation, *times: frames.AskedTime, now: datetime, **asked: Any) -> None:
    do(asks, conversation, "propose", times=list(times), now=now, **asked)
    do(agrees, conversation, "accept", meeting=1, version=1, now=now)


class TestWhoWantsMail:
    def test_is_invited_when_it_is_agreed_and_not_before(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], place="Bib De Krook", now=clock())
        assert mailbox.opened() == []

        do(fatima, conversation, "accept", meeting=1, version=1, now=clock())
        assert mailbox.opened() == [("REQUEST", 1)]
        assert mailbox.dates(end=SPRING) == ["03-04 13:00"]
        assert b"Krook" not in (mailbox.shows or b"") and b"Annemie" not in (mailbox.shows or b"")

    def test_sees_it_move_and_move_back_under_one_id(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=clock())
        mailbox.opened()
        do(annemie, conversation, "move", meeting=1, times=[THURSDAY], now=clock())
        assert mailbox.opened() == [("REQUEST", 2)]
        assert mailbox.dates(end=SPRING) == ["03-05 09:00"] and b"TENTATIVE" in (mailbox.shows or b"")

        do(fatima, conversation, "accept", meeting=1, version=2, now=clock())
        assert mailbox.opened() == [("REQUEST", 3)]
        assert mailbox.dates(end=SPRING) == ["03-05 09:00"] and b"CONFIRMED" in (mailbox.shows or b"")
        assert len(mailbox.uids) == 1

    def test_gets_one_mail_about_all_that_happened_within_a_minute(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=clock())
        do(annemie, conversation, "move", meeting=1, times=[THURSDAY], now=clock())
        do(fatima, conversation, "accept", meeting=1, version=2, now=clock())
        assert Notice.objects.filter(kind=NoticeKind.INVITATION).count() == 1

        assert mailbox.opened() == [("REQUEST", 3)]

    def test_gets_none_when_it_came_to_nothing_before_it_was_sent(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=clock())
        do(annemie, conversation, "cancel", meeting=1, now=clock())

        assert mailbox.opened() == [] and not Notice.objects.filter(kind=NoticeKind.INVITATION).exists()

    @pytest.mark.parametrize("act", ["cancel", "decline"])
    @pytest.mark.parametrize("is_hers", [True, False])
    def test_has_it_taken_out_when_it_is_off(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock, act: str, is_hers: bool
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=clock())
        mailbox.opened()
        do(fatima if is_hers else annemie, conversation, act, meeting=1, version=1, now=clock())

        assert mailbox.opened() == [("CANCEL", 2)]
        assert len(mailbox.uids) == 1 and mailbox.opened() == []

    def test_has_it_taken_out_when_the_circle_ends(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, circle: Circle, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=clock())
        mailbox.opened()
        circles.pause(circle=circle, by=fatima, now=clock())

        assert mailbox.opened() == [("CANCEL", 2)]

    def test_has_it_taken_out_when_it_moves_to_one_of_several_times_until_one_is_chosen(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=clock())
        mailbox.opened()
        do(annemie, conversation, "move", meeting=1, times=[THURSDAY, frames.AskedTime("2026-03-06T10:00")], now=clock())
        assert mailbox.opened() == [("CANCEL", 2)]

        do(fatima, conversation, "accept", meeting=1, version=2, choice=2, now=clock())
        assert mailbox.opened() == [("REQUEST", 3)]
        assert mailbox.dates(end=SPRING) == ["03-06 09:00"]

    def test_hears_nothing_of_what_is_over(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, circle: Circle, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=clock())
        mailbox.opened()
        clock.move(days=5)
        circles.pause(circle=circle, by=fatima, now=clock())

        assert mailbox.opened() == []

    def test_is_invited_to_what_is_agreed_already_when_they_ask_for_it_later(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        choices.choose(person=fatima, by=fatima, now=clock(), calendar_mail=False)
        agree(annemie, fatima, conversation, WEDNESDAY, now=clock())
        assert mailbox.opened() == []

        choices.choose(person=fatima, by=fatima, now=clock(), calendar_mail=True)
        assert mailbox.opened() == [("REQUEST", 1)]


class TestASeries:
    def test_follows_its_dates(self, mailbox: Mailbox, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, repeat="FREQ=WEEKLY;COUNT=5", now=clock())
        mailbox.opened()
        assert mailbox.dates(end=SPRING) == ["03-04 13:00", "03-11 13:00", "03-18 13:00", "03-25 13:00", "04-01 12:00"]

        do(annemie, conversation, "cancel", meeting=1, date="2026-03-11", now=clock())
        do(annemie, conversation, "move", meeting=1, date="2026-03-18", times=[frames.AskedTime("2026-03-19T09:00")], now=clock())
        assert [method for method, _ in mailbox.opened()] == ["REQUEST"]
        assert mailbox.dates(end=SPRING) == ["03-04 13:00", "03-25 13:00", "04-01 12:00"]

        version = Meeting.objects.get().version
        do(fatima, conversation, "accept", meeting=1, date="2026-03-18", version=version, now=clock())
        mailbox.opened()
        assert mailbox.dates(end=SPRING) == ["03-04 13:00", "03-19 08:00", "03-25 13:00", "04-01 12:00"]

    def test_leaves_out_when_the_other_is_away(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, repeat="FREQ=WEEKLY;COUNT=3", now=clock())
        assert mailbox.opened() == [("REQUEST", 1)]

        away = absences.add(person=annemie, first_date=date(2026, 3, 10), last_date=date(2026, 3, 12), now=clock())
        assert mailbox.opened() == [("REQUEST", 2)]
        assert mailbox.dates(end=SPRING) == ["03-04 13:00", "03-18 13:00"]

        absences.remove(person=annemie, away_id=away.id, now=clock())
        assert mailbox.opened() == [("REQUEST", 3)]
        assert mailbox.dates(end=SPRING) == ["03-04 13:00", "03-11 13:00", "03-18 13:00"]


class TestAGroup:
    @pytest.fixture
    def mailbox(self, chantal: Person, clock: Clock, settings: Settings) -> Mailbox:
        """Chantal wants meetings in her own calendar."""
        settings.DEFAULT_FROM_EMAIL = "post@maatje.example"
        make_address(chantal, kind=AddressKind.EMAIL, value=MAIL, now=clock())
        choices.choose(person=chantal, by=chantal, now=clock(), calendar_mail=True)
        return Mailbox(chantal, clock)

    def test_does_not_mail_everybody_each_answer(
        self, mailbox: Mailbox, chantal: Person, dirk: Person, amina: Person, group: Conversation, clock: Clock
    ) -> None:
        agree(chantal, dirk, group, WEDNESDAY, now=clock())
        assert mailbox.opened() == [("REQUEST", 1)]

        do(amina, group, "accept", meeting=1, version=1, now=clock())
        assert mailbox.opened() == []

    def test_takes_it_out_for_who_leaves(self, mailbox: Mailbox, chantal: Person, dirk: Person, group: Conversation, clock: Clock) -> None:
        agree(dirk, chantal, group, WEDNESDAY, now=clock())
        mailbox.opened()
        members.leave(by_id=chantal.id, conversation_id=group.id, now=clock())

        assert mailbox.opened() == [("CANCEL", 2)]


class TestWhatWaits:
    def test_is_written_from_how_things_are_when_it_goes(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=clock())
        clock.move(seconds=61)
        tell_due(now=clock())
        late = Notice.objects.get(kind=NoticeKind.INVITATION)  # the mail server is away
        do(annemie, conversation, "cancel", meeting=1, now=clock())

        assert invitations.part_for(late, receiver=MAIL, now=clock() + timedelta(hours=1)) is None
        assert mailbox.opened() == [("CANCEL", 2)]

    def test_says_nothing_without_a_sender(
        self, mailbox: Mailbox, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock, settings: Settings
    ) -> None:
        agree(annemie, fatima, conversation, WEDNESDAY, now=clock())
        settings.DEFAULT_FROM_EMAIL = ""

        assert invitations.part_for(Notice.objects.get(kind=NoticeKind.INVITATION), receiver=MAIL, now=clock()) is None
