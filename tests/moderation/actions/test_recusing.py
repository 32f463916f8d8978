"""Who knows these people says so, and gets nothing of their circle any more."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Person, Role
from chat.models import Conversation
from core.errors import Forbidden
from moderation import roster
from moderation.actions import cases, duties, recusing
from moderation.errors import CaseNotFound, OwnCircle
from moderation.models import Case, Recusal
from moderation.words import CaseState, DecisionKind
from notifications.models import Notice
from tests.conftest import Clock
from tests.factories import make_organisation, make_person
from tests.moderation.casework import audited, claimed, flagged, fresh
from tests.moderation.deciding import appealed, decided

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

    def test_is_not_called_for_an_appeal_of_that_circle(
        self, case: Case, fatima: Person, talk: Conversation, annemie: Person, karin: Person, rosa: Person, clock: Clock
    ) -> None:
        decided(claimed(case, karin, now=clock()), DecisionKind.HIDE, karin, now=clock())
        appeal = appealed(annemie, now=clock())
        another = make_person(role=Role.REVIEWER, name="Wim", now=clock())
        recusing.from_appeal(appeal.id, by=rosa, now=clock())
        Notice.objects.all().delete()  # she was called when it came

        clock.move(days=6)
        duties.look_at_deadlines(now=clock())

        called = Notice.objects.filter(kind="duty").values_list("person_id", flat=True)
        assert set(called) == {another.id}
