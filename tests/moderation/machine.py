"""Members, moderators, leads and a reviewer do anything to one case, in any order; the clock moves, and what is due is done."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import Q
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from accounts.actions import people
from accounts.models import Person, Role
from audit.models import AuditRow
from chat.models import Conversation, Entry
from core.errors import DomainError
from moderation import policy
from moderation.actions import appeals, cases, decisions, opening, widening
from moderation.actions.gathering import signals_seen
from moderation.clauses import CLAUSES
from moderation.models import Appeal, Case, Decision, Statement, Widening
from moderation.states import NEXT, UNDECIDED
from moderation.words import CaseState, DecisionKind, FlagReason, Priority, StatementKind
from programmes.models import CircleKind
from tests.factories import make_circle, make_person
from tests.moderation.casework import SeenLine, Sign, raise_flag, say

FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LINE = 2
STAFF = {
    "sofie": Role.MODERATOR, "jan": Role.MODERATOR, "karin": Role.LEAD, "lotte": Role.LEAD, "els": Role.REVIEWER, "nele": Role.COORDINATOR,
    "an": Role.AUDITOR, "ad": Role.ADMINISTRATOR,
}  # fmt: skip
WHO = st.sampled_from([*["sofie", "karin", "lotte"] * 3, *STAFF])
HOLDER = "whoever holds it"  # and when nobody does, a lead who takes it first
WHO_HOLDS = st.sampled_from([*[HOLDER] * 20, *STAFF])
KINDS = st.sampled_from([kind for kind in DecisionKind if kind not in {DecisionKind.PAUSE_CIRCLE, DecisionKind.PART_WAYS}])
EDGES = {(state.value, leads_to.value) for (state, _), leads_to in NEXT.items()}
AT_ONCE = {("claimed", "notified"), ("appealed", "notified")}  # decided and told in one moment


class CaseMachine(RuleBasedStateMachine):
    """What must hold after each act stands at the end."""

    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic._from_testcase = True  # type: ignore[attr-defined]  # reading a case wants a transaction of its own, and would not take this for one
        self.atomic.__enter__()
        self.now = FIRST
        self.staff = {name: make_person(role=role, name=name, now=FIRST) for name, role in STAFF.items()}
        circle = make_circle(kind=CircleKind.PEER_GROUP, coordinator=self.staff["nele"], now=FIRST)
        self.group: Conversation = circle.conversation
        self.chantal, self.dirk, self.amina = (member.person for member in self.group.members.order_by("number"))
        say(self.group, *((person, "zin") for person in (self.chantal, self.dirk, self.amina) * 4), now=FIRST)
        self.case = raise_flag(self.chantal, self.group, LINE, now=FIRST).case

    def teardown(self) -> None:
        if not hasattr(self, "atomic"):
            return
        try:
            self.comes_to_an_end()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # Members and the screening.

    @rule(who=st.sampled_from(["chantal", "amina"]), reason=st.sampled_from(list(FlagReason)))
    def flag(self, who: str, reason: FlagReason) -> None:
        self.try_(lambda: raise_flag(getattr(self, who), self.group, LINE, reason=reason, now=self.now))

    @rule(klass=st.sampled_from(["crisis", "threat", "hate", "money"]), severity=st.integers(1, 4), number=st.integers(1, 3))
    def see(self, klass: str, severity: int, number: int) -> None:
        self.try_(lambda: signals_seen([SeenLine(self.group.id, LINE, [Sign(klass, severity, f"rule_{number}")])], now=self.now))

    @rule()
    def appeal(self) -> None:
        letter = (
            Statement.objects.filter(person=self.dirk, kind=StatementKind.RESTRICTION)
            .exclude(decision=None)
            .filter(decision__appeal=None)
            .last()
        )
        if letter is not None:
            self.try_(lambda: appeals.appeal(statement_id=letter.id, words="niet eens", by=self.dirk, now=self.now))

    # Staff.

    @rule(who=WHO, priority=st.sampled_from(list(Priority)))
    def triage(self, who: str, priority: Priority) -> None:
        self.act(who, lambda by, version: cases.triage(self.case.id, priority=priority, by=by, version=version, now=self.now))

    @rule(who=WHO)
    def claim(self, who: str) -> None:
        self.act(who, lambda by, version: cases.claim(self.case.id, by=by, version=version, now=self.now))

    @rule(who=WHO_HOLDS, name=st.sampled_from(["renew", "release", "close"]))
    def do(self, who: str, name: str) -> None:
        self.act(who, lambda by, version: getattr(cases, name)(self.case.id, by=by, version=version, now=self.now))

    @rule(who=WHO_HOLDS, to=WHO)
    def hand_over(self, who: str, to: str) -> None:
        self.act(who, lambda by, version: cases.hand_over(self.case.id, to=self.staff[to], by=by, version=version, now=self.now))

    @rule(who=WHO_HOLDS, name=st.sampled_from(["escalate", "note"]))
    def write(self, who: str, name: str) -> None:
        self.act(who, lambda by, version: getattr(cases, name)(self.case.id, words="woorden", by=by, version=version, now=self.now))

    @rule(who=WHO_HOLDS, hours=st.integers(1, 72))
    def hide_for_now(self, who: str, hours: int) -> None:
        self.act(who, lambda by, version: cases.hide_for_now(self.case.id, hours=hours, by=by, version=version, now=self.now))

    @rule(who=WHO_HOLDS)
    def read(self, who: str) -> None:
        self.act(who, lambda by, version: opening.open_case(self.case.id, by=by, now=self.now))

    @rule(who=WHO_HOLDS, lines=st.sampled_from([6, 20, 21, 40]))
    def widen(self, who: str, lines: int) -> None:
        self.act(who, lambda by, version: widening.ask(self.case.id, lines=lines, reason="meer", by=by, version=version, now=self.now))

    @rule(who=WHO, name=st.sampled_from(["agree", "refuse"]))
    def answer_widening(self, who: str, name: str) -> None:
        asked = Widening.objects.filter(granted_at=None, refused_at=None).first()
        if asked is not None:
            self.act(who, lambda by, version: getattr(widening, name)(asked.id, by=by, now=self.now))

    @rule(who=WHO_HOLDS, kind=KINDS, days=st.sampled_from([None, 3]))
    def decide(self, who: str, kind: DecisionKind, days: int | None) -> None:
        until = self.now + timedelta(days=days) if days and kind is DecisionKind.SUSPEND else None
        clause = "no_breach" if kind in {DecisionKind.NOTHING, DecisionKind.NOTE} else next(iter(CLAUSES))
        self.act(
            who,
            lambda by, version: decisions.decide(
                self.case.id, kind=kind, clause=clause, words="feiten", until=until, by=by, version=version, now=self.now
            ),
        )

    @rule(kind=st.sampled_from([DecisionKind.HIDE, DecisionKind.HIDE, DecisionKind.SUSPEND, DecisionKind.NOTHING]))
    def flag_and_decide(self, kind: DecisionKind) -> None:
        """From one end to the other: chance alone seldom gets twice through a case."""
        self.flag("amina", FlagReason.HATE)
        self.decide(HOLDER, kind, None)

    @rule(outcome=st.sampled_from(["overturned", "overturned", "upheld"]))
    def appeal_and_answer(self, outcome: str) -> None:
        self.appeal()
        self.staff["newest"] = make_person(role=Role.REVIEWER, now=self.now)  # the others may have had a part in it
        self.answer_appeal("newest", outcome)

    @rule(who=st.sampled_from(["nele", "karin", "sofie"]), gives_back=st.booleans())
    def suspend_at_once(self, who: str, gives_back: bool) -> None:
        """Beside any case, as a coordinator does in the back office."""
        act = people.unsuspend if gives_back else people.suspend
        self.try_(lambda: act(person=Person.objects.get(id=self.dirk.id), by=self.staff[who], now=self.now))

    @rule(who=st.sampled_from(["karin", "lotte", "nele"]))
    def lift(self, who: str) -> None:
        holding = Decision.objects.in_force().filter(kind__in=["suspend", "ban"]).first()
        if holding is not None:
            self.try_(lambda: decisions.lift(holding.id, by=self.staff[who], now=self.now))

    @rule(who=WHO_HOLDS, name=st.sampled_from(["agree", "refuse"]))
    def answer_proposal(self, who: str, name: str) -> None:
        proposed = Decision.objects.filter(in_force_at=None, refused_at=None).first()
        if proposed is not None:
            self.act(who, lambda by, version: getattr(decisions, name)(proposed.id, by=by, now=self.now))

    @rule(who=st.sampled_from(["els", "els", "karin", "lotte", "sofie"]), outcome=st.sampled_from(["upheld", "overturned"]))
    def answer_appeal(self, who: str, outcome: str) -> None:
        open_one = Appeal.objects.filter(outcome="").first()
        if open_one is None:
            return
        by = self.staff[who]

        self.try_(lambda: appeals.claim(open_one.id, by=by, version=open_one.version, now=self.now))
        version = Appeal.objects.get(id=open_one.id).version
        self.try_(lambda: appeals.decide(open_one.id, outcome=outcome, words="daarom", by=by, version=version, now=self.now))  # type: ignore[arg-type]  # one of the two outcomes, drawn as text
        self.letters_say_what_is_so(open_one)

    @rule(how_far=st.sampled_from([1, 31, 60 * 5, 60 * 24, 60 * 24 * 4, 60 * 24 * 8]))
    def wait(self, how_far: int) -> None:
        self.now += timedelta(minutes=how_far)
        self.housekeeping()

    def letters_say_what_is_so(self, answered: Appeal) -> None:
        """At the moment in which an appeal was won, to both sides: never that a line can be read which another decision hides."""
        told = Statement.objects.filter(decision=answered.decision_id, at=self.now)
        for facts in told.filter(Q(kind=StatementKind.APPEAL) | Q(facts__has_key="overturned")).values_list("facts", flat=True):
            line = {"stays": True, "back": False}.get(facts.get("line"))
            assert line is None or line == self.is_hidden()
            assert line is not None or facts["kind"] == "warn" or facts.get("outcome") == "upheld" or self.is_at_once(answered)

    # What must hold.

    @invariant()
    def every_change_has_one_row(self) -> None:
        """Each row of the log is where the one before was, or one legal step on; and the newest is where the case is."""
        if not hasattr(self, "case"):
            return
        case = Case.objects.get(id=self.case.id)
        told = [row.detail for row in AuditRow.objects.filter(subject=f"case:{case.id}").order_by("n") if "version" in row.detail]
        assert (told[-1]["state"], told[-1]["version"]) == (case.state, case.version)
        for before, after in pairwise(told):
            step = (before["state"], after["state"])
            assert step[0] == step[1] or step in EDGES | AT_ONCE, step
            assert after["version"] - before["version"] in {0, 1}
            assert step[0] == step[1] or after["version"] == before["version"] + 1

    @invariant()
    def whoever_loses_something_was_told(self) -> None:
        if not hasattr(self, "case"):
            return
        letters = Statement.objects.filter(kind=StatementKind.RESTRICTION, person=self.dirk)
        for decision in Decision.objects.exclude(in_force_at=None):
            assert not DecisionKind(decision.kind).is_restriction or letters.filter(decision=decision).exists()
        case = Case.objects.get(id=self.case.id)
        hidden = self.is_hidden()
        hides = case.decisions.exclude(in_force_at=None).filter(overturned_at=None, kind__in=["hide", "suspend", "ban"])
        assert hidden == (hides.exists() or case.interim_until is not None)
        assert hides.filter(kind="hide").count() <= 1
        assert not hidden or letters.exists()
        assert case.interim_until is None or case.interim_until - (case.interim_at or self.now) <= timedelta(hours=72)

    @invariant()
    def nobody_judges_alone_or_themselves(self) -> None:
        for decision in Decision.objects.all() if hasattr(self, "case") else ():
            assert decision.kind != DecisionKind.BAN or decision.in_force_at is None or decision.agreed_by_id not in {None, decision.by_id}
        for appeal in Appeal.objects.exclude(outcome="").select_related("decision") if hasattr(self, "case") else ():
            assert appeal.decided_by_id not in {appeal.decision.by_id, appeal.decision.agreed_by_id}

    @invariant()
    def nobody_is_out_without_a_decision_that_holds(self) -> None:
        if hasattr(self, "case"):
            holding = Decision.objects.in_force().filter(kind__in=["suspend", "ban"], case__subject=self.dirk)
            assert holding.exists() == (Person.objects.get(id=self.dirk.id).suspended_at is not None)

    @invariant()
    def there_is_one_case(self) -> None:
        """And those that were made at once, which nobody need look at unless there is an appeal."""
        if hasattr(self, "case"):
            others = Case.objects.exclude(id=self.case.id)
            assert all(decision.at_once for decision in Decision.objects.filter(case__in=others))
            assert not others.filter(state__in=UNDECIDED).exists()

    def is_hidden(self) -> bool:
        return Entry.objects.get(conversation=self.group, seq=LINE).hidden_seq is not None

    def is_at_once(self, answered: Appeal) -> bool:
        return Decision.objects.get(id=answered.decision_id).at_once

    def comes_to_an_end(self) -> None:
        """From wherever it is: whoever is there takes nothing from anybody, time passes, and it is closed."""
        self.pass_a_week()
        for proposed in Decision.objects.filter(in_force_at=None, refused_at=None):
            decisions.refuse(proposed.id, by=proposed.by, now=self.now)
        for appeal in Appeal.objects.filter(outcome=""):
            newcomer = self.staff["newcomer"] = make_person(role=Role.REVIEWER, now=self.now)  # the others may have had a part in it
            version = appeals.claim(appeal.id, by=newcomer, version=appeal.version, now=self.now).version
            appeals.decide(appeal.id, outcome="upheld", words="daarom", by=newcomer, version=version, now=self.now)
        self.pass_a_week()
        case = Case.objects.get(id=self.case.id)
        if case.state != CaseState.CLOSED:
            by = self.staff["karin"]
            version = cases.claim(case.id, by=by, version=case.version, now=self.now).version
            decisions.decide(case.id, kind=DecisionKind.NOTHING, clause="no_breach", words="", by=by, version=version, now=self.now)
        self.pass_a_week()
        assert Case.objects.get(id=self.case.id).state == CaseState.CLOSED
        assert not Case.objects.filter(interim_until__isnull=False).exists()

    def pass_a_week(self) -> None:
        self.now += timedelta(days=8)
        self.housekeeping()

    # The ways in.

    def act(self, who: str, what: Callable[[Person, int], object]) -> None:
        by = self.holder() if who == HOLDER else self.staff[who]
        self.try_(lambda: what(by, Case.objects.get(id=self.case.id).version))

    def holder(self) -> Person:
        case = Case.objects.select_related("claimed_by").get(id=self.case.id)
        if case.claimed_by is not None and policy.holds(case, case.claimed_by, now=self.now):
            return case.claimed_by
        by = self.staff["lotte" if Decision.objects.proposed().filter(by=self.staff["karin"]).exists() else "karin"]
        self.try_(lambda: cases.claim(case.id, by=by, version=case.version, now=self.now))
        return by

    def try_(self, what: Callable[[], object]) -> None:
        """Do it, or be refused; who is refused leaves no trace."""
        before = AuditRow.objects.count()
        try:
            what()
        except DomainError:
            assert AuditRow.objects.count() == before

    def housekeeping(self) -> None:
        for due in (cases.lapse_due, cases.restore_due, decisions.end_due, cases.close_due):
            due(now=self.now)
