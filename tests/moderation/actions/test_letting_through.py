"""What becomes of a message that waits: it goes, it waits on, or it goes nowhere and its writer knows why."""

from datetime import datetime, timedelta

import pytest

from accounts.actions import people
from accounts.models import Person
from chat.actions import conversations
from chat.drafts import Sent, Waiting
from chat.models import Conversation, Entry
from moderation import letters
from moderation.actions import cases, decisions, holding
from moderation.errors import NotYourClaim, ProposalOpen
from moderation.models import HeldDraft
from moderation.words import DecisionKind, StatementKind
from tests.chat.words import edit, message, refusal_of, retraction, send, sent, seqs, shown
from tests.conftest import Clock
from tests.moderation.casework import fresh
from tests.moderation.deciding import banned, decided, letter_to, letters_to
from tests.moderation.premoderation import THREAT, held_case_of, holds, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_choices")]

K = DecisionKind


class TestLettingThrough:
    def test_is_for_whoever_holds_the_case(
        self, group: Conversation, chantal: Person, dirk: Person, sofie: Person, jan: Person, clock: Clock
    ) -> None:
        holds(group)
        waiting(chantal, group, "Een", "Twee", now=clock())
        case = held_case_of(chantal, sofie, now=clock())
        with pytest.raises(NotYourClaim):
            holding.release(case.id, by=jan, version=case.version, now=clock())

        gone = holding.release(case.id, by=sofie, version=case.version, now=clock.move(minutes=1))

        assert gone == 2
        assert [entry.body for entry in shown(dirk, group).values()] == ["Een", "Twee"]
        assert Entry.objects.get(seq=1).at == clock()
        assert fresh(case).version == case.version + 1

    def test_of_very_many_lets_everybody_write_between(
        self, group: Conversation, chantal: Person, sofie: Person, dirk: Person, clock: Clock
    ) -> None:
        holds(group)
        said = [f"Bericht {number}" for number in range(holding.AT_ONCE + 2)]
        waiting(chantal, group, *said, now=clock())
        case = held_case_of(chantal, sofie, now=clock())

        gone = holding.release(case.id, by=sofie, version=case.version, now=clock.move(minutes=1))
        later = holding.release_due(now=clock.move(minutes=1))

        assert (gone, later) == (holding.AT_ONCE, 2)
        assert [entry.body for entry in shown(dirk, group).values()] == said

    def test_happens_by_itself_when_nobody_looked(self, group: Conversation, chantal: Person, dirk: Person, clock: Clock) -> None:
        holds(group)
        send(message(chantal, group, THREAT), now=clock())

        early = holding.release_due(now=clock.move(hours=23))
        then = [holding.release_due(now=clock.move(hours=1)) for _ in range(2)]

        assert (early, then) == (0, [1, 0])
        assert shown(dirk, group)[1].body == THREAT
        assert HeldDraft.objects.get().body_sealed is None

    def test_applies_an_edit_that_was_in_time_when_it_was_written(self, group: Conversation, chantal: Person, clock: Clock) -> None:
        send(message(chantal, group), now=clock())
        holds(group)
        send(edit(chantal, group, 1, "Anders"), now=clock.move(minutes=10))

        holding.release_due(now=clock.move(hours=24))

        assert shown(chantal, group)[1].body == "Anders"


