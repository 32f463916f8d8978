"""Who may claim a case, and how soon somebody looks: the rules by themselves, beside where they stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from accounts.models import Person
from core.errors import Forbidden, NotFound
from moderation import policy
from moderation.errors import AlreadyClaimed, OwnDecision
from moderation.permissions import Permission
from moderation.words import CaseState, FlagReason, Priority, SignalClass
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Waiting:
    """As much of a case as the rule asks for."""

    due_at: datetime
    state: str = CaseState.NEW
    claimed_by_id: UUID | None = None
    lease_until: datetime | None = None
    for_leads: bool = False
    handed_to_id: UUID | None = None


class TestClaiming:
    def test_is_for_who_comes_first(self, sofie: Person, now: datetime) -> None:
        policy.ensure_may_claim(Waiting(now + HOUR), sofie, now=now)

    @pytest.mark.parametrize(("left", "may"), [(HOUR, False), (timedelta(0), True)], ids=["held", "lease_over"])
    def test_waits_for_the_lease_of_a_colleague(self, left: timedelta, may: bool, sofie: Person, jan: Person, now: datetime) -> None:
        case = Waiting(now + HOUR, CaseState.CLAIMED, claimed_by_id=jan.id, lease_until=now + left)

        assert policy.may_claim(case, sofie, now=now) is may

    def test_of_what_was_escalated_is_for_leads(self, sofie: Person, karin: Person, now: datetime) -> None:
        case = Waiting(now + HOUR, CaseState.ESCALATED, for_leads=True)

        policy.ensure_may_claim(case, karin, now=now)
        with pytest.raises(Forbidden):
            policy.ensure_may_claim(case, sofie, now=now)

    def test_of_what_was_handed_over_is_for_that_colleague_until_it_is_due(
        self, sofie: Person, jan: Person, karin: Person, now: datetime
    ) -> None:
        case = Waiting(now + HOUR, CaseState.TRIAGED, handed_to_id=jan.id)

        policy.ensure_may_claim(case, jan, now=now)
        policy.ensure_may_claim(case, karin, now=now)
        policy.ensure_may_claim(case, sofie, now=now + HOUR)
        with pytest.raises(AlreadyClaimed):
            policy.ensure_may_claim(case, sofie, now=now)

    def test_of_what_is_decided_is_for_nobody(self, sofie: Person, now: datetime) -> None:
        assert not policy.may_claim(Waiting(now + HOUR, CaseState.NOTIFIED), sofie, now=now)


class TestHavingNoPart:
    def test_is_asked_of_whoever_decides_next(self, sofie: Person, jan: Person) -> None:
        policy.ensure_had_no_part(jan, {sofie.id, None})
        with pytest.raises(OwnDecision):
            policy.ensure_had_no_part(sofie, {sofie.id, None})


class TestOnesOwnOrganisation:
    def test_is_the_only_one_that_is_there(self, karin: Person) -> None:
        theirs = make_organisation(name="Anderen")

        with pytest.raises(NotFound):
            policy.ensure_may_in(karin, Permission.CHANGE_LISTS, theirs.id)

    def test_is_asked_about_after_the_role(self, sofie: Person) -> None:
        with pytest.raises(Forbidden):
            policy.ensure_may_in(sofie, Permission.CHANGE_LISTS, make_organisation(name="Anderen").id)


class TestPriorities:
    def test_every_reason_has_one(self) -> None:
        assert set(policy.OF_REASON) == set(FlagReason)

    @pytest.mark.parametrize("klass", [SignalClass.CRISIS, SignalClass.THREAT], ids=["crisis", "threat"])
    def test_of_a_crisis_follow_how_serious_it_looks(self, klass: SignalClass) -> None:
        found = [policy.priority_of_signal(klass, severity) for severity in (2, 3, 4)]

        assert found == [Priority.HARASSMENT, Priority.SAFEGUARDING, Priority.DANGER]

    def test_of_feeling_unsafe_beside_something_serious_is_danger(self) -> None:
        assert policy.is_danger(FlagReason.UNSAFE, 3)
        assert not policy.is_danger(FlagReason.UNSAFE, 2) and not policy.is_danger(FlagReason.MONEY, 4)
