"""Flags and signals on one subject gather in one case, which is opened, taken up again, or raised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from django.db.models import Q

from chat.models import Conversation, Entry, EntryKind
from core import facts
from moderation import deadlines, policy, roster
from moderation.actions import changing, duties, evidence
from moderation.actions.evidence import Window
from moderation.facts import CaseChanged
from moderation.models import Case, Flag, Signal
from moderation.models.rules import Rules
from moderation.states import NEXT, Act
from moderation.words import CaseState, FlagReason, Priority, SignalClass
from privacy.models import DataKey

LEAST_SEVERITY = 2  # of a signal that opens a case by itself
TAKEN_UP_FOR = timedelta(days=180)  # after closing; later a new case opens, because the words of the old one go after 190 days
How = Literal["opened", "reopened", "gathered"]


class Seen(Protocol):
    """What the screening says of a line."""

    @property
    def klass(self) -> str: ...
    @property
    def severity(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def source(self) -> str: ...


class SeenEntry(Protocol):
    """A line that was written in this transaction, in a conversation that is locked, and what was seen in it."""

    @property
    def conversation_id(self) -> UUID: ...
    @property
    def seq(self) -> int: ...
    @property
    def signals(self) -> Sequence[Seen]: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case is about: a line (`seq`) of somebody, or somebody as they are in a conversation."""

    conversation_id: UUID
    seq: int | None
    person_id: UUID | None

    def where(self) -> Q:
        at = Q(conversation_id=self.conversation_id, target_seq=self.seq)
        return at if self.seq is not None else at & Q(subject_id=self.person_id)


@dataclass(slots=True)
class Gathering:
    """One case into which something is being taken; `counts` once a colleague who looks at it should look again."""

    case: Case
    how: How
    is_raised: bool = False
    counts: bool = False
    lines: int = 0


def signals_seen(found: Sequence[SeenEntry], *, now: datetime) -> None:
    """Keep what the screening saw, and open cases for what somebody must look at.

    Called in the transaction that wrote the lines, after everything else there: it ends at the audit log's lock.
    """
    conversations = _conversations(one.conversation_id for one in found)
    about = [(one, _subject_of(one)) for one in found]
    cases = lock_cases({subject for _, subject in about})
    taken = [_take_signals(one, subject, cases, conversations[one.conversation_id], now=now) for one, subject in about]
    gathered = [one for one in taken if one is not None]
    for gathering, _ in gathered:
        settle(gathering, now=now)
    for gathering, signal in gathered:
        what = "signalled" if gathering.how == "gathered" else gathering.how
        write(gathering, what, now=now, source="signal", reason=signal.klass, severity=signal.severity)


def lock_cases(subjects: Iterable[Subject]) -> dict[Subject, Case]:
    """The newest case of each subject whose words are still there, all locked in id order."""
    wanted = list(subjects)
    where = Q()
    for subject in wanted:
        where |= subject.where()
    if not wanted:
        return {}
    related = Case.objects.select_related("circle", "conversation__data_key", "data_key", "organisation")
    rows = list(related.filter(where, data_key__isnull=False).locked())  # ids rise with time: the newest comes last
    rows.sort(key=lambda case: case.state != CaseState.CLOSED)
    return {subject: case for case in rows for subject in wanted if _is_about(case, subject)}


def take_in(subject: Subject, case: Case | None, *, conversation: Conversation, priority: Priority, now: datetime) -> Gathering:
    """The case for something that was flagged or seen now: a new one, the closed one taken up again, or the open one."""
    rules = roster.rules_of(conversation.circle.programme.organisation_id)
    if case is None or _is_too_old(case, now=now):
        return Gathering(_opened(subject, conversation, rules, priority, now=now), "opened", counts=True)
    if (CaseState(case.state), Act.REOPEN) in NEXT:
        changing.move(case, Act.REOPEN, now=now)
        case.priority, case.due_at = priority, _due_at(case, rules, priority, now=now)
        return Gathering(case, "reopened", counts=True)
    return Gathering(case, "gathered", is_raised=raise_to(case, priority, rules=rules, now=now))


def raise_to(case: Case, priority: Priority, *, rules: Rules, now: datetime) -> bool:
    """What is more urgent brings the deadline forward, never back, and is called anew."""
    if priority >= case.priority:
        return False
    case.priority = priority
    case.due_at = min(case.due_at, _due_at(case, rules, priority, now=now))
    case.paged_at = None
    return True


def settle(gathering: Gathering, *, now: datetime) -> None:
    """Save it and call whoever must come; the caller then writes it down."""
    case = gathering.case
    if gathering.how == "opened":
        facts.record(CaseChanged(case.id))
    else:
        changing.save(case, now=now, counts=gathering.counts or gathering.is_raised)
    if gathering.how != "gathered" or gathering.is_raised:
        duties.call_for_new(case, now=now)