class TestADecision:
    @pytest.mark.parametrize("kind", [K.NOTHING, K.NOTE])
    def test_that_takes_nothing_lets_it_go(self, kind: K, group: Conversation, chantal: Person, karin: Person, now: datetime) -> None:
        holds(group)
        waiting(chantal, group, "Dag", now=now)

        decided(held_case_of(chantal, karin, now=now), kind, karin, now=now)

        assert seqs(group) == [1]
        assert letters_to(chantal) == []

    @pytest.mark.parametrize("kind", [K.WARN, K.HIDE, K.PAUSE_CIRCLE, K.PART_WAYS, K.SUSPEND, K.REFER_OUT])
    def test_that_takes_something_lets_nothing_go_and_says_so(
        self, kind: K, group: Conversation, chantal: Person, karin: Person, now: datetime
    ) -> None:
        """Its device hears that there is a letter: there is one, and it can be appealed."""
        holds(group)
        waiting(chantal, group, THREAT, now=now)

        decided(held_case_of(chantal, karin, now=now), kind, karin, now=now)

        letter = letters.tell(letter_to(chantal, StatementKind.RESTRICTION), language="en")
        text = " ".join(letter.paragraphs)
        assert not Entry.objects.filter(conversation=group, kind="message").exists()
        assert ("we will not send to the group" in text) or letter.title == "Your message did not go through"
        assert "A program that looks for certain words" in text
        assert letter.appeal_until is not None

    def test_of_referring_tells_its_writer_nothing_of_what_was_referred(
        self, group: Conversation, chantal: Person, karin: Person, now: datetime
    ) -> None:
        holds(group)
        waiting(chantal, group, THREAT, now=now)

        decided(held_case_of(chantal, karin, now=now), K.REFER_OUT, karin, words="Aan de politie gemeld.", now=now)

        text = " ".join(letters.tell(letter_to(chantal, StatementKind.RESTRICTION), language="nl").paragraphs)
        assert "politie" not in text and "buiten Maatje" not in text
        assert THREAT in text  # its own writer reads which message it was

    def test_of_all_that_was_seen_first_names_no_program(self, group: Conversation, chantal: Person, sofie: Person, now: datetime) -> None:
        holds(group)
        waiting(chantal, group, "Dag", now=now)

        decided(held_case_of(chantal, sofie, now=now), K.HIDE, sofie, now=now)

        assert letter_to(chantal, StatementKind.RESTRICTION).facts["from_signal"] is False

    def test_of_a_ban_keeps_it_waiting_until_a_second_person_agrees(
        self, group: Conversation, chantal: Person, karin: Person, lotte: Person, clock: Clock
    ) -> None:
        holds(group)
        waiting(chantal, group, THREAT, now=clock())
        case = held_case_of(chantal, karin, now=clock())
        proposed = decided(case, K.BAN, karin, now=clock())

        assert holding.release_due(now=clock.move(hours=25)) == 0
        assert HeldDraft.objects.get().until > clock()

        decisions.refuse(proposed.id, by=karin, now=clock())
        assert holding.release_due(now=clock.move(hours=2)) == 1

    def test_of_a_ban_keeps_who_would_agree_from_letting_it_through(
        self, group: Conversation, chantal: Person, karin: Person, lotte: Person, now: datetime
    ) -> None:
        holds(group)
        waiting(chantal, group, THREAT, now=now)
        case = held_case_of(chantal, karin, now=now)
        decided(case, K.BAN, karin, now=now)
        cases.claim(case.id, by=lotte, version=fresh(case).version, now=now)

        with pytest.raises(ProposalOpen):
            holding.release(case.id, by=lotte, version=fresh(case).version, now=now)

        assert HeldDraft.objects.get().state == "waiting"

    def test_of_a_ban_lets_nothing_go(self, group: Conversation, chantal: Person, karin: Person, lotte: Person, now: datetime) -> None:
        holds(group)
        waiting(chantal, group, THREAT, now=now)

        banned(held_case_of(chantal, karin, now=now), karin, lotte, now=now)

        assert seqs(group) == []
        assert HeldDraft.objects.get().state == "declined"


class TestWhatCannotGo:
    def test_waits_on_while_the_conversation_rests(self, group: Conversation, chantal: Person, clock: Clock) -> None:
        holds(group)
        (draft,) = waiting(chantal, group, "Dag", now=clock())
        conversations.pause(conversation_id=group.id, now=clock.move(hours=23))

        assert holding.release_due(now=clock.move(hours=1)) == 0
        (again,) = send(draft, now=clock())
        assert isinstance(again, Waiting) and again.until == clock() + timedelta(hours=1)

        conversations.resume(conversation_id=group.id)
        assert holding.release_due(now=clock.move(hours=1)) == 1
        assert isinstance(send(draft, now=clock())[0], Sent)

    def test_is_refused_with_its_own_code(self, group: Conversation, chantal: Person, clock: Clock) -> None:
        """The device, which still has it, hears why; there is no letter about it."""
        holds(group)
        (draft,) = waiting(chantal, group, "Dag", now=clock())
        conversations.close_at(conversation_id=group.id, closes_at=clock(), now=clock())

        assert holding.release_due(now=clock.move(hours=24)) == 0

        assert refusal_of(draft, now=clock()) == "conversation_closed"
        assert not Entry.objects.filter(conversation=group, kind="message").exists()

    def test_of_a_change_to_what_was_taken_back_says_so(self, group: Conversation, chantal: Person, clock: Clock) -> None:
        sent(message(chantal, group), now=clock())
        holds(group)
        change = edit(chantal, group, 1, "Anders")
        send(change, now=clock())
        sent(retraction(chantal, group, 1), now=clock())

        holding.release_due(now=clock.move(hours=24))

        assert refusal_of(change, now=clock()) == "already_retracted"

    def test_of_who_is_suspended_goes_once_they_are_back(self, group: Conversation, chantal: Person, nele: Person, clock: Clock) -> None:
        holds(group)
        (draft,) = waiting(chantal, group, "Dag", now=clock())
        people.suspend(person=chantal, by=None, now=clock())

        holding.release_due(now=clock.move(hours=24))

        assert refusal_of(draft, now=clock()) == "suspended"
        people.unsuspend(person=chantal, by=None, now=clock())
        assert isinstance(send(draft, now=clock())[0], Waiting)

    def test_of_a_declined_one_never_happens(self, group: Conversation, chantal: Person, sofie: Person, clock: Clock) -> None:
        holds(group)
        waiting(chantal, group, "Dag", now=clock())
        decided(held_case_of(chantal, sofie, now=clock()), K.HIDE, sofie, now=clock())

        assert holding.release_due(now=clock.move(hours=24)) == 0
