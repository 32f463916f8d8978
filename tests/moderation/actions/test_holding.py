"""Groups whose programme asks that messages be seen first."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Person
from chat.drafts import Sent, Waiting
from chat.models import Conversation
from moderation.actions import holding
from moderation.actions.opening import open_case
from moderation.models import Case, HeldDraft, PreModeration, Reading
from moderation.reading import choices
from moderation.words import DecisionKind, Priority
from tests.chat.words import edit, message, refusal_of, send, seqs, shown
from tests.conftest import Clock
from tests.moderation.deciding import decided
from tests.moderation.premoderation import THREAT, held_case_of, holds, kinds, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_choices")]


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

    def test_hear_that_it_was_not_let_through(self, group: Conversation, chantal: Person, sofie: Person, now: datetime) -> None:
        holds(group)
        (draft,) = waiting(chantal, group, "Dag", now=now)

        decided(held_case_of(chantal, sofie, now=now), DecisionKind.HIDE, sofie, now=now)

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
        case = held_case_of(chantal, sofie, now=now)

        opened = open_case(case.id, by=sofie, now=now)

        assert [(line.speaker.split()[-1], line.body, line.is_edit) for line in opened.held] == [("1", THREAT, False)]
        assert Reading.objects.get(person=chantal).lines == 1
