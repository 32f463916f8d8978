"""Whatever people do with their meetings, what waits is what somebody finds who looks at the calendar and starts from nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import holidays
import pytest
from django.db import transaction
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.actions import people
from accounts.models import Person, Role
from chat import frames
from chat.actions import members
from chat.models import Conversation, ConversationMember
from core.errors import DomainError
from meetings.actions import absences
from meetings.models import Away, Meeting
from notifications import following
from notifications.actions import choices
from notifications.actions.telling import tell_due
from notifications.models import Notice, NoticeChoices, NoticeKind, NoticeState
from programmes.actions import circles
from programmes.models import Circle, CircleKind, EndReason
from tests.conftest import Clock
from tests.factories import make_circle, make_person
from tests.meetings.acts import do
from tests.notifications.followed import a_worker_follows
from tests.notifications.post import make_address

FIRST = datetime(2026, 3, 20, 9, 10, tzinfo=UTC)  # the clocks change on Sunday 29 March, Easter Monday is 6 April
ZONE = ZoneInfo("Europe/Brussels")
LOOKED_AHEAD = timedelta(days=8)  # and up to a day more
A_MINUTE = timedelta(seconds=60)  # reminders are told so much earlier or later than said
LEADS = {"day": timedelta(days=1), "hours": timedelta(hours=2)}
STARTS = [f"2026-03-{day:02}T{clock}" for day in range(20, 32) for clock in ("02:30", "08:00", "14:00", "23:00")]
REPEATS = ["FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;UNTIL=20260420"]
HOLIDAYS = holidays.country_holidays("BE", years=2026)
NIGHTS = [(time(22, 0), time(7, 0)), (time(20, 0), time(9, 0)), (time(0, 0), time(0, 0)), (time(1, 0), time(5, 0))]

clock = Clock(FIRST)


class Proposal(NamedTuple):
    """`yes`: how many of those who are there say so at once; else nothing would ever go ahead."""

    place: int
    who: int
    starts: list[str]
    repeat: str
    yes: int


class Act(NamedTuple):
    """To a meeting, or to the `date`th date of it; `also` the others say yes to what came of it."""

    which: int
    who: int
    act: str
    start: str
    date: int | None
    also: bool


numbers = st.integers(0, 5)
proposals = st.builds(
    Proposal, numbers, numbers, st.lists(st.sampled_from(STARTS), min_size=1, max_size=2, unique=True),
    st.sampled_from(["", *REPEATS]), st.sampled_from([0, 2, 3, 3]),
)  # fmt: skip
acts = st.builds(
    Act, numbers, numbers, st.sampled_from(["accept", "decline", "counter", "move", "move", "cancel"]), st.sampled_from(STARTS),
    st.sampled_from([None, 0, 1, 2]), st.booleans(),
)  # fmt: skip


class Reminder(NamedTuple):
    """As somebody would write it down who plans on paper."""

    person: UUID
    meeting: UUID
    date: str
    lead: str
    at: datetime


# From scratch: no rule, occurrence or reminder of ours is asked here.


class Paper:
    """All reminders of all dates that go ahead from now on, whether it is time for them or not, and when it is."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.chosen = NoticeChoices.objects.in_bulk()
        self.absences = list(Away.objects.all())
        meetings = Meeting.objects.exclude(state="cancelled").select_related("conversation__data_key")
        self.reminders = {one for row in meetings for one in self.of_meeting(row)}

    def of_meeting(self, row: Meeting) -> Iterator[Reminder]:
        assert row.conversation.data_key is not None
        plan = row.plan(key=row.conversation.data_key.unwrap())
        stays = ConversationMember.objects.filter(conversation=row.conversation, left_seq=None).select_related("person")
        here = {stay.number: stay.person for stay in stays}
        for name, at, yes in self.series(plan, here) if plan.repeat else self.single(plan):
            if len(yes) >= 2 and self.now <= at < self.now + LOOKED_AHEAD:
                for person in [here[number] for number in yes if not here[number].suspended_at]:
                    wanted = [lead for lead in LEADS if getattr(self.of(person.id), f"reminder_{lead}")]
                    yield from (Reminder(person.id, row.id, name, lead, at) for lead in wanted)

    @staticmethod
    def single(plan: frames.Meeting) -> Iterator[tuple[str, datetime, set[int]]]:
        if plan.state == "agreed":
            yield "", plan.times[0].at, set(plan.yes)

    def series(self, plan: frames.Meeting, here: dict[int, Person]) -> Iterator[tuple[str, datetime, set[int]]]:
        changes = {change.date: change for change in plan.changes}
        for name, by_rule in dates(plan):
            change = changes.get(name, frames.DateChange(date=name))
            if isinstance(change.time, frames.MeetingTime):
                at, yes = change.time.at, set(change.yes)
            else:
                at, yes = by_rule, (set(plan.yes) - set(change.no)) | set(change.yes)
            day = at.astimezone(ZONE).date()
            is_off = change.cancelled or (at == by_rule and day in HOLIDAYS)
            if not is_off:
                yield name, at, {number for number in yes if not self.is_away(here[number], day)}

    def is_away(self, person: Person, day: date) -> bool:
        return any(away.person_id == person.id and away.first_date <= day <= away.last_date for away in self.absences)

    def of(self, person_id: UUID) -> NoticeChoices:
        return self.chosen.get(person_id) or NoticeChoices(person_id=person_id)

    def due(self, one: Reminder) -> datetime:
        """To the minute: when it is time for it. The day before, somebody's night is stayed out of."""
        at, said = one.at - LEADS[one.lead], self.of(one.person)
        if one.lead == "hours" or not is_night(at, said):
            return at
        hour = at.replace(minute=0)  # all our nights begin and end on the hour
        while is_night(hour - timedelta(hours=1), said):
            hour -= timedelta(hours=1)
        evening, eve = hour - timedelta(minutes=10), one.at.astimezone(ZONE).date() - timedelta(days=1)
        if evening.astimezone(ZONE).date() == eve:
            return evening
        while is_night(hour, said):
            hour += timedelta(hours=1)
        return hour


