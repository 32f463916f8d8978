"""What meetings do when facts of the apps below arrive. A meeting ends with its circle, in person or online."""

from accounts.facts import SignedOutByStaff
from accounts.models import Person
from chat.facts import MemberLeft
from core import clock
from core.facts import heard_by
from meetings.actions import feeds, planning
from programmes.facts import CircleEnded, CirclePaused


@heard_by(CirclePaused)
def end_what_was_planned(fact: CirclePaused) -> None:
    planning.end_all(circle_id=fact.circle_id, now=clock.now())


@heard_by(CircleEnded)
def end_what_was_planned_for_good(fact: CircleEnded) -> None:
    planning.end_all(circle_id=fact.circle_id, now=clock.now())


@heard_by(MemberLeft)
def take_back_their_answers(fact: MemberLeft) -> None:
    planning.leave_all(conversation_id=fact.conversation_id, number=fact.number, now=clock.now())


@heard_by(SignedOutByStaff)
def make_the_calendar_worthless(fact: SignedOutByStaff) -> None:
    """Whoever lost a phone may have lost the address of their calendar with it."""
    people = {person.id: person for person in Person.objects.filter(id__in=[fact.person_id, fact.by_id])}
    feeds.revoke(person=people[fact.person_id], by=people.get(fact.by_id), now=clock.now())
