"""What happens to circles happens to their conversations, in the same transaction."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from accounts.actions import people
from accounts.models import Person
from chat import reading
from chat.actions import members as stays
from chat.models import Conversation, ConversationMember
from programmes.actions import circles, members
from programmes.models import Circle, CircleKind, EndReason, MemberRole, State
from tests.chat.words import line, message, refusal_of, sent, seqs
from tests.conftest import Clock
from tests.factories import make_circle, make_person

pytestmark = pytest.mark.django_db


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(id=conversation.id)


class TestACircleThatIsIntroduced:
    def test_gets_a_conversation_with_its_members_in_order(self, conversation: Conversation, fatima: Person, annemie: Person) -> None:
        present = conversation.members.order_by("number").values_list("number", "person_id", "role", "joined_seq")

        assert list(present) == [(1, fatima.id, "participant", 1), (2, annemie.id, "buddy", 1)]

    @pytest.mark.parametrize("state", [State.PROPOSED, State.AGREED])
    def test_has_none_before(self, clock: Clock, db: None, state: State) -> None:
        circle = make_circle(state=state, now=clock())

        assert not Conversation.objects.filter(circle=circle).exists()

    def test_has_none_when_the_introduction_is_undone(self, clock: Clock, db: None) -> None:
        circle = make_circle(state=State.AGREED, now=clock())

        with pytest.raises(ZeroDivisionError), transaction.atomic():
            circles.introduce(circle=circle, by=None, now=clock())
            raise ZeroDivisionError

        assert not Conversation.objects.filter(circle=circle).exists()

    def test_leaves_out_who_has_not_agreed_yet(self, group_circle: Circle, group: Conversation, clock: Clock) -> None:
        newcomer = make_person(name="Luc", now=clock())

        members.add(circle=group_circle, person=newcomer, role=MemberRole.PEER, by=None, now=clock())

        assert not ConversationMember.objects.of(newcomer.id).exists()


class TestSomebodyWhoJoinsLater:
    def test_joins_the_conversation_at_their_own_yes(
        self, group_circle: Circle, group: Conversation, chantal: Person, clock: Clock
    ) -> None:
        newcomer = make_person(name="Luc", now=clock())
        members.add(circle=group_circle, person=newcomer, role=MemberRole.PEER, by=None, now=clock())
        sent(message(chantal, group), now=clock())

        members.agree(circle=group_circle, by=newcomer, now=clock())

        stay = ConversationMember.objects.of(newcomer.id).get()
        assert (stay.number, stay.role, stay.joined_seq) == (4, "peer", 2)

    def test_can_come_back_after_being_taken_out(self, group_circle: Circle, group: Conversation, clock: Clock, dirk: Person) -> None:
        members.remove(circle=group_circle, person=dirk, by=None, now=clock())
        members.add(circle=group_circle, person=dirk, role=MemberRole.PEER, by=None, now=clock())
        members.agree(circle=group_circle, by=dirk, now=clock())

        present = ConversationMember.objects.of(dirk.id).order_by("number").values_list("number", "joined_seq", "left_seq")
        assert list(present) == [(2, 1, 1), (4, 2, None)]


class TestSomebodyWhoIsTakenOut:
    def test_leaves_the_conversation_by_the_organisations_hand(
        self, group_circle: Circle, group: Conversation, dirk: Person, clock: Clock
    ) -> None:
        members.remove(circle=group_circle, person=dirk, by=None, now=clock())

        entry = line(group, 1)
        assert (entry.kind, entry.author_number, entry.subject_number) == ("leave", 0, 2)
        assert refusal_of(message(dirk, group), now=clock()) == "conversation_not_found"

    def test_is_not_taken_out_twice_when_they_left_by_themselves(
        self, group_circle: Circle, group: Conversation, dirk: Person, clock: Clock
    ) -> None:
        stays.leave(by_id=dirk.id, conversation_id=group.id, now=clock())

        members.remove(circle=group_circle, person=dirk, by=None, now=clock())

        assert seqs(group) == [1]


class TestACircleThatPauses:
    def test_takes_no_messages_until_it_resumes(self, circle: Circle, conversation: Conversation, fatima: Person, clock: Clock) -> None:
        circles.pause(circle=circle, by=None, now=clock())
        assert refusal_of(message(fatima, conversation), now=clock()) == "conversation_paused"

        circles.resume(circle=circle, by=None, now=clock())
        assert sent(message(fatima, conversation), now=clock()) == [1]


class TestACircleThatEnds:
    def test_may_say_goodbye_as_long_as_the_programme_says(
        self, circle: Circle, conversation: Conversation, fatima: Person, clock: Clock
    ) -> None:
        circles.end(circle=circle, reason=EndReason.MOVED, by=None, now=clock())

        assert fresh(conversation).closes_at == clock() + timedelta(days=7)
        assert sent(message(fatima, conversation), now=clock()) == [1]

    def test_for_safety_closes_at_once(self, circle: Circle, conversation: Conversation, fatima: Person, clock: Clock) -> None:
        circles.end(circle=circle, reason=EndReason.SAFETY, by=None, now=clock())

        assert fresh(conversation).closed_at == clock()
        assert line(conversation, 1).kind == "close"
        assert refusal_of(message(fatima, conversation), now=clock()) == "conversation_closed"

    def test_and_turns_out_to_be_unsafe_closes_at_once(
        self, circle: Circle, conversation: Conversation, fatima: Person, clock: Clock
    ) -> None:
        circles.end(circle=circle, reason=EndReason.MOVED, by=None, now=clock())
        circles.end(circle=circle, reason=EndReason.SAFETY, by=None, now=clock.move(hours=1))

        assert fresh(conversation).closed_at == clock()
        assert refusal_of(message(fatima, conversation), now=clock()) == "conversation_closed"

    def test_before_its_introduction_has_nothing_to_close(self, clock: Clock, db: None) -> None:
        circle = make_circle(state=State.AGREED, kind=CircleKind.PAIR, now=clock())

        circles.end(circle=circle, reason=EndReason.NO_MATCH, by=None, now=clock())

        assert not Conversation.objects.filter(circle=circle).exists()

    def test_keeps_its_log_readable(self, circle: Circle, conversation: Conversation, fatima: Person, now: datetime) -> None:
        sent(message(fatima, conversation, "Dag"), now=now)
        circles.end(circle=circle, reason=EndReason.SAFETY, by=None, now=now)

        entries, _ = reading.history(fatima.id, conversation.id, before=None, after=None, limit=20)
        assert [entry.kind for entry in entries] == ["message", "close"]


class TestSomebodyWhoChanges:
    @pytest.mark.parametrize("change", [{"name": "Fatima Z."}, {"shows_read_marks": True}])
    def test_changes_the_card_of_everybody_they_talk_with(
        self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock, change: dict[str, object]
    ) -> None:
        (before,) = reading.follows(annemie.id)

        people.update_settings(person=fatima, by=fatima, now=clock(), **change)  # type: ignore[arg-type]  # one of its arguments

        assert reading.follows(annemie.id)[0].stamp != before.stamp

    def test_in_what_no_card_shows_changes_none(self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        (before,) = reading.follows(annemie.id)

        people.update_settings(person=fatima, by=fatima, now=clock(), low_data=True, language="fr")  # type: ignore[arg-type]  # a Language is text

        assert reading.follows(annemie.id) == [before]