def dates(plan: frames.Meeting) -> Iterator[tuple[str, datetime]]:
    """Every day from the first on, when its turn comes."""
    said = dict(part.split("=") for part in plan.repeat.split(";"))
    first = datetime.fromisoformat(plan.times[0].start)
    for turn in range(int(said.get("COUNT", 20))):
        local = first + timedelta(days=7 * int(said.get("INTERVAL", 1)) * turn)
        if f"{local:%Y%m%d}" <= said.get("UNTIL", "9"):
            yield f"{local:%Y-%m-%d}", local.replace(tzinfo=ZONE).astimezone(UTC)


def is_night(at: datetime, said: NoticeChoices) -> bool:
    local = at.astimezone(ZONE).time()
    after, before = local >= said.quiet_from, local < said.quiet_until
    return (after or before) if said.quiet_from > said.quiet_until else (after and before)


def written(row: Notice) -> Reminder:
    assert row.meeting_id is not None and row.at is not None
    return Reminder(row.person_id, row.meeting_id, row.date, row.detail, row.at)


def rows(state: NoticeState) -> list[Notice]:
    return list(Notice.objects.filter(kind=NoticeKind.REMINDER, state=state))


class Meetings(RuleBasedStateMachine):
    """Two people, of whom one is also in a group of three."""

    everybody: list[Person]
    circles: list[Circle]

    @initialize(first=st.lists(proposals, min_size=2, max_size=3))
    def begin(self, first: list[Proposal]) -> None:
        clock.at = FIRST
        self.started = transaction.savepoint()
        self.told: list[Reminder] = []
        self.propose(first)

    def teardown(self) -> None:
        if hasattr(self, "started"):
            transaction.savepoint_rollback(self.started)

    def attempt(self, what: str, call: Any, *given: Any, **named: Any) -> bool:
        """One act; that it is refused is somebody else's test."""
        try:
            with transaction.atomic():
                call(*given, **named)
        except DomainError as refusal:
            event(f"{what} refused: {refusal.code}")
            return False
        event(what)
        return True

    def place(self, number: int) -> Conversation:
        return Conversation.objects.get(circle=self.circles[number % 2])

    @rule(wanted=st.lists(proposals, min_size=1, max_size=2))
    def propose(self, wanted: list[Proposal]) -> None:
        for one in wanted:
            conversation = self.place(one.place)
            here = [stay.person for stay in conversation.members.filter(left_seq=None).order_by("number")]
            asked = {"times": [frames.AskedTime(start) for start in one.starts[: 1 if one.repeat else 2]], "repeat": one.repeat or None}
            if self.attempt("propose", do, here[one.who % len(here)], conversation, "propose", **asked, now=clock()):
                self.agree(Meeting.objects.filter(conversation=conversation).latest("number"), here[: one.yes])

    @rule(wanted=st.lists(acts, min_size=1, max_size=4))
    def act(self, wanted: list[Act]) -> None:
        for one in wanted:
            found = list(Meeting.objects.exclude(state="cancelled").order_by("id"))
            if found:
                self.do(one, found[one.which % len(found)])

    def do(self, one: Act, row: Meeting) -> None:
        here = [stay.person for stay in row.conversation.members.filter(left_seq=None).order_by("number")]
        assert row.conversation.data_key is not None
        plan = row.plan(key=row.conversation.data_key.unwrap())
        names = [name for name, _ in dates(plan)][:4] if plan.repeat and one.date is not None else []
        name = names[(one.date or 0) % len(names)] if names else None
        times = [frames.AskedTime(one.start)] if one.act in {"counter", "move"} else []
        what, by = f"{one.act}{' one date' if name else ''}", here[one.who % len(here)]
        asked = {"meeting": row.number, "version": row.version, "date": name, "times": times}
        if self.attempt(what, do, by, row.conversation, one.act, **asked, now=clock()):
            self.agree(row, here if one.also and times else [], date=name)

    def agree(self, row: Meeting, everybody: list[Person], date: str | None = None) -> None:
        for person in everybody:
            row.refresh_from_db()
            self.attempt("yes", do, person, row.conversation, "accept", meeting=row.number, version=row.version, date=date, now=clock())

    @rule(
        who=st.integers(0, 3), what=st.sampled_from(["chooses", "goes away", "goes away", "comes back", "access"]), some=st.integers(0, 31)
    )
    def live(self, who: int, what: str, some: int) -> None:
        """What somebody does who does nothing with a meeting."""
        person, day = Person.objects.get(id=self.everybody[who].id), clock().date() + timedelta(days=some % 15)
        if what == "chooses":
            night = NIGHTS[some % 4]
            wanted = {"reminder_day": some % 3 > 0, "reminder_hours": some % 5 > 0, "quiet_from": night[0], "quiet_until": night[1]}
            self.attempt(what, choices.choose, person=person, by=person, now=clock(), **wanted)
        elif what == "goes away":
            last = day + timedelta(days=some % 7)
            self.attempt(what, absences.add, person=person, first_date=day, last_date=last, now=clock())
        elif what == "comes back" and (away := Away.objects.filter(person=person).first()):
            self.attempt(what, absences.remove, person=person, away_id=away.id, now=clock())
        elif what == "access" and (person.suspended_at or some % 4 == 0):
            change = people.unsuspend if person.suspended_at else people.suspend
            self.attempt("is let back" if person.suspended_at else "is suspended", change, person=person, by=None, now=clock())

    @rule(place=st.integers(0, 1), seldom=st.integers(0, 11))
    def change_a_circle(self, place: int, seldom: int) -> None:
        circle = Circle.objects.get(id=self.circles[place].id)
        if circle.state == "paused":
            self.attempt("resume", circles.resume, circle=circle, by=None, now=clock())
        elif seldom == 0:
            self.attempt("pause", circles.pause, circle=circle, by=None, now=clock())
        elif seldom == 1:
            self.attempt("end", circles.end, circle=circle, reason=EndReason.GOAL_REACHED, by=None, now=clock())
        elif seldom == 2 and place == 1:
            self.attempt("leave", members.leave, by_id=self.everybody[3].id, conversation_id=self.place(1).id, now=clock())

    @rule(hours=st.sampled_from([1, 2, 5, 11, 24, 24, 49, 120]))
    def time_passes(self, hours: int) -> None:
        """A worker looks every hour, and once a day further ahead."""
        for hour in range(hours):
            clock.move(hours=1)
            if hour % 24 == 0:
                following.follow_the_days(now=clock())
            if Notice.objects.filter(state=NoticeState.WAITING, due_at__lte=clock()).exists():
                tell_due(now=clock())
                self.ensure_all_that_was_told_stood()

    def ensure_all_that_was_told_stood(self) -> None:
        news = [one for one in map(written, rows(NoticeState.TOLD)) if one not in self.told]
        assert set(news) <= Paper(clock()).reminders, "somebody was reminded of what does not go ahead"
        self.told += news

    @invariant()
    def what_waits_is_what_should_wait(self) -> None:
        if not hasattr(self, "told"):
            return
        a_worker_follows()
        paper, waits, told = Paper(clock()), rows(NoticeState.WAITING), [written(row) for row in rows(NoticeState.TOLD)]
        assert len(set(told)) == len(told), "somebody was told twice"
        near = {one for one in map(written, waits) if one.at < clock() + LOOKED_AHEAD}
        future = {one for one in paper.reminders if paper.due(one) > clock()} - set(told)
        assert {one for one in near if paper.due(one) > clock()} == future
        assert near <= paper.reminders, "something waits that does not go ahead"
        late = [row for row in waits if paper.due(written(row)) > clock() and abs(row.due_at - paper.due(written(row))) > A_MINUTE]
        assert not late, "something waits until another time"
        event(f"{min(len(future) // 4 * 4, 40)} wait")


@pytest.mark.delivery
@pytest.mark.django_db
def test_what_waits_is_what_follows_from_how_things_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.clock.now", clock)
    clock.at = FIRST
    roles = [Role.PARTICIPANT, Role.BUDDY, Role.PARTICIPANT, Role.PARTICIPANT]
    everybody = [make_person(role=role, now=clock()) for role in roles]
    nele, bram = (make_person(role=Role.COORDINATOR, now=clock()) for _ in range(2))
    for person in everybody:
        make_address(person, now=clock())
    Meetings.everybody = everybody
    Meetings.circles = [
        make_circle(people=everybody[:2], coordinator=nele, deputy=bram, now=clock()),
        make_circle(kind=CircleKind.PEER_GROUP, people=[everybody[0], *everybody[2:]], coordinator=nele, deputy=bram, now=clock()),
    ]
    usual = settings()
    run_state_machine_as_test(Meetings, settings=settings(usual, max_examples=usual.max_examples // 6, stateful_step_count=20))
