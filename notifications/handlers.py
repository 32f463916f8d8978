"""What notifications do when facts of the apps below arrive."""

from accounts.facts import PersonChanged, PersonErasing
from chat.facts import EntriesAppended
from core import clock
from core.facts import heard_by
from meetings.facts import MeetingChanged
from moderation.facts import StaffCalled, StatementMade
from notifications.actions import addresses, calls, entries, notices
from programmes.facts import CircleEnded, CircleIntroduced, CircleMemberJoined, CircleMemberLeft, CirclePaused, CircleResumed


@heard_by(EntriesAppended)
def tell_of_messages(fact: EntriesAppended) -> None:
    entries.tell_of(fact.lines, now=clock.now())


@heard_by(MeetingChanged)
def tell_of_meeting(fact: MeetingChanged) -> None:
    notices.tell_of_meeting(meeting_id=fact.meeting_id, act=fact.act, by_id=fact.by_id, now=clock.now())


@heard_by(CircleIntroduced)
def tell_of_beginning(fact: CircleIntroduced) -> None:
    notices.tell_of_circle(circle_id=fact.circle_id, what="introduced", now=clock.now())


@heard_by(CircleMemberJoined)
def tell_of_newcomer(fact: CircleMemberJoined) -> None:
    """The newcomer too: from now on they may talk."""
    notices.tell_of_circle(circle_id=fact.circle_id, what="joined", now=clock.now())


@heard_by(CircleMemberLeft)
def tell_of_parting(fact: CircleMemberLeft) -> None:
    notices.tell_of_circle(circle_id=fact.circle_id, what="left", but=fact.person_id, now=clock.now())


@heard_by(CirclePaused)
def tell_of_pause(fact: CirclePaused) -> None:
    notices.tell_of_circle(circle_id=fact.circle_id, what="paused", now=clock.now())


@heard_by(CircleResumed)
def tell_of_resuming(fact: CircleResumed) -> None:
    notices.tell_of_circle(circle_id=fact.circle_id, what="resumed", now=clock.now())


@heard_by(CircleEnded)
def tell_of_end(fact: CircleEnded) -> None:
    notices.tell_of_circle(circle_id=fact.circle_id, what="ended", now=clock.now())


@heard_by(StatementMade)
def tell_of_letter(fact: StatementMade) -> None:
    calls.tell_of_statement(person_id=fact.person_id, now=clock.now())


@heard_by(StaffCalled)
def call_staff(fact: StaffCalled) -> None:
    calls.tell_staff(person_ids=fact.person_ids, what=fact.what, subject_id=fact.subject_id, is_urgent=fact.is_urgent, now=clock.now())


@heard_by(PersonErasing)
def reach_them_nowhere(fact: PersonErasing) -> None:
    addresses.forget_all(person_id=fact.person_id)


@heard_by(PersonChanged)
def follow_phone(fact: PersonChanged) -> None:
    if "phone" in fact.fields:
        addresses.follow_phone(person_id=fact.person_id, now=clock.now())
