"""What every change of a circle has in common: lock it, ask the policy, write what happened."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import Person
from audit import actions as audit
from core.errors import Forbidden, NotFound
from programmes import policy
from programmes.errors import CoordinatorsMissing
from programmes.models import Circle, CircleMember, State
from programmes.states import Action


def lock(circle: Circle) -> Circle:
    """The circle as it is now. :raises NotFound:"""
    try:
        return Circle.objects.locked(circle.id)
    except Circle.DoesNotExist:
        raise NotFound from None


def lock_for(may: Callable[[Person | None, Circle], bool], circle: Circle, *, by: Person | None) -> Circle:
    """The circle as it is now, for one to whom the policy says yes. :raises Forbidden: :raises NotFound:"""
    locked = lock(circle)
    if not may(by, locked):
        raise Forbidden
    return locked


def lock_for_coordinator(circle: Circle, *, by: Person | None) -> Circle:
    """The circle as it is now, for one who answers for it. :raises Forbidden: :raises NotFound:"""
    return lock_for(policy.may_answer_for, circle, by=by)


def move(circle: Circle, action: Action, *, by: Person | None, now: datetime) -> None:
    """Take a locked circle where the action leads, which may be where it is. :raises NotInThisState: :raises CoordinatorsMissing:"""
    state = policy.next_state(circle, action)
    if state == circle.state:
        return
    if state is State.ACTIVE and not (circle.coordinator_id and circle.deputy_id):
        raise CoordinatorsMissing
    circle.save(update_fields=circle.enter(state, by=by, now=now))


def present_members(circle: Circle) -> list[CircleMember]:
    """Everybody who has not left or said no, in the order in which they were invited."""
    return list(CircleMember.objects.present().filter(circle=circle).select_related("person"))


def write_audit(action: str, circle: Circle, *, by: Person | None, now: datetime, **detail: object) -> None:
    """Write last: the end of the audit chain is the lock that everybody waits for."""
    subject = f"circle:{circle.id}"
    audit.write(action=f"circle.{action}", by=by.id if by else None, subject=subject, detail=dict(detail), now=now)
