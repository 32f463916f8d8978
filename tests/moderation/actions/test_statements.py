"""Letters are counted on their person, read by them alone, and open sockets hear of both."""

from datetime import datetime

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.actions import erasure
from accounts.models import Person
from chat import hints
from chat.models import Conversation
from moderation.actions import statements
from moderation.actions.gathering import signals_seen
from moderation.errors import StatementNotFound
from moderation.models import Case, Statement
from moderation.words import StatementKind
from tests.moderation.casework import SeenLine, Sign, flagged

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(fatima: Person, talk: Conversation, now: datetime) -> Case:
    return flagged(fatima, talk, 2, now=now)


def a_letter(case: Case, person: Person, *, now: datetime, kind: StatementKind = StatementKind.RESTRICTION) -> Statement:
    made = statements.make(person_id=person.id, kind=kind, case=case, facts={"kind": "warn", "clause": "respect"}, now=now)
    assert made is not None
    return made


def unread(person: Person) -> int:
    return Person.objects.values_list("unread_statements", flat=True).get(id=person.id)


class TestMaking:
    def test_keeps_what_it_was_about_and_how_it_was_found_but_not_by_whom(
        self, case: Case, annemie: Person, fatima: Person, talk: Conversation, now: datetime
    ) -> None:
        letter = a_letter(case, annemie, now=now)

        assert letter.facts == {
            "kind": "warn", "clause": "respect", "from_flag": True, "from_signal": False, "in_pair": True, "line_at": talk.entries.get(seq=2).at.isoformat(),
        }  # fmt: skip
        assert str(fatima.id) not in str(letter.facts)

    def test_names_the_screening_when_it_spoke(self, case: Case, annemie: Person, talk: Conversation, now: datetime) -> None:
        with transaction.atomic():
            signals_seen([SeenLine(talk.id, 2, [Sign("threat", 3)])], now=now)

        assert a_letter(case, annemie, now=now).facts["from_signal"] is True

    def test_tells_who_flagged_nothing_of_the_case(self, case: Case, fatima: Person, now: datetime) -> None:
        assert a_letter(case, fatima, now=now, kind=StatementKind.OUTCOME).facts.keys() == {"kind", "clause"}

    def test_writes_to_nobody_who_was_erased(self, case: Case, fatima: Person, now: datetime) -> None:
        erasure.erase(person=fatima, by=None, now=now)

        assert statements.make(person_id=fatima.id, kind=StatementKind.OUTCOME, case=case, facts={}, now=now) is None


class TestCounting:
    def test_rises_with_each_letter_and_falls_when_it_is_read_once(self, case: Case, annemie: Person, now: datetime) -> None:
        first, _ = a_letter(case, annemie, now=now), a_letter(case, annemie, now=now)
        assert unread(annemie) == 2

        for _ in range(2):
            statements.read(first.id, by=annemie, now=now)
        assert unread(annemie) == 1

    def test_of_somebody_elses_is_nobodys(self, case: Case, annemie: Person, fatima: Person, now: datetime) -> None:
        letter = a_letter(case, annemie, now=now)

        with pytest.raises(StatementNotFound):
            statements.read(letter.id, by=fatima, now=now)
        assert unread(annemie) == 1

    def test_makes_open_sockets_look_again(
        self, case: Case, annemie: Person, now: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        heard: list[hints.Hints] = []
        hints.listen(heard.append)
        with django_capture_on_commit_callbacks(execute=True):
            letter = a_letter(case, annemie, now=now)
        with django_capture_on_commit_callbacks(execute=True):
            statements.read(letter.id, by=annemie, now=now)
        hints.stop_listening(heard.append)

        assert [one.recheck for one in heard if one.recheck] == [[annemie.id], [annemie.id]]
