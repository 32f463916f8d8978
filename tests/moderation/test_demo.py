from datetime import datetime
from itertools import pairwise

import pytest

from accounts.models import Person
from audit.models import AuditRow
from chat.models import Conversation, Entry
from meetings.models import Meeting
from moderation import demo
from moderation.models import Appeal, Case, Template
from moderation.reading import letters_of
from moderation.words import CaseState, Priority
from programmes import demo as people

pytestmark = pytest.mark.django_db


def talk_of(names: set[str]) -> list[Entry]:
    """What these say to each other, in order."""
    conversations = {frozenset(member.person.name for member in one.members.all()): one for one in Conversation.objects.all()}
    return list(Entry.objects.filter(conversation=conversations[frozenset(names)]).order_by("seq"))


class TestSeed:
    def test_has_something_to_look_at_once(self, now: datetime) -> None:
        people.seed(now=now)

        for _ in range(2):
            demo.seed(now=now)

        waiting = Case.objects.filter(decided_at=None)
        assert list(waiting.values_list("priority", flat=True)) == [Priority.SAFEGUARDING, Priority.SAFEGUARDING]
        assert not Case.objects.breached(now=now).exists()
        assert Template.objects.count() == 3

    def test_lets_the_two_that_newcomers_are_have_talked_and_planned(self, now: datetime) -> None:
        people.seed(now=now)

        demo.seed(now=now)

        said = talk_of({"Fatima", "Annemie"})
        assert [entry.kind for entry in said] == ["message"] * 5 + ["meeting"] * 2 + ["message"]
        assert all(earlier.at < later.at < now for earlier, later in pairwise(said))
        meeting = Meeting.objects.get()
        assert meeting.state == "agreed"
        assert meeting.open_until is not None and meeting.open_until > now

    def test_has_a_letter_with_which_its_reader_does_not_agree(self, now: datetime) -> None:
        people.seed(now=now)

        demo.seed(now=now)

        appeal = Appeal.objects.select_related("decision__case").get()
        assert appeal.outcome == ""
        assert appeal.due_at > now
        assert appeal.decision.case.state == CaseState.APPEALED
        dirk = next(person for person in Person.objects.all() if person.name == "Dirk")
        assert [letter.decision_id for letter in letters_of.everything(dirk)] == [appeal.decision_id]

    def test_says_nothing_among_others(self, now: datetime) -> None:
        demo.seed(now=now)

        assert not Case.objects.exists()
        assert not AuditRow.objects.exists()
