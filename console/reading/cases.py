"""What the page of a case shows beside its words: where it stands, what it is about, and what its reader may do now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from accounts.models import Language, Person, Role
from moderation import policy, roster
from moderation.actions.decisions import NEEDS
from moderation.clauses import ABOUT, CLAUSES
from moderation.errors import CaseNotFound
from moderation.models import Case, Decision, Signal, Template, Widening
from moderation.permissions import Permission, may, permissions_of
from moderation.states import UNDECIDED, WAITING
from moderation.words import CaseState, DecisionKind, FlagReason, Priority

OTHER_LANGUAGES = {Language.FR: "Frans", Language.EN: "Engels", Language.TR: "Turks", Language.AR: "Arabisch"}  # as the staff say it
LIFTABLE = frozenset({DecisionKind.PAUSE_CIRCLE, DecisionKind.SUSPEND, DecisionKind.BAN})


@dataclass(frozen=True, slots=True)
class Counted:
    """Something and how often."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule of the house; `is_likely` for what this case is about."""

    code: str
    sentence: str
    is_likely: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case as one colleague sees it. Nothing in it was written by a member."""

    case: Case
    is_mine: bool
    is_late: bool
    reasons: list[Counted]
    signals: list[Signal]
    can: frozenset[str]
    clauses: list[Clause]
    kinds: list[DecisionKind]
    templates: list[Template]
    colleagues: list[Person]
    decisions: list[Decision]
    widenings: list[Widening]
    reads: Language | None  # what whoever it is about reads; told to who holds the case
    liftable: frozenset[UUID]
    waiting: int

    priorities = Priority.choices
    holds = (
        ("", "niet langer dan gewoon"),
        ("police", "aangifte of onderzoek"),
        ("court", "rechtbank"),
        ("insurance", "verzekering"),
        ("other_body", "andere instantie"),
    )

    @property
    def has_more(self) -> bool:
        """Whether anything can be done beside deciding."""
        return bool(self.can & {"triage", "note", "hide", "hand_over", "escalate", "widen", "hold", "recuse"}) or any(
            one.granted_at is None and one.refused_at is None for one in self.widenings
        )

    @property
    def may_be_timed(self) -> bool:
        """Whether this colleague may decide something that has a last day."""
        return bool({DecisionKind.PAUSE_CIRCLE, DecisionKind.SUSPEND} & {*self.kinds})

    @property
    def other_language(self) -> str:
        """The language of the letter, where it is not the one that the staff write; what they write goes into it as it is."""
        return OTHER_LANGUAGES.get(self.reads, "") if self.reads else ""

    @property
    def held_because(self) -> str:
        return dict(self.holds).get(self.case.held_for, self.case.held_for)

    @property
    def holder(self) -> str:
        """The sign-in name of the colleague who has it; colleagues may know that of each other."""
        return self.case.claimed_by.get_username() if self.case.claimed_by else ""


def case_for(case_id: UUID, person: Person) -> Case:
    """:raises CaseNotFound: also when it is of another organisation. :raises OwnCircle:"""
    case = Case.objects.select_related("circle__programme", "claimed_by", "handed_to", "data_key", "subject").filter(id=case_id).first()
    if case is None or not policy.belongs_to(person, case.organisation_id):
        raise CaseNotFound
    policy.ensure_not_own_circle(person, case.circle_id)
    return case


def case_of_decision(decision_id: UUID) -> UUID:
    """:raises CaseNotFound: there is no such decision"""
    return _case_of(Decision.objects.filter(id=decision_id).values_list("case_id", flat=True).first())


def case_of_widening(widening_id: UUID) -> UUID:
    """:raises CaseNotFound: there is no such question"""
    return _case_of(Widening.objects.filter(id=widening_id).values_list("case_id", flat=True).first())


def _case_of(case_id: UUID | None) -> UUID:
    if case_id is None:
        raise CaseNotFound
    return case_id


def page_of(case: Case, person: Person, *, now: datetime) -> CasePage:
    """Everything around the words of a case."""
    is_mine = policy.holds(case, person, now=now)
    signals = list(case.signals.all())
    about = {str(flag) for flag in case.flags.values_list("reason", flat=True)} | {signal.klass for signal in signals}
    reads = Language(case.subject.language) if is_mine and case.subject is not None else None
    return CasePage(
        case=case,
        is_mine=is_mine,
        is_late=case.decided_at is None and case.due_at < now,
        reasons=_reasons(case),
        signals=signals,
        can=frozenset(_acts(case, person, is_mine=is_mine, now=now)),
        clauses=_clauses(about) if is_mine else [],
        kinds=[kind for kind in DecisionKind if NEEDS[kind] in permissions_of(person)],
        templates=_templates(case, reads) if is_mine else [],
        colleagues=_colleagues(case, person) if is_mine else [],
        decisions=list(case.decisions.select_related("by", "agreed_by")),
        reads=reads,
        waiting=case.held_drafts.filter(state="waiting").count(),
        liftable=frozenset(_liftable(case, person)),
        widenings=list(case.widenings.select_related("asked_by", "agreed_by").order_by("asked_at")),
    )


def _acts(case: Case, person: Person, *, is_mine: bool, now: datetime) -> Iterable[str]:
    """What is worth a button. The actions themselves ask again, and know more."""
    p, held, state = Permission, permissions_of(person), CaseState(case.state)
    is_held = case.lease_until is not None and now < case.lease_until
    if p.CLAIM in held and not is_mine and policy.may_claim(case, person, now=now):
        yield "claim"
    if p.CLAIM in held and state is not CaseState.CLOSED:
        yield "recuse"
    if p.TRIAGE in held and state in WAITING:
        yield "triage"
    if p.ESCALATE_CASE in held and state in UNDECIDED and not case.for_leads and (is_mine or not is_held):
        yield "escalate"
    if is_mine:
        wanted = {
            "note": p.NOTE,
            "hide": p.HIDE_FOR_NOW,
            "decide": p.DECIDE,
            "hand_over": p.HAND_OVER,
            "widen": p.WIDEN,
            "who": p.SEE_WHO_FLAGGED,
            "renew": p.CLAIM,
            "release": p.CLAIM,
        }
        yield from (act for act, permission in wanted.items() if permission in held and not (act == "hide" and case.target_seq is None))
    if p.DECIDE in held and state is CaseState.NOTIFIED:
        yield "close"
    if p.HOLD_EVIDENCE in held and case.data_key is not None:
        yield "hold"
    if p.AGREE in held:
        yield "agree"


def _liftable(case: Case, person: Person) -> Iterable[UUID]:
    """The measures of this case that its reader may end now."""
    for decision in Decision.objects.in_force().filter(case=case, ended_at=None):
        kind = DecisionKind(decision.kind)
        if kind in LIFTABLE and may(person, NEEDS[kind]):
            yield decision.id


def _reasons(case: Case) -> list[Counted]:
    found = case.flags.order_by().values_list("reason").annotate(count=Count("id")).order_by("-count", "reason")
    return [Counted(FlagReason(reason).label, count) for reason, count in found]


def _clauses(about: set[str]) -> list[Clause]:
    """The likely ones first."""
    found = [Clause(code, said["nl"], bool(about & set(ABOUT.get(code, ())))) for code, said in CLAUSES.items()]
    return sorted(found, key=lambda clause: not clause.is_likely)


def _templates(case: Case, reads: Language | None) -> list[Template]:
    """Those in the language of whoever reads the letter first."""
    return sorted(case.organisation.moderation_templates.all(), key=lambda one: one.language != reads)


def _colleagues(case: Case, person: Person) -> list[Person]:
    """To whom it can be handed: those who take cases and know nobody of this circle."""
    roles = (Role.LEAD,) if case.for_leads else (Role.MODERATOR, Role.LEAD)
    staff = roster.staff_of(case.organisation_id, *roles).exclude(id=person.id)
    return [one for one in staff if not policy.circles_of(one).filter(id=case.circle_id).exists()]
