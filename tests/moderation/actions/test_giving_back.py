"""What an appeal that is won gives back; its letters say that, and never more."""

from datetime import datetime

import pytest

from accounts.models import Person
from chat.actions import conversations
from chat.models import Conversation
from moderation import letters
from moderation.actions import appeals, looking_again
from moderation.models import Case, HeldDraft, Statement
from moderation.words import DecisionKind, StatementKind
from tests.chat.words import retraction, sent, seqs, shown
from tests.conftest import Clock
from tests.moderation.deciding import answered, appealed, banned, decided, held_case, letter_to, letters_to, seen
from tests.moderation.premoderation import THREAT, held_case_of, holds, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_choices")]

K = DecisionKind


def told(statement: Statement) -> str:
    return " ".join(letters.tell(statement, language="en").paragraphs)


class TestALine:
    @pytest.fixture
    def held(self, fatima: Person, talk: Conversation, karin: Person, now: datetime) -> Case:
        """On what Annemie said last, in line 20."""
        return held_case(fatima, talk, karin, 20, now=now)

    def test_is_read_again_and_both_sides_hear_so(
        self, held: Case, talk: Conversation, fatima: Person, annemie: Person, karin: Person, rosa: Person, now: datetime
    ) -> None:
        decided(held, K.HIDE, karin, now=now)

        answered(appealed(annemie, now=now), "overturned", rosa, now=now)

        assert shown(fatima, talk)[20].body == "zin 20"
        assert "Your message can be read again." in told(letter_to(annemie, StatementKind.APPEAL))
        assert "The message can be read again." in told(letters_to(fatima)[-1])

    def test_that_another_decision_hides_stays_hidden_and_both_sides_hear_so(
        self, held: Case, talk: Conversation, fatima: Person, annemie: Person, karin: Person, rosa: Person, clock: Clock
    ) -> None:
        decided(held, K.HIDE, karin, now=clock())
        made = appealed(annemie, now=clock())
        decided(held_case(fatima, talk, karin, 20, now=clock.move(hours=1)), K.SUSPEND, karin, now=clock())

        answered(made, "overturned", rosa, now=clock.move(hours=1))

        assert shown(fatima, talk)[20].hidden_seq is not None
        for letter in (letter_to(annemie, StatementKind.APPEAL), letters_to(fatima)[-1]):
            assert "stays hidden" in told(letter) and "read again" not in told(letter)

    def test_that_its_author_took_back_is_not_said_to_be_read_again(
        self, held: Case, talk: Conversation, fatima: Person, annemie: Person, karin: Person, rosa: Person, now: datetime
    ) -> None:
        decided(held, K.HIDE, karin, now=now)
        sent(retraction(annemie, talk, 20), now=now)

        answered(appealed(annemie, now=now), "overturned", rosa, now=now)

        assert "taken back your message yourself" in told(letter_to(annemie, StatementKind.APPEAL))
        assert "read again" not in told(letters_to(fatima)[-1])


class TestAccess:
    def test_that_is_given_back_is_told_to_who_was_afraid(
        self, talk: Conversation, fatima: Person, nele: Person, annemie: Person, karin: Person, lotte: Person, rosa: Person, now: datetime
    ) -> None:
        banned(held_case(fatima, talk, karin, now=now), karin, lotte, now=now)

        answered(appealed(annemie, now=now), "overturned", rosa, now=now)

        assert "This person can write to you again" in told(letters_to(fatima)[-1])
        assert "You can block this person" in told(letters_to(fatima)[-1])


class TestWhatWaited:
    """Chantal's message was not let through; she does not agree."""

    @pytest.fixture
    def declined(self, group: Conversation, chantal: Person, sofie: Person, clock: Clock) -> Case:
        holds(group)
        waiting(chantal, group, THREAT, now=clock())
        case = held_case_of(chantal, sofie, now=clock())
        decided(case, K.HIDE, sofie, now=clock())
        return case

    def test_is_shown_to_whoever_looks_again(self, declined: Case, chantal: Person, rosa: Person, now: datetime) -> None:
        made = appealed(chantal, now=now)
        appeals.claim(made.id, by=rosa, version=seen(made).version, now=now)

        opened = looking_again.open_appeal(made.id, by=rosa, now=now)

        assert [(line.kind, line.body) for line in opened.lines if line.is_subject] == [("held", THREAT)]

    def test_goes_after_all(self, declined: Case, group: Conversation, chantal: Person, dirk: Person, rosa: Person, clock: Clock) -> None:
        answered(appealed(chantal, now=clock()), "overturned", rosa, now=clock.move(days=30))

        assert [entry.body for entry in shown(dirk, group).values()] == [THREAT]
        assert "Your message is in the conversation now." in told(letter_to(chantal, StatementKind.APPEAL))
        assert HeldDraft.objects.get().body_sealed is None

    def test_waits_while_the_conversation_rests(
        self, declined: Case, group: Conversation, chantal: Person, rosa: Person, clock: Clock
    ) -> None:
        conversations.pause(conversation_id=group.id, now=clock())

        answered(appealed(chantal, now=clock()), "overturned", rosa, now=clock())

        assert "as soon as the pause is over" in told(letter_to(chantal, StatementKind.APPEAL))
        assert HeldDraft.objects.get().state == "waiting"

    def test_that_cannot_go_any_more_is_said_plainly(
        self, declined: Case, group: Conversation, chantal: Person, rosa: Person, clock: Clock
    ) -> None:
        conversations.close_at(conversation_id=group.id, closes_at=clock(), now=clock())

        answered(appealed(chantal, now=clock()), "overturned", rosa, now=clock.move(days=1))

        assert "If you can still write in the conversation" in told(letter_to(chantal, StatementKind.APPEAL))
        assert seqs(group) == [] or not HeldDraft.objects.exists()

    def test_stays_where_it_is_when_the_decision_stays(
        self, declined: Case, group: Conversation, chantal: Person, rosa: Person, now: datetime
    ) -> None:
        answered(appealed(chantal, now=now), "upheld", rosa, now=now)

        assert HeldDraft.objects.get().state == "declined" and seqs(group) == []
