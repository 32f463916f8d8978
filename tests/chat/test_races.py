"""Sixty-four at once. On SQLite and on PostgreSQL: what one at a time guarantees, all at once guarantee too."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from accounts.actions import blocks, devices
from accounts.models import Device, Person, Role
from chat import reading
from chat.actions import conversations, members
from chat.actions.entries import append_drafts
from chat.actions.marks import Progress, raise_marks
from chat.drafts import Appended, Outcome, Refused, Sent
from chat.models import Conversation, ConversationMember, Entry
from core.ids import new_id
from tests.chat.together import together
from tests.chat.words import answers, edit, message, retraction, send, sent, seqs
from tests.factories import make_circle, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]

THREADS = 64


@pytest.fixture
def everybody(chantal: Person, dirk: Person, amina: Person) -> list[Person]:
    return [chantal, dirk, amina]


def appended(outcomes: list[Outcome]) -> list[Appended]:
    return [outcome.appended for outcome in outcomes if isinstance(outcome, Sent) and outcome.appended is not None]


class TestOneDraftOfManyThreads:
    def test_is_one_entry_with_one_answer(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        draft = message(fatima, conversation)

        outcomes = together(lambda _: send(draft, now=now)[0], threads=THREADS)

        assert seqs(conversation) == [1]
        assert {(o.seq, o.at) for o in outcomes if isinstance(o, Sent)} == {(1, now)}
        assert len([o for o in outcomes if isinstance(o, Sent)]) == THREADS
        assert len(appended(outcomes)) == 1

    def test_with_many_bodies_is_one_entry_and_refusals(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        draft_id = new_id()

        outcomes = together(lambda n: send(message(fatima, conversation, f"{n}", draft_id=draft_id), now=now)[0], threads=THREADS)

        assert seqs(conversation) == [1]
        assert sorted(map(str, answers(outcomes))) == ["1"] + ["draft_reused"] * (THREADS - 1)

    def test_for_two_conversations_is_one_entry(
        self, chantal: Person, group: Conversation, nele: Person, bram: Person, now: datetime
    ) -> None:
        """Two locks, one draft: the constraint decides, and the loser is told so."""
        other = make_circle(people=[chantal, make_person(role=Role.BUDDY, now=now)], coordinator=nele, deputy=bram, now=now).conversation
        draft_id = new_id()

        def try_one(number: int) -> int | str:
            target = (group, other)[number % 2]
            try:
                return answers(send(message(chantal, target, draft_id=draft_id), now=now))[0]
            except Exception as problem:
                return type(problem).__name__

        outcomes = together(try_one, threads=16)

        assert Entry.objects.filter(draft_id=draft_id).count() == 1
        assert set(map(str, outcomes)) <= {"1", "draft_reused", "IntegrityError"}
        assert seqs(group) + seqs(other) == [1]


class TestManySendersInOneConversation:
    def test_count_on_without_a_hole(self, everybody: list[Person], group: Conversation, now: datetime) -> None:
        outcomes = together(lambda n: send(message(everybody[n % 3], group, f"{n}"), now=now)[0], threads=THREADS)

        assert sorted(answers(outcomes)) == list(range(1, THREADS + 1))
        assert seqs(group) == list(range(1, THREADS + 1))
        assert Conversation.objects.get(id=group.id).last_seq == THREADS

    def test_each_see_all_that_came_before(self, everybody: list[Person], group: Conversation, now: datetime) -> None:
        """Whoever can read n can read everything below n."""

        def send_and_look(number: int) -> list[int]:
            person = everybody[number % 3]
            send(message(person, group), now=now)
            entries, _ = reading.history(person.id, group.id, before=None, after=0, limit=50)
            return [entry.seq for entry in entries]

        for seen in together(send_and_look, threads=32):
            assert seen == list(range(1, len(seen) + 1))

    def test_count_on_whatever_their_clocks_say(self, everybody: list[Person], group: Conversation, now: datetime) -> None:
        clocks = [now + timedelta(days=days) for days in (-1, 0, 1)]

        together(lambda n: send(message(everybody[n % 3], group, f"{n}"), now=clocks[n % 3]), threads=THREADS)

        assert seqs(group) == list(range(1, THREADS + 1))
        entries, _ = reading.history(everybody[0].id, group.id, before=None, after=None, limit=50)
        assert [entry.seq for entry in entries] == list(range(15, THREADS + 1))

    def test_count_on_past_joins_leaves_and_the_end(
        self, everybody: list[Person], fatima: Person, group: Conversation, now: datetime
    ) -> None:
        def do(number: int) -> None:
            if number == 20:
                members.join(conversation_id=group.id, person_id=fatima.id, role="peer", now=now)
            elif number == 30:
                members.leave(by_id=everybody[1].id, conversation_id=group.id, now=now)
            elif number == 40:
                conversations.close_at(conversation_id=group.id, closes_at=now, now=now)
            else:
                send(message(everybody[number % 3], group), now=now)

        together(do, threads=THREADS)

        log = list(Entry.objects.filter(conversation=group).order_by("seq"))
        assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
        assert [entry.kind for entry in log].count("close") == 1
        assert log[-1].kind in {"close", "leave", "join"}


class TestManyChangesOfOneMessage:
    def test_leave_no_words_once_one_took_it_back(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation), now=now)

        def change(number: int) -> int | str:
            draft = retraction(fatima, conversation, 1) if number == 12 else edit(fatima, conversation, 1, f"{number}")
            return answers(send(draft, now=now))[0]

        outcomes = together(change, threads=24)

        assert not Entry.objects.filter(conversation=conversation, body_sealed__isnull=False).exists()
        assert seqs(conversation) == list(range(1, len(seqs(conversation)) + 1))
        assert set(map(str, outcomes)) <= {"already_retracted", *map(str, range(2, 30))}


class TestManyMarks:
    def test_end_at_the_highest(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        sent(*(message(fatima, conversation) for _ in range(50)), now=now)
        steps = list(range(1, 51))
        random.Random(5).shuffle(steps)

        together(lambda n: raise_marks(steps=[Progress(annemie.id, conversation.id, delivered=steps[n], read=steps[-n - 1])]), threads=50)

        stay = ConversationMember.objects.of(annemie.id).get()
        assert (stay.delivered_seq, stay.read_seq) == (50, 50)


class TestWhatIsTakenAwayWhileManySend:
    """What is delivered after the commit of a withdrawal is either older than it, or not for that person."""

    def test_by_leaving(self, everybody: list[Person], group: Conversation, now: datetime) -> None:
        gone = everybody[2]

        def do(number: int) -> list[Outcome]:
            if number == 16:
                members.leave(by_id=gone.id, conversation_id=group.id, now=now)
                return []
            return send(message(everybody[number % 2], group), now=now)

        outcomes = [outcome for batch in together(do, threads=32) for outcome in batch]

        left_seq = ConversationMember.objects.of(gone.id).get().left_seq
        assert left_seq is not None
        for told in appended(outcomes):
            assert (gone.id in _audience(told)) == (told.entry.seq < left_seq)
        visible, _ = reading.history(gone.id, group.id, before=None, after=None, limit=50)
        assert [entry.seq for entry in visible] == list(range(1, left_seq + 1))

    def test_by_a_block_in_a_pair(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        def do(number: int) -> list[Outcome]:
            if number == 16:
                blocks.add(blocker=fatima, blocked=annemie, now=now)
                return []
            return send(message((fatima, annemie)[number % 2], conversation), now=now)

        outcomes = [outcome for batch in together(do, threads=32) for outcome in batch]

        refused = [outcome.code for outcome in outcomes if isinstance(outcome, Refused)]
        assert set(refused) <= {"not_reachable"}
        assert len(seqs(conversation)) + len(refused) == 31
        assert answers(send(message(annemie, conversation), now=now)) == ["not_reachable"]

    def test_by_signing_a_device_out(
        self, everybody: list[Person], group: Conversation, phone_of: Callable[[Person], Device], now: datetime
    ) -> None:
        """Every entry carries the access version under which it may be delivered; none that is newer carries the old one."""
        gone = everybody[2]
        device = phone_of(gone)
        heads: list[int] = []

        def do(number: int) -> list[Outcome]:
            if number == 16:
                devices.revoke(device=device, by=gone, now=now)
                heads.append(Conversation.objects.get(id=group.id).last_seq)
                return []
            return append_drafts(drafts=[message(everybody[number % 2], group)], now=now)

        outcomes = [outcome for batch in together(do, threads=32) for outcome in batch]

        versions = {told.entry.seq: _versions(told)[gone.id] for told in appended(outcomes)}
        assert [versions[seq] for seq in sorted(versions)] == sorted(versions.values())
        assert all(version == 1 for seq, version in versions.items() if seq > heads[0])


def _audience(told: Appended) -> set[UUID]:
    return {recipient.person_id for recipient in told.audience}


def _versions(told: Appended) -> dict[UUID, int]:
    return {recipient.person_id: recipient.access_version for recipient in told.audience}