def write(gathering: Gathering, what: str, *, now: datetime, **detail: object) -> None:
    """Who flagged stays out of the log: a member's act is nobody's here."""
    case = gathering.case
    kept = {"lines": gathering.lines, "evidence": evidence.seal_of(case)} if gathering.lines else {}
    changing.write(case, what, by=None, now=now, priority=int(case.priority), **kept, **detail)


def _take_signals(
    one: SeenEntry, subject: Subject, cases: dict[Subject, Case], conversation: Conversation, *, now: datetime
) -> tuple[Gathering, Seen] | None:
    """The signals of one line, all in one case; nothing when nobody need look, or these rules spoke of it before."""
    case = cases.get(subject)
    is_open = case is not None and case.state != CaseState.CLOSED
    signals = [signal for signal in one.signals if is_open or _opens(signal, conversation, now=now)]
    known = set(Signal.objects.filter(conversation=conversation, seq=one.seq).values_list("klass", "reason")) if signals else set()
    new = {(signal.klass, signal.reason): signal for signal in signals if (signal.klass, signal.reason) not in known}
    if not new:
        return None
    worst = min(new.values(), key=lambda signal: (_priority(signal, case), -signal.severity))
    gathering = take_in(subject, case, conversation=conversation, priority=_priority(worst, case), now=now)
    gathering.counts = True
    cases[subject] = gathering.case
    Signal.objects.bulk_create(
        Signal(
            case=gathering.case, conversation=conversation, seq=one.seq, klass=signal.klass, severity=signal.severity,
            reason=signal.reason, source=signal.source, at=now,
        )
        for signal in new.values()
    )  # fmt: skip
    gathering.lines = evidence.freeze(gathering.case, conversation, centre=subject.seq or one.seq, window=Window(), now=now)
    return gathering, worst


def _opens(signal: Seen, conversation: Conversation, *, now: datetime) -> bool:
    """Slight signs open nothing; what only matters while people get to know each other, only then."""
    if signal.severity < LEAST_SEVERITY:
        return False
    if signal.klass != SignalClass.CONTACT:
        return True
    rules = roster.rules_of(conversation.circle.programme.organisation_id)
    return now < (conversation.circle.introduced_at or conversation.made_at) + timedelta(weeks=rules.first_weeks)


def _priority(signal: Seen, case: Case | None) -> Priority:
    feels_unsafe = signal.severity >= policy.SERIOUS and case is not None and _is_flagged_unsafe(case)
    return Priority.DANGER if feels_unsafe else policy.priority_of_signal(SignalClass(signal.klass), signal.severity)


def _is_flagged_unsafe(case: Case) -> bool:
    return Flag.objects.filter(case=case, reason=FlagReason.UNSAFE).exists()


def _subject_of(one: SeenEntry) -> Subject:
    """An edit stands for what it changed."""
    row = Entry.objects.get(conversation_id=one.conversation_id, seq=one.seq)
    seq = row.target_seq if row.kind == EntryKind.EDIT else row.seq
    return Subject(one.conversation_id, seq, row.sender_id)


def _conversations(ids: Iterable[UUID]) -> dict[UUID, Conversation]:
    rows = Conversation.objects.select_related("data_key", "circle__programme").filter(id__in=set(ids))
    return {row.id: row for row in rows}


def _is_about(case: Case, subject: Subject) -> bool:
    if case.conversation_id != subject.conversation_id or case.target_seq != subject.seq:
        return False
    return subject.seq is not None or case.subject_id == subject.person_id


def _is_too_old(case: Case, *, now: datetime) -> bool:
    return case.closed_at is not None and case.closed_at <= now - TAKEN_UP_FOR


def _opened(subject: Subject, conversation: Conversation, rules: Rules, priority: Priority, *, now: datetime) -> Case:
    case = Case(
        organisation_id=conversation.circle.programme.organisation_id, circle=conversation.circle, conversation=conversation,
        target_seq=subject.seq, subject_id=subject.person_id, data_key=DataKey.objects.make(now=now), priority=priority,
        opened_at=now, due_at=now, changed_at=now,
    )  # fmt: skip
    case.due_at = _due_at(case, rules, priority, now=now)
    case.save(force_insert=True)
    return case


def _due_at(case: Case, rules: Rules, priority: Priority, *, now: datetime) -> datetime:
    there = roster.on_duty(case.organisation_id, now=now)
    return deadlines.due_at(rules, priority, at_work=bool(there.at_work), now=now)
