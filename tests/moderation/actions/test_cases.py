"""What the staff do with a case: who gets it, for how long, and what a second pair of hands meets."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Person
from audit.models import AuditRow
from chat.models import Conversation
from core.errors import Forbidden, Invalid
from moderation.actions import cases
from moderation.errors import AlreadyClaimed, CaseNotFound, NotFromHere, NotYourClaim, OwnCircle, StaleVersion, WordsNeeded
from moderation.models import Case, Recusal
from moderation.words import CaseState, Priority
from programmes.models import CircleMember
from tests.moderation.casework import audited, claimed, flagged, fresh, told

pytestmark = pytest.mark.django_db

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def case(fatima: Person, talk: Conversation, now: datetime) -> Case:
    return flagged(fatima, talk, 10, now=now)


@pytest.fixture
def held(case: Case, sofie: Person, now: datetime) -> Case:
    return claimed(case, sofie, now=now)


class TestClaiming:
    def test_gives_it_to_one_for_half_an_hour(self, case: Case, sofie: Person, now: datetime) -> None:
        held = cases.claim(case.id, by=sofie, version=1, now=now)

        assert (held.state, held.claimed_by, held.lease_until, held.version) == (CaseState.CLAIMED, sofie, now + HALF_AN_HOUR, 2)
        assert audited(case) == ["opened", "claimed"]

    def test_again_by_the_same_changes_nothing(self, held: Case, sofie: Person, now: datetime) -> None:
        """The first answer was lost on its way."""
        again = cases.claim(held.id, by=sofie, version=1, now=now + timedelta(minutes=1))

        assert (again.version, again.lease_until) == (held.version, held.lease_until)
        assert audited(held) == ["opened", "claimed"]

    def test_is_refused_to_the_second(self, held: Case, jan: Person, now: datetime) -> None:
        with pytest.raises(AlreadyClaimed):
            cases.claim(held.id, by=jan, version=held.version, now=now)

    def test_of_what_somebody_left_lying_writes_both_down(self, held: Case, sofie: Person, jan: Person, now: datetime) -> None:
        later = now + HALF_AN_HOUR

        taken = cases.claim(held.id, by=jan, version=held.version, now=later)

        assert taken.claimed_by == jan
        assert audited(held) == ["opened", "claimed", "lapsed", "claimed"]
        with pytest.raises(NotYourClaim):
            cases.release(held.id, by=sofie, version=taken.version, now=later)

    def test_says_which_version_it_has_now(self, case: Case, sofie: Person, now: datetime) -> None:
        cases.triage(case.id, priority=Priority.OTHER, by=sofie, version=1, now=now)

        with pytest.raises(StaleVersion) as refused:
            cases.claim(case.id, by=sofie, version=1, now=now)

        assert refused.value.facts == {"version": 2}


class TestALease:
    def test_is_renewed_while_it_lasts(self, held: Case, sofie: Person, now: datetime) -> None:
        later = now + timedelta(minutes=29)

        assert cases.renew(held.id, by=sofie, version=held.version, now=later).lease_until == later + HALF_AN_HOUR

    @pytest.mark.parametrize("act", ["renew", "release", "note", "hand_over"])
    def test_that_is_over_lets_nothing_be_done(self, act: str, held: Case, sofie: Person, jan: Person, now: datetime) -> None:
        all_more: dict[str, dict[str, Any]] = {"note": {"words": "hm"}, "hand_over": {"to": jan}}

        with pytest.raises(NotYourClaim):
            getattr(cases, act)(held.id, by=sofie, version=held.version, now=now + HALF_AN_HOUR, **all_more.get(act, {}))

    def test_that_was_lost_is_said_before_a_stale_version(self, held: Case, sofie: Person, jan: Person, now: datetime) -> None:
        later = now + HALF_AN_HOUR
        claimed(held, jan, now=later)

        with pytest.raises(NotYourClaim):
            cases.note(held.id, words="te laat", by=sofie, version=held.version, now=later)

    def test_lapses_by_itself(self, held: Case, now: datetime) -> None:
        assert cases.lapse_due(now=now + timedelta(minutes=29)) == 0
        assert cases.lapse_due(now=now + HALF_AN_HOUR) == 1
        assert cases.lapse_due(now=now + HALF_AN_HOUR) == 0

        left = fresh(held)
        assert (left.state, left.claimed_by, left.lease_until) == (CaseState.TRIAGED, None, None)
        assert audited(held)[-1] == "lapsed" and AuditRow.objects.latest("n").actor_id is None


class TestTriage:
    def test_that_makes_it_more_urgent_brings_the_deadline_forward(self, case: Case, sofie: Person, now: datetime) -> None:
        later = now + timedelta(hours=1)

        raised = cases.triage(case.id, priority=Priority.DANGER, by=sofie, version=1, now=later)

        assert (raised.state, raised.due_at) == (CaseState.TRIAGED, later + timedelta(hours=1))

    def test_that_makes_it_less_urgent_counts_from_the_flag(self, case: Case, sofie: Person, now: datetime) -> None:
        lowered = cases.triage(case.id, priority=Priority.OTHER, by=sofie, version=1, now=now + timedelta(hours=2))

        assert lowered.due_at == now + timedelta(hours=72)

    def test_hides_no_deadline_that_was_missed(self, case: Case, sofie: Person, now: datetime) -> None:
        late = case.due_at + timedelta(minutes=1)

        assert cases.triage(case.id, priority=Priority.OTHER, by=sofie, version=1, now=late).due_at == case.due_at

    def test_of_what_a_colleague_holds_is_refused(self, held: Case, jan: Person, now: datetime) -> None:
        with pytest.raises(AlreadyClaimed):
            cases.triage(held.id, priority=Priority.OTHER, by=jan, version=held.version, now=now)

    def test_of_what_one_holds_cannot_follow(self, held: Case, sofie: Person, now: datetime) -> None:
        with pytest.raises(NotFromHere) as refused:
            cases.triage(held.id, priority=Priority.OTHER, by=sofie, version=held.version, now=now)

        assert refused.value.facts == {"state": "claimed"}


class TestHandingOver:
    def test_gives_it_to_one_colleague(self, held: Case, sofie: Person, jan: Person, now: datetime) -> None:
        given = cases.hand_over(held.id, to=jan, by=sofie, version=held.version, now=now)

        with pytest.raises(AlreadyClaimed):
            claimed(given, sofie, now=now)
        assert claimed(given, jan, now=now).handed_to is None

    def test_is_for_whoever_comes_once_it_is_due(self, held: Case, sofie: Person, jan: Person, now: datetime) -> None:
        given = cases.hand_over(held.id, to=jan, by=sofie, version=held.version, now=now)

        assert claimed(given, sofie, now=given.due_at).claimed_by == sofie

    def test_does_not_keep_it_from_a_lead(self, held: Case, sofie: Person, jan: Person, karin: Person, now: datetime) -> None:
        given = cases.hand_over(held.id, to=jan, by=sofie, version=held.version, now=now)

        assert claimed(given, karin, now=now).claimed_by == karin

    def test_to_somebody_who_may_not_have_it_is_refused(
        self, held: Case, sofie: Person, nele: Person, stranger: Person, jan: Person, now: datetime
    ) -> None:
        Recusal.objects.create(person=jan, circle=held.circle, at=now)

        for to, problem in ((nele, Forbidden), (stranger, CaseNotFound), (sofie, CaseNotFound), (jan, OwnCircle)):
            with pytest.raises(problem):
                cases.hand_over(held.id, to=to, by=sofie, version=held.version, now=now)


class TestEscalating:
    def test_leaves_it_to_leads(self, held: Case, sofie: Person, jan: Person, karin: Person, now: datetime) -> None:
        up = cases.escalate(held.id, words="dit is te groot voor mij", by=sofie, version=held.version, now=now)

        assert (up.state, up.for_leads, up.claimed_by) == (CaseState.ESCALATED, True, None)
        assert up.notes.get().words == "dit is te groot voor mij"
        for moderator in (sofie, jan):
            with pytest.raises(Forbidden):
                claimed(up, moderator, now=now)
        assert claimed(up, karin, now=now).state == CaseState.CLAIMED

    def test_keeps_it_with_the_leads_when_one_gives_it_back(self, held: Case, sofie: Person, karin: Person, now: datetime) -> None:
        up = cases.escalate(held.id, words="help", by=sofie, version=held.version, now=now)
        lead = claimed(up, karin, now=now)

        assert cases.release(lead.id, by=karin, version=lead.version, now=now).state == CaseState.ESCALATED
        claimed(up, karin, now=now)
        cases.lapse_due(now=now + HALF_AN_HOUR)
        assert fresh(up).state == CaseState.ESCALATED

    def test_needs_a_few_words(self, held: Case, sofie: Person, now: datetime) -> None:
        with pytest.raises(WordsNeeded):
            cases.escalate(held.id, words="  ", by=sofie, version=held.version, now=now)

        assert fresh(held).state == CaseState.CLAIMED


class TestNotes:
    def test_are_sealed_and_audited_without_words(self, held: Case, sofie: Person, now: datetime) -> None:
        note = cases.note(held.id, words="bel de begeleider", by=sofie, version=held.version, now=now)

        assert note.words == "bel de begeleider" and b"bel" not in bytes(note.words_sealed)
        assert "bel" not in str(AuditRow.objects.latest("n").detail)

    @pytest.mark.parametrize(("words", "problem"), [("", WordsNeeded), ("x" * 2_001, Invalid)])
    def test_have_a_length(self, words: str, problem: type[Exception], held: Case, sofie: Person, now: datetime) -> None:
        with pytest.raises(problem):
            cases.note(held.id, words=words, by=sofie, version=held.version, now=now)


class TestClosing:
    def test_comes_after_everybody_was_told(self, held: Case, sofie: Person, now: datetime) -> None:
        with pytest.raises(NotFromHere):
            cases.close(held.id, by=sofie, version=held.version, now=now)
        told(held, now=now)

        closed = cases.close(held.id, by=sofie, version=fresh(held).version, now=now)

        assert (closed.state, closed.closed_at) == (CaseState.CLOSED, now)

    def test_happens_by_itself_after_a_week(self, held: Case, now: datetime) -> None:
        told(held, now=now)

        assert cases.close_due(now=now + timedelta(days=6)) == 0
        assert cases.close_due(now=now + timedelta(days=7, minutes=1)) == 1
        assert fresh(held).state == CaseState.CLOSED


class TestEvidence:
    def test_is_held_for_a_reason_that_is_a_code(self, case: Case, karin: Person, now: datetime) -> None:
        held = cases.hold_evidence(case.id, why="police_asked", by=karin, version=1, now=now)

        assert held.held_for == "police_asked"
        assert cases.hold_evidence(case.id, why="", by=karin, version=2, now=now).held_for == ""
        with pytest.raises(Invalid):
            cases.hold_evidence(case.id, why="Fatima vroeg het", by=karin, version=3, now=now)


class TestOnesOwnCircle:
    @pytest.mark.parametrize("how", ["member_once", "recused", "coordinator", "deputy"])
    def test_is_nobodys_case(self, how: str, case: Case, karin: Person, now: datetime) -> None:
        ways: dict[str, Callable[[], object]] = {
            "member_once": lambda: CircleMember.objects.create(circle=case.circle, person=karin, role="peer", invited_at=now, left_at=now),
            "recused": lambda: Recusal.objects.create(person=karin, circle=case.circle, at=now),
            "coordinator": lambda: type(case.circle).objects.filter(id=case.circle_id).update(coordinator=karin),
            "deputy": lambda: type(case.circle).objects.filter(id=case.circle_id).update(deputy=karin),
        }
        ways[how]()

        with pytest.raises(OwnCircle):
            claimed(case, karin, now=now)
        assert audited(case) == ["opened"]
