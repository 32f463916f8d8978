"""A coordinator hears of a decision that touches their circle, until somebody says that they saw it."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from accounts.models import Person, Role
from audit.models import AuditRow
from chat.models import Conversation
from core.errors import Forbidden
from moderation.actions import appeals, asking, decisions
from moderation.errors import TaskNotFound
from moderation.models import CircleTask
from moderation.reading import asked
from moderation.words import DecisionKind, StatementKind
from notifications import policy
from notifications.actions.circumstances import Around
from notifications.models import Notice
from notifications.policy import Drop
from tests.factories import make_person
from tests.moderation.deciding import banned, decided, held_case, letter_to
from tests.notifications.post import make_address

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]

K = DecisionKind


@pytest.fixture
def parted(fatima: Person, annemie: Person, talk: Conversation, karin: Person, now: datetime) -> CircleTask:
    decided(held_case(fatima, talk, karin, now=now), K.PART_WAYS, karin, now=now)
    return CircleTask.objects.get()


def notices_of(task: CircleTask) -> set[Person]:
    return {notice.person for notice in Notice.objects.filter(kind="duty", collapse_key=task.id.hex)}


class TestADecision:
    @pytest.mark.parametrize(
        ("kind", "what"), [(K.NOTE, "talk"), (K.PAUSE_CIRCLE, "paused"), (K.PART_WAYS, "parted"), (K.SUSPEND, "shut_out")],
        ids=["note", "pause_circle", "part_ways", "suspend"],
    )  # fmt: skip
    def test_is_told_to_the_coordinator_and_the_deputy(
        self, fatima: Person, talk: Conversation, karin: Person, nele: Person, bram: Person, now: datetime, kind: K, what: str
    ) -> None:
        for person in (nele, bram):
            make_address(person, now=now, value=str(person.username))

        decided(held_case(fatima, talk, karin, now=now), kind, karin, now=now)

        task = CircleTask.objects.get()
        assert (task.what, list(asked.tasks_of(nele)), list(asked.tasks_of(bram))) == (what, [task], [task])
        assert notices_of(task) == {nele, bram}

    @pytest.mark.parametrize("kind", [K.NOTHING, K.WARN, K.HIDE, K.REFER_OUT], ids=["nothing", "warn", "hide", "refer_out"])
    def test_that_asks_nothing_of_them_is_not(self, fatima: Person, talk: Conversation, karin: Person, now: datetime, kind: K) -> None:
        decided(held_case(fatima, talk, karin, now=now), kind, karin, now=now)

        assert not CircleTask.objects.exists()

    def test_that_is_only_proposed_is_told_once_somebody_agreed(
        self, fatima: Person, talk: Conversation, karin: Person, lotte: Person, now: datetime
    ) -> None:
        case = held_case(fatima, talk, karin, now=now)
        banned(case, karin, lotte, now=now)

        assert [task.what for task in CircleTask.objects.all()] == ["shut_out"]

    def test_that_holds_no_more_asks_nothing(self, fatima: Person, talk: Conversation, karin: Person, nele: Person, now: datetime) -> None:
        decision = decided(held_case(fatima, talk, karin, now=now), K.PAUSE_CIRCLE, karin, now=now)
        decisions.lift(decision.id, by=karin, now=now)

        assert not asked.tasks_of(nele).exists()

    def test_that_was_wrong_to_part_them_is_told_in_its_place(
        self, parted: CircleTask, annemie: Person, nele: Person, now: datetime
    ) -> None:
        rosa = make_person(role=Role.REVIEWER, now=now)
        letter = letter_to(annemie, StatementKind.RESTRICTION)
        appeal = appeals.appeal(statement_id=letter.id, words="Dat klopt niet.", by=annemie, now=now)
        held = appeals.claim(appeal.id, by=rosa, version=1, now=now)
        appeals.decide(appeal.id, outcome="overturned", words="Dat klopt.", by=rosa, version=held.version, now=now)

        assert [task.what for task in asked.tasks_of(nele)] == ["undone"]


class TestSeeing:
    def test_is_done_by_one_of_the_two_and_written_down(self, parted: CircleTask, nele: Person, bram: Person, now: datetime) -> None:
        asking.seen(parted.id, by=bram, now=now)
        asking.seen(parted.id, by=nele, now=now)

        parted.refresh_from_db()
        assert parted.seen_by == bram
        assert not asked.tasks_of(nele).exists()
        assert [row.actor_id for row in AuditRow.objects.filter(action="circle.decision_seen")] == [bram.id]

    def test_is_for_who_answers_for_that_circle(self, parted: CircleTask, karin: Person, now: datetime) -> None:
        for stranger in (karin, make_person(role=Role.COORDINATOR, now=now)):
            with pytest.raises(TaskNotFound):
                asking.seen(parted.id, by=stranger, now=now)
        with pytest.raises(TaskNotFound):
            asking.seen(uuid4(), by=karin, now=now)

    def test_is_no_work_of_a_moderator(self, parted: CircleTask, sofie: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            asking.seen(parted.id, by=sofie, now=now)


class TestTheNotice:
    @pytest.fixture
    def notice(self, fatima: Person, talk: Conversation, karin: Person, nele: Person, now: datetime) -> Notice:
        make_address(nele, now=now)
        decided(held_case(fatima, talk, karin, now=now), K.NOTE, karin, now=now)
        return Notice.objects.get(kind="duty", person=nele, collapse_key=CircleTask.objects.get().id.hex)

    def test_is_told_though_its_case_is_over(self, notice: Notice, now: datetime) -> None:
        assert fate(notice, now=now) != Drop("overtaken")
        assert notice.expires_at == now + timedelta(days=7)

    def test_is_told_no_more_once_it_was_seen(self, notice: Notice, bram: Person, now: datetime) -> None:
        asking.seen(CircleTask.objects.get().id, by=bram, now=now)

        assert fate(notice, now=now) == Drop("overtaken")


def fate(notice: Notice, *, now: datetime) -> policy.Fate:
    return policy.fate_of(notice, Around([notice], now=now).of(notice), now)
