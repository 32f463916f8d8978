"""Coming and going, and not being disturbed."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from chat import reading
from chat.actions import members
from chat.errors import BadRange, ConversationNotFound
from chat.models import Conversation, ConversationMember
from core.ids import new_id
from tests.chat.words import line, message, sent, seqs

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


def join(conversation: Conversation, person: Person, *, now: datetime) -> ConversationMember:
    return members.join(conversation_id=conversation.id, person_id=person.id, role="peer", now=now)


def leave(conversation: Conversation, person: Person, *, now: datetime) -> None:
    members.leave(by_id=person.id, conversation_id=conversation.id, now=now)


class TestJoin:
    def test_is_said_in_the_log_with_a_new_number(self, fatima: Person, dirk: Person, group: Conversation, now: datetime) -> None:
        sent(message(dirk, group), now=now)

        member = join(group, fatima, now=now)

        entry = line(group, 2)
        assert (member.number, member.joined_seq) == (4, 2)
        assert (entry.kind, entry.author_number, entry.subject_number) == ("join", 0, 4)

    def test_twice_changes_nothing(self, fatima: Person, group: Conversation, now: datetime) -> None:
        assert join(group, fatima, now=now) == join(group, fatima, now=now)
        assert seqs(group) == [1]

    def test_again_is_a_new_stay_under_a_new_number(self, chantal: Person, group: Conversation, now: datetime) -> None:
        leave(group, chantal, now=now)

        member = join(group, chantal, now=now)

        assert (member.number, member.joined_seq) == (4, 2)

    def test_the_database_itself_keeps_one_present_stay_per_person(self, chantal: Person, group: Conversation) -> None:
        with pytest.raises(IntegrityError, match=r"one_present_stay_per_person|person_id"), transaction.atomic():
            ConversationMember.objects.create(conversation=group, person=chantal, number=9, role="peer", slot=9)

    def test_the_database_itself_gives_each_number_once(self, fatima: Person, group: Conversation) -> None:
        with pytest.raises(IntegrityError, match=r"one_member_per_number|number"), transaction.atomic():
            ConversationMember.objects.create(conversation=group, person=fatima, number=1, role="peer", slot=9)


class TestLeave:
    def test_is_said_in_the_log(self, dirk: Person, group: Conversation, now: datetime) -> None:
        leave(group, dirk, now=now)

        entry = line(group, 1)
        assert (entry.kind, entry.author_number, entry.subject_number) == ("leave", 2, 2)
        assert ConversationMember.objects.of(dirk.id).get().left_seq == 1

    def test_twice_changes_nothing(self, dirk: Person, group: Conversation, now: datetime) -> None:
        leave(group, dirk, now=now)
        leave(group, dirk, now=now)

        assert seqs(group) == [1]

    def test_of_what_one_never_was_in_is_refused_like_what_is_not_there(self, fatima: Person, group: Conversation, now: datetime) -> None:
        with pytest.raises(ConversationNotFound):
            leave(group, fatima, now=now)
        with pytest.raises(ConversationNotFound):
            leave(Conversation(id=new_id()), fatima, now=now)


class TestMute:
    def test_holds_until_then(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        until = now + timedelta(days=1)

        members.mute(by_id=fatima.id, conversation_id=conversation.id, until=until, now=now)

        (card,) = reading.cards(fatima.id, now=now)
        assert card.muted_until == until

    def test_ends_when_it_is_lifted(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        members.mute(by_id=fatima.id, conversation_id=conversation.id, until=now + timedelta(days=1), now=now)
        members.mute(by_id=fatima.id, conversation_id=conversation.id, until=None, now=now)

        (card,) = reading.cards(fatima.id, now=now)
        assert not isinstance(card.muted_until, datetime)

    def test_is_ones_own(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        members.mute(by_id=fatima.id, conversation_id=conversation.id, until=now + timedelta(days=1), now=now)

        (card,) = reading.cards(annemie.id, now=now)
        assert not isinstance(card.muted_until, datetime)

    def test_lasts_a_year_at_most(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        with pytest.raises(BadRange):
            members.mute(by_id=fatima.id, conversation_id=conversation.id, until=now + timedelta(days=367), now=now)

    def test_needs_a_zone(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        with pytest.raises(BadRange):
            members.mute(by_id=fatima.id, conversation_id=conversation.id, until=now.replace(tzinfo=None), now=now)

    def test_of_another_persons_conversation_is_refused(self, fatima: Person, group: Conversation, now: datetime) -> None:
        with pytest.raises(ConversationNotFound):
            members.mute(by_id=fatima.id, conversation_id=group.id, until=None, now=now)
