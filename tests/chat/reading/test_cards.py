"""Cards: what a device shows of each conversation."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import people
from accounts.models import Person, Role
from chat import codec, frames, reading
from chat.actions import members
from chat.actions.marks import Progress, raise_marks
from chat.models import Conversation
from programmes.models import CircleKind
from tests.chat.words import message, sent
from tests.conftest import Clock
from tests.factories import make_circle, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


def card(person: Person, conversation: Conversation, *, now: datetime) -> frames.Card:
    (found,) = reading.cards(person.id, now=now, only=[conversation.id])
    return found


class TestACard:
    def test_says_who_is_in_it(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        found = card(fatima, conversation, now=now)

        assert (found.id, found.kind, found.state, found.you) == (conversation.id, "pair", "open", 1)
        assert [(m.number, m.person, m.name, m.role) for m in found.members] == [
            (1, fatima.id, "Fatima", "participant"),
            (2, annemie.id, "Annemie", "buddy"),
        ]

    def test_shows_read_marks_only_of_who_shows_them(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        sent(message(fatima, conversation), now=now)
        raise_marks(steps=[Progress(person.id, conversation.id, read=1) for person in (fatima, annemie)])

        for_fatima = {m.number: m.read_seq for m in card(fatima, conversation, now=now).members}
        for_annemie = {m.number: m.read_seq for m in card(annemie, conversation, now=now).members}

        assert for_fatima == {1: 1, 2: 1}
        assert for_annemie[2] == 1
        assert not isinstance(for_annemie[1], int)
        assert card(fatima, conversation, now=now).read_seq == 1

    def test_shows_them_once_the_person_chooses_so(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        sent(message(annemie, conversation), now=now)
        raise_marks(steps=[Progress(fatima.id, conversation.id, read=1)])
        people.update_settings(person=fatima, by=fatima, shows_read_marks=True, now=now)

        assert {m.number: m.read_seq for m in card(annemie, conversation, now=now).members}[1] == 1

    def test_bounds_what_this_person_may_see(
        self, chantal: Person, dirk: Person, fatima: Person, group: Conversation, now: datetime
    ) -> None:
        sent(message(chantal, group), now=now)
        members.join(conversation_id=group.id, person_id=fatima.id, role="peer", now=now)
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)
        sent(message(chantal, group), now=now)

        bounds = {person.id: card(person, group, now=now) for person in (chantal, dirk, fatima)}

        assert [(c.first_seq, c.last_seq, c.left) for c in bounds.values()] == [(1, 4, False), (1, 3, True), (2, 4, False)]

    def test_tells_somebody_who_left_nothing_of_what_came_after(
        self, chantal: Person, dirk: Person, amina: Person, fatima: Person, group: Conversation, now: datetime
    ) -> None:
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)
        members.join(conversation_id=group.id, person_id=fatima.id, role="peer", now=now)
        members.leave(by_id=amina.id, conversation_id=group.id, now=now)
        sent(message(chantal, group), now=now)
        raise_marks(steps=[Progress(chantal.id, group.id, read=4)])

        shown = {m.person: m for m in card(dirk, group, now=now).members}

        assert fatima.id not in shown
        assert not shown[amina.id].left
        assert shown[chantal.id].delivered_seq == 1

    def test_shows_who_left(self, chantal: Person, dirk: Person, group: Conversation, now: datetime) -> None:
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)

        assert [(m.number, m.left) for m in card(chantal, group, now=now).members] == [(1, False), (2, True), (3, False)]

    def test_of_a_full_group_fits_a_frame(self, nele: Person, bram: Person, clock: Clock) -> None:
        """Fifty people with names of eighty Arabic letters, twelve that left, and every mark as high as it goes."""
        everybody = [make_person(name="محمد عبد الرحمن الهاشمي القرشي " * 2 + "م" * 18, now=clock()) for _ in range(50)]
        circle = make_circle(kind=CircleKind.PEER_GROUP, people=everybody, coordinator=nele, deputy=bram, now=clock())
        Person.objects.update(shows_read_marks=True)
        for person in everybody[-12:]:
            members.leave(by_id=person.id, conversation_id=circle.conversation.id, now=clock())
        for person in everybody[-12:]:
            members.join(conversation_id=circle.conversation.id, person_id=person.id, role="peer", now=clock())
        Conversation.objects.update(last_seq=2**53 - 1, closes_at=clock() + timedelta(days=1))
        circle.conversation.members.update(delivered_seq=2**53 - 1, read_seq=2**53 - 1, muted_until=clock())

        found = card(everybody[0], circle.conversation, now=clock())

        assert len([m for m in found.members if not m.left]) == 50
        assert len(codec.encode(frames.Changed(found))) <= frames.MAX_FRAME


class TestCards:
    def test_come_in_the_order_in_which_the_conversations_were_made(
        self, fatima: Person, conversation: Conversation, nele: Person, bram: Person, clock: Clock
    ) -> None:
        peers = [fatima, make_person(now=clock()), make_person(now=clock())]
        second = make_circle(kind=CircleKind.PEER_GROUP, people=peers, coordinator=nele, deputy=bram, now=clock()).conversation

        assert [c.id for c in reading.cards(fatima.id, now=clock())] == [conversation.id, second.id]

    def test_are_of_ones_own_conversations_alone(
        self, fatima: Person, conversation: Conversation, group: Conversation, now: datetime
    ) -> None:
        assert [c.id for c in reading.cards(fatima.id, now=now)] == [conversation.id]
        assert reading.cards(fatima.id, now=now, only=[group.id]) == []

    def test_take_as_many_queries_for_one_as_for_many(
        self, fatima: Person, conversation: Conversation, nele: Person, bram: Person, clock: Clock
    ) -> None:
        with CaptureQueriesContext(connection) as one:
            reading.cards(fatima.id, now=clock())
        for _ in range(5):
            buddy = make_person(role=Role.BUDDY, now=clock())
            make_circle(people=[fatima, buddy], coordinator=nele, deputy=bram, now=clock())
        with CaptureQueriesContext(connection) as six:
            reading.cards(fatima.id, now=clock())

        assert len(one) == len(six) == 2
