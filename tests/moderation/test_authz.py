"""Every act on a case × every role × one's own organisation, another's and no case at all: exactly what `permissions` says."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from accounts.models import Person, Role
from chat.models import Conversation
from core.errors import DomainError
from core.ids import new_id
from moderation.actions import cases, opening, widening
from moderation.models import Case
from moderation.permissions import MAY, Permission
from moderation.reading import history, queue
from moderation.words import CaseState, Priority
from tests.factories import make_organisation, make_person
from tests.moderation.casework import audited, claimed, flagged, fresh, told

pytestmark = pytest.mark.django_db

P = Permission
Do = Callable[[UUID, Person, int, datetime], object]

# What is done, what it takes, whether they hold the case by then, and the doing.
ACTS: dict[str, tuple[Permission, bool, Do]] = {
    "triage": (P.TRIAGE, False, lambda id_, by, v, now: cases.triage(id_, priority=Priority.OTHER, by=by, version=v, now=now)),
    "claim": (P.CLAIM, False, lambda id_, by, v, now: cases.claim(id_, by=by, version=v, now=now)),
    "escalate": (P.ESCALATE_CASE, False, lambda id_, by, v, now: cases.escalate(id_, words="x", by=by, version=v, now=now)),
    "hold_evidence": (P.HOLD_EVIDENCE, False, lambda id_, by, v, now: cases.hold_evidence(id_, why="police", by=by, version=v, now=now)),
    "renew": (P.CLAIM, True, lambda id_, by, v, now: cases.renew(id_, by=by, version=v, now=now)),
    "release": (P.CLAIM, True, lambda id_, by, v, now: cases.release(id_, by=by, version=v, now=now)),
    "note": (P.NOTE, True, lambda id_, by, v, now: cases.note(id_, words="x", by=by, version=v, now=now)),
    "hide_for_now": (P.HIDE_FOR_NOW, True, lambda id_, by, v, now: cases.hide_for_now(id_, hours=1, by=by, version=v, now=now)),
    "open": (P.READ_CASE, True, lambda id_, by, v, now: opening.open_case(id_, by=by, now=now)),
    "who_flagged": (P.SEE_WHO_FLAGGED, True, lambda id_, by, v, now: opening.who_flagged(id_, by=by, now=now)),
    "widen": (P.WIDEN, True, lambda id_, by, v, now: widening.ask(id_, lines=10, reason="x", by=by, version=v, now=now)),
    "close": (P.DECIDE, False, lambda id_, by, v, now: cases.close(id_, by=by, version=v, now=now)),
}
ROLES = [Role(role).value for role in Role]


@pytest.fixture
def case(fatima: Person, talk: Conversation, now: datetime) -> Case:
    return flagged(fatima, talk, 10, now=now)


def prepare(case: Case, act: str, by: Person, sofie: Person, *, now: datetime) -> Case:
    """The case as the act finds it when everything else is right: in their hands, where their role can hold anything."""
    if act == "close":
        told(claimed(case, sofie, now=now), now=now)
    elif ACTS[act][1]:
        if P.CLAIM in MAY.get(Role(by.role), frozenset()):
            claimed(case, by, now=now)
        else:
            Case.objects.filter(id=case.id).update(state=CaseState.CLAIMED, claimed_by=by, lease_until=case.due_at)
    return fresh(case)


def answer(act: str, case_id: UUID, by: Person, version: int, *, now: datetime) -> str:
    try:
        ACTS[act][2](case_id, by, version, now)
    except DomainError as problem:
        return problem.code
    return "ok"


class TestEveryAct:
    @pytest.mark.parametrize("role", ROLES)
    @pytest.mark.parametrize("act", list(ACTS))
    def test_is_for_those_roles_that_may(self, act: str, role: str, case: Case, sofie: Person, now: datetime) -> None:
        by = make_person(role=Role(role), now=now)
        found = prepare(case, act, by, sofie, now=now)
        before = len(audited(case))
        is_allowed = ACTS[act][0] in MAY.get(Role(role), frozenset())

        assert answer(act, case.id, by, found.version, now=now) == ("ok" if is_allowed else "forbidden")

        assert len(audited(case)) - before == (1 if is_allowed else 0)

    @pytest.mark.parametrize("role", ROLES)
    @pytest.mark.parametrize("act", list(ACTS))
    def test_of_another_organisation_and_of_no_case_answer_alike(
        self, act: str, role: str, case: Case, sofie: Person, now: datetime
    ) -> None:
        by = make_person(role=Role(role), organisation=make_organisation(name="Elders", now=now), now=now)
        found = prepare(case, act, by, sofie, now=now) if act == "close" else fresh(case)
        before = len(audited(case))
        is_allowed = ACTS[act][0] in MAY.get(Role(role), frozenset())

        answers = {answer(act, id_, by, found.version, now=now) for id_ in (case.id, new_id())}

        assert answers == {"case_not_found" if is_allowed else "forbidden"} and len(audited(case)) == before

    @pytest.mark.parametrize("act", list(ACTS))
    def test_is_not_for_one_of_their_own_circle(self, act: str, case: Case, sofie: Person, karin: Person, now: datetime) -> None:
        found = prepare(case, act, karin, sofie, now=now)
        type(case.circle).objects.filter(id=case.circle_id).update(deputy=karin)

        assert answer(act, case.id, karin, found.version, now=now) == "own_circle"

    @pytest.mark.parametrize("act", list(ACTS))
    def test_is_not_for_somebody_suspended(self, act: str, case: Case, sofie: Person, karin: Person, now: datetime) -> None:
        found = prepare(case, act, karin, sofie, now=now)
        Person.objects.filter(id=karin.id).update(suspended_at=now)
        karin.refresh_from_db()

        assert answer(act, case.id, karin, found.version, now=now) == "forbidden"

    @pytest.mark.parametrize("act", [act for act in ACTS if act not in {"open", "who_flagged"}])
    def test_is_refused_on_what_changed_meanwhile(self, act: str, case: Case, sofie: Person, karin: Person, now: datetime) -> None:
        found = prepare(case, act, karin, sofie, now=now)

        assert answer(act, case.id, karin, found.version + 1, now=now) == "stale_version"

    @pytest.mark.parametrize("act", [act for act in ACTS if ACTS[act][1]])
    def test_on_what_a_colleague_holds_is_refused(self, act: str, case: Case, sofie: Person, karin: Person, now: datetime) -> None:
        held = claimed(case, sofie, now=now)

        assert answer(act, case.id, karin, held.version, now=now) == "not_your_claim"


class TestLooking:
    @pytest.mark.parametrize("role", ROLES)
    def test_at_the_queue_is_for_those_who_may(self, role: str, case: Case, now: datetime) -> None:
        by = make_person(role=Role(role), now=now)

        assert looked(lambda: queue.rows(by, now=now)) == (P.SEE_QUEUE in MAY.get(Role(role), frozenset()))

    @pytest.mark.parametrize("role", ROLES)
    def test_at_the_history_is_for_readers_and_auditors(self, role: str, case: Case, now: datetime) -> None:
        by = make_person(role=Role(role), now=now)

        is_allowed = bool({P.READ_CASE, P.SEE_AUDIT} & MAY.get(Role(role), frozenset()))
        assert looked(lambda: history.of_case(case.id, person=by)) == is_allowed


def looked(what: Callable[[], object]) -> bool:
    try:
        what()
    except DomainError as problem:
        assert problem.code == "forbidden"
        return False
    return True
