"""Join a circle by saying yes, say no, be added and leave. Repeating what was done already changes nothing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core import facts
from core.errors import Forbidden, NotFound
from programmes import policy
from programmes.actions import circles
from programmes.actions.changing import lock, lock_for_coordinator, move, present_members, write_audit
from programmes.errors import AlreadyJoined, CircleFull, MembersUnfit, TooFewWouldRemain
from programmes.facts import CircleMemberJoined, CircleMemberLeft
from programmes.models import Circle, CircleKind, CircleMember, EndReason, MemberRole, State
from programmes.policy import Invited
from programmes.states import Action


def agree(*, circle: Circle, by: Person, now: datetime) -> Circle:
    """Say yes. The last yes makes the circle agreed; in a circle that runs already it is also the moment of joining.

    :raises NotFound: for who was not asked. :raises NotInThisState:
    """
    with transaction.atomic():
        circle = lock(circle)
        member = _membership(circle, by)
        if member.left_at is not None:
            raise NotFound
        if member.agreed_at is not None and circle.state != State.ENDED:
            return circle
        member.agreed_at = now
        move(circle, Action.AGREE_LAST if _all_agreed(circle, but=member) else Action.AGREE, by=by, now=now)
        if circle.introduced_at is not None:
            member.joined_at = now
            facts.record(CircleMemberJoined(circle.id, by.id, member.role))
        member.save(update_fields=["agreed_at", "joined_at"])
        write_audit("agreed", circle, by=by, now=now)
    return circle


def decline(*, circle: Circle, by: Person, now: datetime) -> Circle:
    """Say no, or take a yes back before the introduction; a pair, or a group left too small, ends.

    :raises NotFound: for who was not asked. :raises AlreadyJoined: :raises NotInThisState:
    """
    with transaction.atomic():
        circle = lock(circle)
        member = _membership(circle, by)
        if member.joined_at is not None:
            raise AlreadyJoined if member.left_at is None else NotFound
        if member.left_at is not None:
            return circle
        is_last = not _would_remain_enough(circle, without=member)
        state = policy.next_state(circle, Action.DECLINE_LAST if is_last else Action.DECLINE)
        member.left_at = now
        member.save(update_fields=["left_at"])
        write_audit("declined", circle, by=by, now=now)
        if state is State.ENDED:
            circles.finish(circle, reason=EndReason.DECLINED, by=by, now=now)
        else:
            _settle(circle, by=by, now=now)
    return circle


def add(*, circle: Circle, person: Person, role: MemberRole, by: Person | None, now: datetime) -> Circle:
    """Invite somebody else into a group; they join at their own yes.

    :raises Forbidden: :raises NotInThisState: :raises MembersUnfit: :raises CircleFull:
    """
    with transaction.atomic():
        circle = lock_for_coordinator(circle, by=by)
        members = present_members(circle)
        if any(member.person_id == person.id for member in members):
            return circle
        _ensure_room(circle, Invited(person, role), members)
        move(circle, Action.ADD_MEMBER, by=by, now=now)
        CircleMember.objects.create(circle=circle, person=person, role=role, invited_at=now)
        write_audit("member_added", circle, by=by, now=now, person=str(person.id), role=role.value)
    return circle


def remove(*, circle: Circle, person: Person, by: Person | None, now: datetime) -> Circle:
    """Take somebody out, or leave oneself. A circle that cannot do without them is ended instead.

    :raises Forbidden: :raises NotFound: :raises NotInThisState: :raises TooFewWouldRemain:
    """
    with transaction.atomic():
        circle = lock(circle)
        if by != person and not policy.may_answer_for(by, circle):
            raise Forbidden
        member = _membership(circle, person)
        if member.left_at is not None:
            return circle
        policy.next_state(circle, Action.REMOVE_MEMBER)
        if not _would_remain_enough(circle, without=member):
            raise TooFewWouldRemain
        member.left_at = now
        member.save(update_fields=["left_at"])
        _settle(circle, by=by, now=now)
        if member.joined_at is not None:
            facts.record(CircleMemberLeft(circle.id, person.id))
        write_audit("member_removed", circle, by=by, now=now, person=str(person.id))
    return circle


def leave_all(*, person: Person, by: Person | None, now: datetime) -> int:
    """Take somebody who is being erased out of every circle; one that cannot do without them ends. How many."""
    belongs = CircleMember.objects.present().filter(person=person).exclude(circle__state=State.ENDED)
    places = list(belongs.order_by("circle_id").values_list("circle_id", flat=True))
    for circle_id in places:
        circle = Circle.objects.locked(circle_id)
        if _would_remain_enough(circle, without=_membership(circle, person)):
            remove(circle=circle, person=person, by=person, now=now)
        else:
            policy.next_state(circle, Action.END)
            circles.finish(circle, reason=EndReason.AGREED_TOGETHER, by=by, now=now)
    return len(places)


def _membership(circle: Circle, person: Person) -> CircleMember:
    """Somebody's latest membership, of which they may have left. :raises NotFound:"""
    member = CircleMember.objects.filter(circle=circle, person=person).order_by("id").last()
    if member is None:
        raise NotFound
    return member


def _settle(circle: Circle, *, by: Person | None, now: datetime) -> None:
    """Who left may have been the only one who had not said yes."""
    if circle.state == State.PROPOSED and _all_agreed(circle):
        move(circle, Action.AGREE_LAST, by=by, now=now)


def _all_agreed(circle: Circle, *, but: CircleMember | None = None) -> bool:
    return not any(member.agreed_at is None for member in present_members(circle) if member != but)


def _would_remain_enough(circle: Circle, *, without: CircleMember) -> bool:
    """Counts, once they were introduced, only those who joined."""
    others = (member for member in present_members(circle) if member.id != without.id)
    counted = (member.role for member in others if circle.introduced_at is None or member.joined_at is not None)
    return policy.remain_enough(CircleKind(circle.kind), counted)


def _ensure_room(circle: Circle, newcomer: Invited, members: Iterable[CircleMember]) -> None:
    kind = CircleKind(circle.kind)
    policy.ensure_can_join(kind, newcomer)
    policy.ensure_belong(circle.programme, newcomer.person, refusal=MembersUnfit(kind=kind.value))
    if len(list(members)) >= (limit := policy.limit_of(circle.programme, kind)):
        raise CircleFull(limit=limit)
