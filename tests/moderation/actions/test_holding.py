"""Groups whose programme asks that messages be seen first."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from accounts.models import Person
from chat.actions import conversations
from chat.drafts import Outcome, Refused, Sent, Waiting
from chat.models import Conversation, Entry
from moderation.actions import decisions, holding
from moderation.actions.opening import open_case
from moderation.errors import NotYourClaim
from moderation.models import Case, HeldDraft, PreModeration, Reading
from moderation.reading import choices
from moderation.words import DecisionKind, Priority
from tests.chat.words import edit, message, refusal_of, send, seqs, shown
from tests.conftest import Clock
from tests.moderation.casework import claimed, fresh

pytestmark = [pytest.mark.django_db]

THREAT = "ik maak u kapot"


@pytest.fixture(autouse=True)
def _choices() -> Iterator[None]:
    choices.forget()
    yield
    choices.forget()


@pytest.fixture
def chantal(group: Conversation) -> Person:
    return group.members.get(number=1).person


@pytest.fixture
def dirk(group: Conversation) -> Person:
    return group.members.get(number=2).person


def holds(conversation: Conversation, what: str = "all", *, hours: int = 24) -> None:
    PreModeration.objects.create(programme=conversation.circle.programme, holds=what, hours=hours)
    choices.forget()


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes]


class TestHolding:
    def test_keeps_every_message_until_somebody_looked(self, group: Conversation, chantal: Person, now: datetime) -> None:
        holds(group, hours=5)

        (outcome,) = send(message(chantal, group), now=now)

        assert isinstance(outcome, Waiting)
        assert outcome.until == now + timedelta(hours=5)
        assert seqs(group) == []
        assert b"Dag" not in bytes(HeldDraft.objects.get().body_sealed or b"")

    def test_keeps_only_what_something_was_seen_in_where_that_is_asked(self, group: Conversation, chantal: Person, now: datetime) -> None:
        holds(group, "signals")

        outcomes = send(message(chantal, group), message(chantal, group, THREAT), message(chantal, group), now=now)

        assert kinds(outcomes) == ["Sent", "Waiting", "Sent"]
        assert isinstance(outcomes[1], Waiting)
        assert outcomes[1].help == "threat"

    def test_opens_a_case_about_its_writer(self, group: Conversation, chantal: Person, now: datetime) -> None:
        holds(group)

        send(message(chantal, group), message(chantal, group, THREAT), now=now)

        case = Case.objects.get()
        assert (case.subject_id, case.target_seq) == (chantal.id, None)
        assert case.priority < Priority.OTHER
        assert case.held_drafts.count() == 2

    def test_never_holds_in_pairs(self, conversation: Conversation, fatima: Person, now: datetime) -> None:
        holds(conversation)

        assert kinds(send(message(fatima, conversation), now=now)) == ["Sent"]

    def test_never_holds_for_other_programmes(
        self, group: Conversation, conversation: Conversation, chantal: Person, now: datetime
    ) -> None:
        holds(conversation)

        assert kinds(send(message(chantal, group), now=now)) == ["Sent"]

    def test_holds_edits_too(self, group: Conversation, chantal: Person, now: datetime) -> None:
        send(message(chantal, group), now=now)
        holds(group)

        assert kinds(send(edit(chantal, group, 1, "Anders"), now=now)) == ["Waiting"]
        assert shown(chantal, group)[1].body == "Dag!"


class TestRetries:
    def test_hear_the_same_while_it_waits(self, group: Conversation, chantal: Person, clock: Clock) -> None:
        holds(group)
        draft = message(chantal, group)
        (first,) = send(draft, now=clock())

        (second,) = send(draft, now=clock.move(minutes=5))

        assert second == first
        assert HeldDraft.objects.count() == 1

    def test_hear_that_it_was_sent_once_it_went_through(self, group: Conversation, chantal: Person, clock: Clock) -> None:
        holds(group)
        draft = message(chantal, group)
        send(draft, now=clock())
        holding.release_due(now=clock.move(hours=24))

        (again,) = send(draft, now=clock())

        assert isinstance(again, Sent)
        assert seqs(group) == [again.seq] == [1]

    def test_hear_that_it_was_not_let_through(self, group: Conversation, chantal: Person, now: datetime) -> None:
        holds(group)
        draft = message(chantal, group)
        send(draft, now=now)
        holding.decline(Case.objects.get())

        assert refusal_of(draft, now=now) == "not_let_through"

    def test_cannot_say_something_else(self, group: Conversation, chantal: Person, now: datetime) -> None:
        holds(group)
        draft = message(chantal, group)
        send(draft, now=now)

        assert refusal_of(message(chantal, group, "Iets anders", draft_id=draft.draft_id), now=now) == "draft_reused"

    def test_still_hear_it_when_the_programme_holds_nothing_any_more(self, group: Conversation, chantal: Person, now: datetime) -> None:
        holds(group)
        draft = message(chantal, group)
        send(draft, now=now)
        PreModeration.objects.all().delete()
        choices.forget()

        assert kinds(send(draft, now=now)) == ["Waiting"]


class TestShowing:
    def test_is_for_whoever_holds_the_case_and_is_written_down(
        self, group: Conversation, chantal: Person, sofie: Person, now: datetime
    ) -> None:
        holds(group)
        send(message(chantal, group, THREAT), now=now)
        case = claimed(Case.objects.get(), sofie, now=now)

        opened = open_case(case.id, by=sofie, now=now)

        assert [(line.speaker.split()[-1], line.body, line.is_edit) for line in opened.held] == [("1", THREAT, False)]
        assert Reading.objects.get(person=chantal).lines == 1


class TestLettingThrough:
    def test_is_for_whoever_holds_the_case(
        self, group: Conversation, chantal: Person, dirk: Person, sofie: Person, jan: Person, clock: Clock
    ) -> None:
        holds(group)
        send(message(chantal, group, "Een"), message(chantal, group, "Twee"), now=clock())
        case = claimed(Case.objects.get(), sofie, now=clock())
        with pytest.raises(NotYourClaim):
            holding.release(case.id, by=jan, version=case.version, now=clock())

        gone = holding.release(case.id, by=sofie, version=case.version, now=clock.move(minutes=1))

        assert gone == 2
        assert [entry.body for entry in shown(dirk, group).values()] == ["Een", "Twee"]
        assert Entry.objects.get(seq=1).at == clock()
        assert fresh(case).version == case.version + 1

    def test_happens_by_itself_when_nobody_looked(self, group: Conversation, chantal: Person, dirk: Person, clock: Clock) -> None:
        holds(group)
        send(message(chantal, group, THREAT), now=clock())

        early = holding.release_due(now=clock.move(hours=23))
        then = [holding.release_due(now=clock.move(hours=1)) for _ in range(2)]

        assert (early, then) == (0, [1, 0])
        assert shown(dirk, group)[1].body == THREAT
        assert HeldDraft.objects.get().body_sealed is None

    @pytest.mark.parametrize(("kind", "is_sent"), [(DecisionKind.NOTHING, True), (DecisionKind.WARN, False), (DecisionKind.HIDE, False)])
    def test_follows_what_is_decided(
        self, kind: DecisionKind, is_sent: bool, group: Conversation, chantal: Person, sofie: Person, now: datetime
    ) -> None:
        holds(group)
        draft = message(chantal, group, THREAT)
        send(draft, now=now)
        case = claimed(Case.objects.get(), sofie, now=now)

        decisions.decide(case.id, kind=kind, clause="respect", words="Zo niet.", by=sofie, version=fresh(case).version, now=now)

        assert seqs(group) == ([1] if is_sent else [])

    def test_applies_an_edit_that_was_in_time_when_it_was_written(self, group: Conversation, chantal: Person, clock: Clock) -> None:
        send(message(chantal, group), now=clock())
        holds(group)
        send(edit(chantal, group, 1, "Anders"), now=clock.move(minutes=10))

        holding.release_due(now=clock.move(hours=24))

        assert shown(chantal, group)[1].body == "Anders"

    def test_sends_nothing_where_nobody_may_write_any_more(self, group: Conversation, chantal: Person, clock: Clock) -> None:
        holds(group)
        waits = message(chantal, group)
        send(waits, now=clock())
        conversations.close_at(conversation_id=group.id, closes_at=clock(), now=clock())

        assert holding.release_due(now=clock.move(hours=24)) == 0
        (again,) = send(waits, now=clock())
        assert isinstance(again, Refused) and again.code == "conversation_closed"  # the device, which still has it, hears why
        assert not Entry.objects.filter(conversation=group, kind="message").exists()

    def test_of_a_declined_one_never_happens(self, group: Conversation, chantal: Person, clock: Clock) -> None:
        holds(group)
        (outcome,) = send(message(chantal, group), now=clock())
        holding.decline(Case.objects.get())

        assert not isinstance(outcome, Refused)
        assert holding.release_due(now=clock.move(hours=24)) == 0
