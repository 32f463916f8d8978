"""Whether somebody may do something with *this* case. What their role may do at all, `permissions` says."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Device, Person
from core.errors import Forbidden, NotFound
from moderation.clauses import CLAUSES
from moderation.errors import AlreadyClaimed, ClauseNeeded, NotFromHere, NotYourClaim, OwnCircle, OwnDecision, StaleVersion
from moderation.models import Decision, Recusal, Statement
from moderation.permissions import Permission, may
from moderation.states import NEXT, Act
from moderation.words import CaseState, DecisionKind, FlagReason, Priority, SignalClass, StatementKind
from programmes.models import Circle, CircleMember, OrganisationMember

LEADS_ONLY = Permission.DECIDE_FOR_PERSON  # whoever may do this takes what was escalated
SHUTS_OUT = (DecisionKind.SUSPEND, DecisionKind.BAN)


class Versioned(Protocol):
    @property
    def version(self) -> int: ...


class Held(Protocol):
    """What somebody can hold: a case, or an appeal."""

    @property
    def claimed_by_id(self) -> UUID | None: ...
    @property
    def lease_until(self) -> datetime | None: ...


class Claimable(Held, Protocol):
    @property
    def state(self) -> str: ...
    @property
    def for_leads(self) -> bool: ...
    @property
    def handed_to_id(self) -> UUID | None: ...
    @property
    def due_at(self) -> datetime: ...


def ensure_may(by: Person, permission: Permission) -> None:
    """:raises Forbidden: their role does no such thing, whatever the case."""
    if not may(by, permission):
        raise Forbidden


def ensure_may_in(by: Person, permission: Permission, organisation_id: UUID) -> None:
    """:raises Forbidden: as `ensure_may`. :raises NotFound: what is of another organisation."""
    ensure_may(by, permission)
    if not belongs_to(by, organisation_id):
        raise NotFound


def belongs_to(by: Person, organisation_id: UUID) -> bool:
    """Cases stay in their own organisation; to everybody else they do not exist."""
    return OrganisationMember.objects.of(by.id).filter(organisation_id=organisation_id).exists()


def ensure_not_own_circle(by: Person, circle_id: UUID) -> None:
    """Who answers for a circle, ever belonged to it, or said that they know these people, is no judge of it. :raises OwnCircle:"""
    if circles_of(by).filter(id=circle_id).exists():
        raise OwnCircle


def circles_of(by: Person) -> QuerySet[Circle]:
    """The circles of which somebody of the staff gets no case."""
    belonged = Q(id__in=CircleMember.objects.filter(person=by).values("circle_id"))
    recused = Q(id__in=Recusal.objects.filter(person=by).values("circle_id"))
    return Circle.objects.filter(Q(coordinator=by) | Q(deputy=by) | belonged | recused)


def speaks_for(by: Person, statement: Statement) -> bool:
    """Whether they read a letter to its person, and may write down what that person says of it."""
    return letters_spoken(by).filter(id=statement.id).exists()


def letters_spoken(by: Person) -> "QuerySet[Statement]":
    """Letters to those of the circles they answer for who were shut out, and hold no device that could open them. Only what was done
    to somebody is spoken of, never what they flagged. Whoever suspends somebody alone gets none of before that to read so.
    """
    if not may(by, Permission.SPEAK_FOR):
        return Statement.objects.none()
    theirs = Q(case__circle__coordinator=by) | Q(case__circle__deputy=by)
    told = Q(kind__in=[StatementKind.RESTRICTION, StatementKind.APPEAL], person__suspended_at__isnull=False)
    decided = Decision.objects.in_force().filter(kind__in=SHUTS_OUT, at_once=False, case__subject=OuterRef("person"))
    found = Statement.objects.filter(theirs, told).exclude(Exists(Device.objects.filter(user=OuterRef("person"))))
    return found.filter(Q(at__gte=F("person__suspended_at")) | Exists(decided))


def ensure_version(row: Versioned, version: int) -> None:
    """:raises StaleVersion: it changed since it was looked at."""
    if row.version != version:
        raise StaleVersion(version=row.version)


def holds(row: Held, by: Person, *, now: datetime) -> bool:
    return row.claimed_by_id == by.id and row.lease_until is not None and now < row.lease_until


def ensure_holds(row: Held, by: Person, *, now: datetime) -> None:
    """:raises NotYourClaim: they never held it, or their time is over."""
    if not holds(row, by, now=now):
        raise NotYourClaim


def ensure_may_claim(case: Claimable, by: Person, *, now: datetime) -> None:
    """One that was escalated is for leads; one that was handed over is for whom it was handed to, until it is due, or for a lead.

    :raises Forbidden: :raises AlreadyClaimed: a colleague holds it, or was given it.
    """
    is_lead = may(by, LEADS_ONLY)
    if case.for_leads and not is_lead:
        raise Forbidden
    if case.claimed_by_id not in {None, by.id} and case.lease_until is not None and now < case.lease_until:
        raise AlreadyClaimed
    is_promised = case.handed_to_id not in {None, by.id} and now < case.due_at
    if is_promised and not is_lead:
        raise AlreadyClaimed


def may_claim(case: Claimable, by: Person, *, now: datetime) -> bool:
    """As `ensure_may_claim`, in a word, of one that waits for somebody."""
    try:
        ensure_may_claim(case, by, now=now)
    except (Forbidden, AlreadyClaimed):
        return False
    is_over = case.state == CaseState.CLAIMED and not holds(case, by, now=now)  # of somebody whose time was over
    return is_over or (CaseState(case.state), Act.CLAIM) in NEXT


def ensure_clause(clause: str) -> None:
    """:raises ClauseNeeded: no such rule of the house."""
    if clause not in CLAUSES:
        raise ClauseNeeded


def ensure_had_no_part(by: Person, had_a_part: Collection[UUID | None]) -> None:
    """:raises OwnDecision: they decided, agreed or asked themselves."""
    if by.id in had_a_part:
        raise OwnDecision


def next_state(state: str, act: Act) -> CaseState:
    """The state that an act leads to. :raises NotFromHere:"""
    found = NEXT.get((CaseState(state), act))
    if found is None:
        raise NotFromHere(state=str(state))
    return found


OF_REASON = {
    FlagReason.UNSAFE: Priority.SAFEGUARDING,
    FlagReason.SEXUAL: Priority.SAFEGUARDING,
    FlagReason.MONEY: Priority.SAFEGUARDING,
    FlagReason.WORRY: Priority.SAFEGUARDING,
    FlagReason.HARASSMENT: Priority.HARASSMENT,
    FlagReason.HATE: Priority.HARASSMENT,
}
SERIOUS = 3  # of the four severities of a signal


def priority_of_signal(klass: SignalClass, severity: int) -> Priority:
    """How soon somebody looks at what the screening saw."""
    match klass:
        case SignalClass.CRISIS | SignalClass.THREAT:
            by_severity = {4: Priority.DANGER, SERIOUS: Priority.SAFEGUARDING}
            return by_severity.get(severity, Priority.HARASSMENT)  # a hint of either waits a day at most
        case SignalClass.SEXUAL | SignalClass.MONEY:
            return Priority.SAFEGUARDING
        case SignalClass.HATE:
            return Priority.HARASSMENT
        case SignalClass.CONTACT:
            return Priority.OTHER


def is_danger(reason: FlagReason, severity: int) -> bool:
    """Somebody feels unsafe about a line in which the screening saw something serious too."""
    return reason == FlagReason.UNSAFE and severity >= SERIOUS
