"""Who knows these people says so, and gets nothing of their circle any more."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Person, Role
from chat.models import Conversation
from core.errors import Forbidden
from moderation import roster
from moderation.actions import cases, recusing
from moderation.errors import CaseNotFound, OwnCircle
from moderation.models import Case, Recusal
from moderation.words import CaseState
from tests.factories import make_organisation, make_person
from tests.moderation.casework import audited, claimed, flagged, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(fatima: Person, talk: Conversation, now: datetime) -> Case:
    return flagged(fatima, talk, 10, now=now)


class TestSteppingAside:
    def test_lets_go_of_every_case_of_the_circle(
        self, case: Case, fatima: Person, talk: Conversation, sofie: Person, karin: Person, now: datetime
    ) -> None:
        held = claimed(flagged(fatima, talk, 8, now=now), sofie, now=now)
        given = claimed(flagged(fatima, talk, 6, now=now), karin, now=now)
        cases.hand_over(given.id, to=sofie, by=karin, version=given.version, now=now)

        recusing.from_case(case.id, by=sofie, now=now)

        assert [(one.claimed_by, one.handed_to) for one in map(fresh, (case, held, given))] == [(None, None)] * 3
        assert [audited(one)[-1] for one in (case, held, given)] == ["recused"] * 3
        assert fresh(held).state == CaseState.TRIAGED

    def test_keeps_them_away_and_uncalled(self, case: Case, sofie: Person, karin: Person, now: datetime) -> None:
        recusing.from_case(case.id, by=sofie, now=now)

        with pytest.raises(OwnCircle):
            claimed(case, sofie, now=now)
        assert roster.strangers_to(case.circle, [sofie.id, karin.id]) == [karin.id]

    def test_is_done_once(self, case: Case, sofie: Person, now: datetime) -> None:
        recusing.from_case(case.id, by=sofie, now=now)

        with pytest.raises(OwnCircle):
            recusing.from_case(case.id, by=sofie, now=now + timedelta(days=9))
        assert Recusal.objects.get().at == now

    def test_leaves_with_a_colleague_what_they_hold(self, case: Case, sofie: Person, karin: Person, now: datetime) -> None:
        claimed(case, karin, now=now)

        recusing.from_case(case.id, by=sofie, now=now)

        assert fresh(case).claimed_by == karin

    def test_is_of_ones_own_organisation(self, case: Case, now: datetime) -> None:
        stranger = make_person(role=Role.LEAD, organisation=make_organisation(name="Elders", now=now), now=now)
        auditor = make_person(role=Role.AUDITOR, now=now)

        with pytest.raises(CaseNotFound):
            recusing.from_case(case.id, by=stranger, now=now)
        with pytest.raises(Forbidden):
            recusing.from_case(case.id, by=auditor, now=now)
        assert not Recusal.objects.exists()
