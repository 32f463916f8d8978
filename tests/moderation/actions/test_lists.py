"""An organisation's own word lists."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Person, Role
from audit.models import AuditRow
from chat.drafts import Sent
from chat.models import Conversation
from core.errors import Forbidden, NotFound
from moderation.actions import lists
from moderation.errors import ListInvalid, OwnList
from moderation.models import WordList
from moderation.reading import choices
from programmes.models import Organisation
from tests.chat.words import message, send
from tests.factories import make_organisation, make_person
from tests.moderation.screening.words import a_list, a_rule

pytestmark = [pytest.mark.django_db]

SCOOTERS = a_list(a_rule("gele bromfiets", klass="money"))


@pytest.fixture(autouse=True)
def _choices() -> Iterator[None]:
    choices.forget()
    yield
    choices.forget()


@pytest.fixture
def ours(karin: Person) -> Organisation:
    return make_organisation()


class TestAdding:
    def test_keeps_every_version_and_uses_none_by_itself(self, ours: Organisation, karin: Person, now: datetime) -> None:
        rows = [lists.add(ours, language="nl", text=SCOOTERS, by=karin, now=now) for _ in range(2)]

        assert [(row.version, row.in_use, row.review_by) for row in rows] == [(1, False, date(2027, 5, 22)), (2, False, date(2027, 5, 22))]
        assert list(AuditRow.objects.filter(action="list.added").values_list("actor_id", flat=True)) == [karin.id] * 2

    @pytest.mark.parametrize("text", ["[[rule", a_list(a_rule("{dood")), a_list(a_rule("dood", klass="weather"))])
    def test_refuses_what_cannot_be_used_and_says_why(self, text: str, ours: Organisation, karin: Person, now: datetime) -> None:
        with pytest.raises(ListInvalid) as refusal:
            lists.add(ours, language="nl", text=text, by=karin, now=now)

        assert refusal.value.facts["problems"]["text"]
        assert not WordList.objects.exists()

    def test_refuses_languages_that_nobody_reads(self, ours: Organisation, karin: Person, now: datetime) -> None:
        with pytest.raises(ListInvalid):
            lists.add(ours, language="de", text=SCOOTERS, by=karin, now=now)

    def test_is_for_leads_of_the_organisation(self, ours: Organisation, sofie: Person, stranger: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            lists.add(ours, language="nl", text=SCOOTERS, by=sofie, now=now)
        with pytest.raises(NotFound):
            lists.add(ours, language="nl", text=SCOOTERS, by=stranger, now=now)


class TestUsing:
    def test_looks_with_it_from_then_on(
        self,
        ours: Organisation,
        karin: Person,
        lotte: Person,
        fatima: Person,
        conversation: Conversation,
        now: datetime,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        row = lists.add(ours, language="nl", text=SCOOTERS, by=karin, now=now)
        before = help_for("een gele bromfiets", fatima, conversation, now=now)

        with django_capture_on_commit_callbacks(execute=True):
            lists.use(row.id, by=lotte, now=now)

        assert (before, help_for("een gele bromfiets", fatima, conversation, now=now)) == (None, "money")

    def test_replaces_the_one_before_and_may_go_back(self, ours: Organisation, karin: Person, lotte: Person, now: datetime) -> None:
        first, second = [lists.add(ours, language="nl", text=SCOOTERS, by=karin, now=now) for _ in range(2)]

        in_use = []
        for row in (first, second, first):
            lists.use(row.id, by=lotte, now=now)
            in_use.append(list(WordList.objects.filter(in_use=True).values_list("version", flat=True)))

        assert in_use == [[1], [2], [1]]

    def test_can_end(
        self,
        ours: Organisation,
        karin: Person,
        lotte: Person,
        fatima: Person,
        conversation: Conversation,
        now: datetime,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        row = lists.add(ours, language="nl", text=SCOOTERS, by=karin, now=now)
        with django_capture_on_commit_callbacks(execute=True):
            lists.use(row.id, by=lotte, now=now)
            lists.stop(row.id, by=karin, now=now)

        assert help_for("een gele bromfiets", fatima, conversation, now=now) is None

    def test_leaves_other_organisations_alone(
        self, karin: Person, stranger: Person, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        elsewhere = Organisation.objects.get(name="Elders")
        row = lists.add(elsewhere, language="nl", text=SCOOTERS, by=stranger, now=now)
        colleague = make_person(role=Role.LEAD, organisation=elsewhere, now=now)
        lists.use(row.id, by=colleague, now=now)
        choices.forget()

        assert help_for("een gele bromfiets", fatima, conversation, now=now) is None
        with pytest.raises(NotFound):
            lists.use(row.id, by=karin, now=now)

    def test_is_for_somebody_who_did_not_write_it(self, ours: Organisation, karin: Person, now: datetime) -> None:
        """A list that finds everything would let its writer read everything."""
        row = lists.add(ours, language="nl", text=SCOOTERS, by=karin, now=now)

        with pytest.raises(OwnList):
            lists.use(row.id, by=karin, now=now)
        assert not WordList.objects.filter(in_use=True).exists()

    def test_names_those_that_somebody_should_look_at_again(self, ours: Organisation, karin: Person, lotte: Person, now: datetime) -> None:
        row = lists.add(ours, language="nl", text=SCOOTERS, by=karin, now=now)
        lists.use(row.id, by=lotte, now=now)

        assert lists.overdue(today=date(2027, 5, 22)) == []
        assert lists.overdue(today=date(2027, 5, 23)) == [row]


def help_for(text: str, person: Person, conversation: Conversation, *, now: datetime) -> str | None:
    (outcome,) = send(message(person, conversation, text), now=now)
    assert isinstance(outcome, Sent)
    return outcome.help
