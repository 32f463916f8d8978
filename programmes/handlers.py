"""What the organisation somebody belongs to has to say about what happens in `accounts`.

These run inside the transaction of the action; raising here undoes it, so a stranger's request never happened.
"""

from uuid import UUID

from accounts.facts import (
    InviteMade,
    InviteRevoked,
    PersonBlocked,
    PersonChangedByStaff,
    PersonErasing,
    PersonSuspended,
    PersonUnsuspended,
    SignedOutByStaff,
)
from accounts.models import Person, Role
from core import clock
from core.errors import Forbidden, NotFound
from core.facts import heard_by
from programmes import policy
from programmes.actions import members
from programmes.models import Circle


@heard_by(InviteMade)
def only_ones_own_people_are_let_in(fact: InviteMade) -> None:
    _ensure_not_a_stranger(fact.by_id, fact.person_id)


@heard_by(InviteRevoked)
def only_ones_own_peoples_invites_are_revoked(fact: InviteRevoked) -> None:
    _ensure_not_a_stranger(fact.by_id, fact.person_id)


@heard_by(PersonSuspended)
def only_ones_own_people_are_suspended(fact: PersonSuspended) -> None:
    _ensure_not_a_stranger(fact.by_id, fact.person_id)


@heard_by(PersonUnsuspended)
def only_ones_own_people_are_unsuspended(fact: PersonUnsuspended) -> None:
    _ensure_not_a_stranger(fact.by_id, fact.person_id)


@heard_by(SignedOutByStaff)
def only_ones_own_people_are_signed_out(fact: SignedOutByStaff) -> None:
    _ensure_not_a_stranger(fact.by_id, fact.person_id)


@heard_by(PersonChangedByStaff)
def only_ones_own_people_are_changed(fact: PersonChangedByStaff) -> None:
    _ensure_not_a_stranger(fact.by_id, fact.person_id)


@heard_by(PersonErasing)
def only_ones_own_people_are_erased(fact: PersonErasing) -> None:
    """And their circles go on without them, or end."""
    _ensure_not_a_stranger(fact.by_id, fact.person_id)
    people = Person.objects.in_bulk([id_ for id_ in (fact.person_id, fact.by_id) if id_])
    members.leave_all(person=people[fact.person_id], by=people.get(fact.by_id) if fact.by_id else None, now=clock.now())


@heard_by(PersonBlocked)
def only_people_who_met_are_blocked(fact: PersonBlocked) -> None:
    """Whether an identifier belongs to anybody is nobody's to find out."""
    if not Circle.objects.where_met(fact.blocker_id, fact.blocked_id).exists():
        raise NotFound


def _ensure_not_a_stranger(by_id: UUID | None, person_id: UUID) -> None:
    if by_id is None or by_id == person_id or policy.may_know(by_id, person_id):
        return
    if not Person.objects.filter(id=by_id, role=Role.ADMINISTRATOR).exists():
        raise Forbidden
