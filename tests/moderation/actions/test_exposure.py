"""An appeal counts among what somebody saw today, as a case does."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Person, Role
from audit.models import AuditRow
from chat.models import Conversation
from moderation.actions import appeals, looking_again
from moderation.errors import DailyCap
from moderation.models import Appeal, Exposure, Reading, Rules
from moderation.words import DecisionKind, FlagReason, StatementKind
from tests.factories import make_person
from tests.moderation.deciding import decided, held_case, letters_to

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


@pytest.fixture
def rosa(db: None, now: datetime) -> Person:
    """She looks again at what others decided."""
    return make_person(role=Role.REVIEWER, name="Rosa", now=now)


@pytest.fixture
def one_a_day(talk: Conversation) -> None:
    Rules.objects.create(organisation=talk.circle.programme.organisation, most_distressing=1)


@pytest.fixture
def appealed(fatima: Person, annemie: Person, talk: Conversation, karin: Person, rosa: Person, now: datetime) -> list[Appeal]:
    """Two lines of Annemie were flagged as hate, and hidden; Rosa holds both appeals."""
    for line in (2, 4):
        case = held_case(fatima, talk, karin, line, reason=FlagReason.HATE, now=now)
        decided(case, DecisionKind.HIDE, karin, now=now)
    letters = letters_to(annemie, StatementKind.RESTRICTION)
    made = [appeals.appeal(statement_id=letter.id, words="Het was een grap.", by=annemie, now=now) for letter in letters]
    return [appeals.claim(one.id, by=rosa, version=1, now=now) for one in made]


class TestAnAppeal:
    def test_counts_once_a_day(self, appealed: list[Appeal], rosa: Person, now: datetime) -> None:
        first = looking_again.open_appeal(appealed[0].id, by=rosa, now=now)
        again = looking_again.open_appeal(appealed[0].id, by=rosa, now=now)
        second = looking_again.open_appeal(appealed[1].id, by=rosa, now=now)

        assert first.is_distressing
        assert (first.seen_today, again.seen_today, second.seen_today) == (1, 1, 2)

    def test_is_not_opened_by_who_saw_enough_today(self, appealed: list[Appeal], rosa: Person, now: datetime, one_a_day: None) -> None:
        looking_again.open_appeal(appealed[0].id, by=rosa, now=now)

        with pytest.raises(DailyCap):
            looking_again.open_appeal(appealed[1].id, by=rosa, now=now)

        assert Exposure.objects.get().opened == 1
        assert not Reading.objects.filter(case=appealed[1].decision.case, by=rosa).exists()
        assert AuditRow.objects.filter(action="appeal.read").count() == 1

    def test_is_opened_tomorrow(self, appealed: list[Appeal], rosa: Person, now: datetime, one_a_day: None) -> None:
        looking_again.open_appeal(appealed[0].id, by=rosa, now=now)
        tomorrow = now + timedelta(days=1)
        appeals.claim(appealed[1].id, by=rosa, version=2, now=tomorrow)

        assert looking_again.open_appeal(appealed[1].id, by=rosa, now=tomorrow).seen_today == 1

    def test_counts_for_nothing_when_it_distresses_nobody(
        self, fatima: Person, annemie: Person, talk: Conversation, karin: Person, rosa: Person, now: datetime
    ) -> None:
        decided(held_case(fatima, talk, karin, reason=FlagReason.MONEY, now=now), DecisionKind.HIDE, karin, now=now)
        (letter,) = letters_to(annemie, StatementKind.RESTRICTION)
        made = appeals.appeal(statement_id=letter.id, words="Het was een grap.", by=annemie, now=now)
        appeals.claim(made.id, by=rosa, version=1, now=now)

        opened = looking_again.open_appeal(made.id, by=rosa, now=now)

        assert (opened.is_distressing, opened.seen_today) == (False, 0)
