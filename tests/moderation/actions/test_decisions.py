"""A case is decided once, on a rule, by who holds it; two people for what cannot easily be given back."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Person
from audit.models import AuditRow
from chat.models import Conversation
from core.errors import Forbidden, Invalid
from moderation.actions import cases, decisions
from moderation.errors import (
    CaseNotFound,
    ClauseNeeded,
    NotFromHere,
    NothingToHide,
    NotYourClaim,
    OwnCircle,
    OwnDecision,
    ProposalOpen,
    StaleVersion,
    SubjectNeeded,
    WordsNeeded,
)
from moderation.models import Case, Decision
from moderation.words import CaseState, DecisionKind, StatementKind
from tests.chat.words import retraction, sent
from tests.conftest import Clock
from tests.moderation.casework import audited, claimed, flagged, fresh, raise_flag, say
from tests.moderation.deciding import banned, decided, held_case, letter_to, letters_to

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]

K = DecisionKind


@pytest.fixture
def held(fatima: Person, talk: Conversation, sofie: Person, now: datetime) -> Case:
    """On what Annemie said in line 2; a moderator has it."""
    return held_case(fatima, talk, sofie, now=now)


@pytest.fixture
def with_lead(fatima: Person, talk: Conversation, karin: Person, now: datetime) -> Case:
    return held_case(fatima, talk, karin, now=now)


class TestDeciding:
    @pytest.mark.parametrize("kind", [kind for kind in K if not kind.needs_two_people])
    def test_ends_in_a_case_that_was_told_with_its_row_in_the_log(self, with_lead: Case, karin: Person, now: datetime, kind: K) -> None:
        decision = decided(with_lead, kind, karin, now=now)

        case = fresh(with_lead)
        assert (case.state, case.claimed_by, case.decided_at) == (CaseState.NOTIFIED, None, now)
        assert (decision.in_force_at, decision.words) == (now, "Dit kan niet.")
        row = AuditRow.objects.get(action="case.decided")
        assert (row.actor_id, row.detail["kind"], row.detail["clause"]) == (karin.id, str(kind), decision.clause)
        assert "Dit kan niet" not in str(row.detail)

    @pytest.mark.parametrize("kind", [kind for kind in K if not kind.needs_two_people])
    def test_writes_to_whom_something_is_done_and_to_who_flagged(
        self, with_lead: Case, fatima: Person, annemie: Person, karin: Person, now: datetime, kind: K
    ) -> None:
        decided(with_lead, kind, karin, now=now)

        assert [letter.kind for letter in letters_to(fatima)] == [StatementKind.OUTCOME]
        assert [letter.kind for letter in letters_to(annemie)] == [StatementKind.RESTRICTION] * kind.is_restriction
        fatima.refresh_from_db()
        assert fatima.unread_statements == 1

    def test_answers_everybody_who_flagged_and_each_once(
        self, talk: Conversation, fatima: Person, group: Conversation, sofie: Person, clock: Clock
    ) -> None:
        chantal, dirk, amina = (member.person for member in group.members.order_by("number"))
        say(group, (chantal, "lelijk"), now=clock())
        case = flagged(dirk, group, 1, now=clock())
        raise_flag(amina, group, 1, now=clock.move(minutes=1))
        raise_flag(dirk, group, 1, now=clock.move(minutes=1))
        decided(claimed(case, sofie, now=clock()), K.NOTHING, sofie, now=clock())

        assert len(letters_to(dirk)) == len(letters_to(amina)) == 1
        assert letters_to(chantal) == []

    def test_answers_again_after_a_new_flag(self, held: Case, fatima: Person, talk: Conversation, sofie: Person, clock: Clock) -> None:
        decided(held, K.NOTHING, sofie, now=clock())
        raise_flag(fatima, talk, 2, now=clock.move(days=1))
        decided(claimed(held, sofie, now=clock()), K.WARN, sofie, now=clock())

        assert [letter.facts["kind"] for letter in letters_to(fatima)] == ["nothing", "warn"]

    def test_answers_nobody_again_for_what_another_flagged_later(
        self, talk: Conversation, group: Conversation, sofie: Person, clock: Clock
    ) -> None:
        chantal, dirk, amina = (member.person for member in group.members.order_by("number"))
        say(group, (chantal, "lelijk"), now=clock())
        case = flagged(dirk, group, 1, now=clock())
        decided(claimed(case, sofie, now=clock()), K.NOTHING, sofie, now=clock())
        raise_flag(amina, group, 1, now=clock.move(days=1))
        decided(claimed(case, sofie, now=clock()), K.WARN, sofie, now=clock())

        assert [letter.facts["kind"] for letter in letters_to(dirk)] == ["nothing"]
        assert [letter.facts["kind"] for letter in letters_to(amina)] == ["warn"]


class TestWhoMay:
    @pytest.mark.parametrize("kind", [K.PAUSE_CIRCLE, K.PART_WAYS, K.SUSPEND, K.BAN, K.REFER_OUT])
    def test_decide_for_a_circle_or_a_person_is_a_lead(self, held: Case, sofie: Person, now: datetime, kind: K) -> None:
        with pytest.raises(Forbidden):
            decided(held, kind, sofie, now=now)
        assert fresh(held).state == CaseState.CLAIMED

    def test_decide_is_who_holds_it_now(self, held: Case, sofie: Person, jan: Person, clock: Clock) -> None:
        with pytest.raises(NotYourClaim):
            decided(held, K.NOTHING, jan, now=clock())
        with pytest.raises(NotYourClaim):
            decided(held, K.NOTHING, sofie, now=clock.move(minutes=31))

    def test_decide_is_nobody_of_another_house_or_of_the_circle(
        self, fatima: Person, talk: Conversation, held: Case, stranger: Person, nele: Person, now: datetime
    ) -> None:
        with pytest.raises(CaseNotFound):
            decided(held, K.NOTHING, stranger, now=now)
        with pytest.raises(Forbidden):
            decided(held, K.NOTHING, nele, now=now)

    def test_decide_is_no_lead_who_answers_for_the_circle(self, with_lead: Case, karin: Person, now: datetime) -> None:
        circle = with_lead.circle
        circle.deputy = karin
        circle.save()

        with pytest.raises(OwnCircle):
            decided(with_lead, K.SUSPEND, karin, now=now)


class TestWhatIsNeeded:
    def test_is_what_they_saw(self, held: Case, sofie: Person, now: datetime) -> None:
        with pytest.raises(StaleVersion):
            decisions.decide(held.id, kind=K.NOTHING, clause="no_breach", words="", by=sofie, version=held.version - 1, now=now)

    @pytest.mark.parametrize(
        ("kind", "more", "refusal"),
        [
            (K.WARN, {"clause": "no_such_rule"}, ClauseNeeded),
            (K.WARN, {"clause": ""}, ClauseNeeded),
            (K.WARN, {"clause": "no_breach"}, ClauseNeeded),
            (K.WARN, {"words": "  "}, WordsNeeded),
            (K.WARN, {"words": "a" * 2_001}, Invalid),
            (K.WARN, {"until": timedelta(days=3)}, Invalid),
            (K.SUSPEND, {"until": timedelta(0)}, Invalid),
            (K.SUSPEND, {"until": timedelta(days=367)}, Invalid),
        ],
        ids=lambda value: getattr(value, "value", None) or getattr(value, "__name__", None) or "_".join(value),
    )
    def test_is_a_rule_words_and_a_sensible_end(
        self, with_lead: Case, karin: Person, now: datetime, kind: K, more: dict[str, object], refusal: type[Exception]
    ) -> None:
        told = {name: now + value if isinstance(value, timedelta) else value for name, value in more.items()}

        with pytest.raises(refusal):
            decided(with_lead, kind, karin, now=now, **told)
        assert not Decision.objects.exists()

    def test_is_a_message_that_is_still_there(self, held: Case, annemie: Person, talk: Conversation, sofie: Person, now: datetime) -> None:
        sent(retraction(annemie, talk, 2), now=now)

        with pytest.raises(NothingToHide):
            decided(held, K.HIDE, sofie, now=now)
        assert fresh(held).state == CaseState.CLAIMED

    def test_is_somebody_to_warn(self, with_lead: Case, karin: Person, now: datetime) -> None:
        Case.objects.filter(id=with_lead.id).update(subject=None)

        with pytest.raises(SubjectNeeded):
            decided(with_lead, K.WARN, karin, now=now)


class TestABan:
    def test_waits_for_a_second_lead(self, with_lead: Case, annemie: Person, karin: Person, now: datetime) -> None:
        decision = decided(with_lead, K.BAN, karin, now=now)

        annemie.refresh_from_db()
        assert (decision.in_force_at, annemie.suspended_at) == (None, None)
        assert (fresh(with_lead).state, fresh(with_lead).for_leads) == (CaseState.ESCALATED, True)
        assert letters_to(annemie) == []

    def test_holds_once_another_lead_who_read_it_agrees(
        self, with_lead: Case, annemie: Person, karin: Person, lotte: Person, now: datetime
    ) -> None:
        decision = banned(with_lead, karin, lotte, now=now)

        annemie.refresh_from_db()
        assert (decision.agreed_by, decision.in_force_at, annemie.suspended_at) == (lotte, now, now)
        assert letter_to(annemie, StatementKind.RESTRICTION).facts["kind"] == "ban"
        assert audited(with_lead)[-3:] == ["proposed", "claimed", "decided"]

    def test_is_agreed_to_by_nobody_alone(self, with_lead: Case, karin: Person, lotte: Person, sofie: Person, now: datetime) -> None:
        decision = decided(with_lead, K.BAN, karin, now=now)
        claimed(with_lead, karin, now=now)

        for by, refusal in ((karin, OwnDecision), (lotte, NotYourClaim), (sofie, Forbidden)):
            with pytest.raises(refusal):
                decisions.agree(decision.id, by=by, now=now)

    def test_can_be_refused_and_the_case_decided_otherwise(self, with_lead: Case, karin: Person, lotte: Person, now: datetime) -> None:
        decision = decided(with_lead, K.BAN, karin, now=now)
        claimed(with_lead, lotte, now=now)
        with pytest.raises(ProposalOpen):
            decided(with_lead, K.WARN, lotte, now=now)

        decisions.refuse(decision.id, by=lotte, now=now)

        assert decided(with_lead, K.WARN, lotte, now=now).in_force_at == now
        with pytest.raises(NotFromHere):
            decisions.agree(decision.id, by=lotte, now=now)

    def test_can_be_taken_back_by_who_proposed_it(self, with_lead: Case, karin: Person, lotte: Person, now: datetime) -> None:
        decision = decided(with_lead, K.BAN, karin, now=now)

        with pytest.raises(NotYourClaim):
            decisions.refuse(decision.id, by=lotte, now=now)
        assert decisions.refuse(decision.id, by=karin, now=now).refused_at == now


class TestAnInterimHiding:
    @pytest.mark.parametrize(("kind", "stays"), [(K.HIDE, True), (K.WARN, False), (K.NOTHING, False), (K.SUSPEND, True)])
    def test_ends_with_the_decision(
        self, with_lead: Case, talk: Conversation, karin: Person, now: datetime, kind: K, *, stays: bool
    ) -> None:
        cases.hide_for_now(with_lead.id, hours=24, by=karin, version=fresh(with_lead).version, now=now)

        decided(with_lead, kind, karin, now=now)

        assert talk.entries.get(seq=2).hidden_seq is not None or not stays
        assert (talk.entries.get(seq=2).hidden_seq is None) is not stays
        assert fresh(with_lead).interim_until is None
