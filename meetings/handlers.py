"""What meetings do when facts of the apps below arrive. A meeting ends with its circle, in person or online."""

from uuid import UUID

from accounts.facts import PersonBlocked, PersonErasing, SignedOutByStaff, SignedOutEverywhere
from accounts.models import Person
from chat.facts import MeetingHidden, MeetingRestored, MemberLeft
from chat.models import Conversation
from core import clock
from core.facts import heard_by
from meetings.actions import absences, feeds, places, planning
from programmes.facts import CircleEnded, CirclePaused


@heard_by(CirclePaused)
def end_what_was_planned(fact: CirclePaused) -> None:
    planning.end_all(circle_id=fact.circle_id, now=clock.now())


@heard_by(CircleEnded)
def end_what_was_planned_for_good(fact: CircleEnded) -> None:
    planning.end_all(circle_id=fact.circle_id, now=clock.now())


@heard_by(MeetingHidden)
def forget_the_place(fact: MeetingHidden) -> None:
    places.forget(conversation_id=fact.conversation_id, seq=fact.seq)


@heard_by(MeetingRestored)
def bring_the_place_back(fact: MeetingRestored) -> None:
    places.bring_back(conversation_id=fact.conversation_id, seq=fact.seq)


@heard_by(MemberLeft)
def take_back_their_answers(fact: MemberLeft) -> None:
    planning.leave_all(conversation_id=fact.conversation_id, number=fact.number, now=clock.now())


@heard_by(SignedOutByStaff)
def make_the_calendar_worthless(fact: SignedOutByStaff) -> None:
    """Whoever lost a phone may have lost the address of their calendar with it."""
    _revoke(fact.person_id, fact.by_id)


@heard_by(SignedOutEverywhere)
def make_the_calendar_worthless_everywhere(fact: SignedOutEverywhere) -> None:
    _revoke(fact.person_id, fact.by_id)


def _revoke(person_id: UUID, by_id: UUID | None) -> None:
    people = Person.objects.in_bulk([id_ for id_ in (person_id, by_id) if id_])
    feeds.revoke(person=people[person_id], by=people.get(by_id) if by_id else None, now=clock.now())


@heard_by(PersonErasing)
def forget_their_days_away(fact: PersonErasing) -> None:
    """Their calendar goes with signing out."""
    absences.forget(person_id=fact.person_id)


@heard_by(PersonBlocked)
def end_what_two_planned(fact: PersonBlocked) -> None:
    """Nobody meets whom they blocked. In a pair that ends, as the organisation ends it; in a group everybody can say no."""
    shared = list(Conversation.objects.shared_by(fact.blocker_id, fact.blocked_id).locked())  # all, in the order in which all are locked
    for conversation in shared:
        if conversation.is_pair:
            planning.end_all(circle_id=conversation.circle_id, now=clock.now())
