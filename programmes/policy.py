"""Who may do what with a circle, and which people can form one. `by` is absent when the operator works on the command line."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Person, Role
from core.errors import DomainError
from programmes.errors import CoordinatorsUnfit, MembersUnfit, NotInThisState
from programmes.models import Circle, CircleKind, CircleMember, MemberRole, Organisation, OrganisationMember, Programme, State
from programmes.states import NEXT, Action


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody, and what they would be to the others."""

    person: Person
    role: MemberRole


def may_answer_for(by: Person | None, circle: Circle) -> bool:
    """Its coordinator, its deputy, or an administrator."""
    return by is None or by.role == Role.ADMINISTRATOR or by.id in {circle.coordinator_id, circle.deputy_id}


def may_pause(by: Person | None, circle: Circle) -> bool:
    """Also everybody who joined: nobody needs leave to rest."""
    return may_answer_for(by, circle) or (by is not None and CircleMember.objects.joined().filter(circle=circle, person=by).exists())


def may_resume(by: Person | None, circle: Circle) -> bool:
    """Who asked for a rest ends it, or who answers for the circle; no member ends the rest of another."""
    if by is None or may_answer_for(by, circle):
        return True
    is_somebody_elses_rest = circle.state == State.PAUSED and circle.paused_by_id != by.id
    return not is_somebody_elses_rest and may_pause(by, circle)


def may_protect(by: Person | None, circle: Circle) -> bool:
    """For safety, after a decision: a lead of the organisation, or whoever looks again at decisions there.

    Who answers for a circle decides nothing in a case about it, so those who decide need a way of their own; they have it for
    resting, going on and ending, and for nothing else.
    """
    if by is None or by.role == Role.ADMINISTRATOR:
        return True
    is_judge = by.role in {Role.LEAD, Role.REVIEWER} and by.may_use_the_service()
    return is_judge and OrganisationMember.objects.of(by.id).filter(organisation_id=circle.programme.organisation_id).exists()


def may_take_over_rest(by: Person | None, circle: Circle, *, for_safety: bool = False) -> bool:
    """Who answers for a circle, or acts for its safety, makes a member's rest their own, which the member then does not end."""
    is_a_members = circle.state == State.PAUSED and circle.paused_by is not None and not _is_of_staff(circle.paused_by, circle)
    return is_a_members and (may_protect(by, circle) if for_safety else may_answer_for(by, circle))


def _is_of_staff(person: Person, circle: Circle) -> bool:
    return may_answer_for(person, circle) or may_protect(person, circle)


def may_propose(by: Person | None, coordinator: Person, deputy: Person | None) -> bool:
    """Coordinators propose circles that they will answer for themselves."""
    return by is None or by.role == Role.ADMINISTRATOR or by in {coordinator, deputy}


def may_configure(by: Person | None) -> bool:
    """Organisations and programmes are set up by the operator and by administrators."""
    return by is None or by.role == Role.ADMINISTRATOR


def may_welcome(by: Person | None, person: Person, organisation: Organisation) -> bool:
    """A coordinator brings newcomers into their own organisation, but nobody takes another's people over."""
    if by is None or by.role == Role.ADMINISTRATOR:
        return True
    belongs = OrganisationMember.objects.of(by.id)
    is_coordinator_there = Role(by.role).answers_for_circles and belongs.filter(organisation=organisation).exists()
    return is_coordinator_there and may_know(by.id, person.id)


def may_know(by_id: UUID, person_id: UUID) -> bool:
    """Whether somebody is of one's own organisation, or of none yet."""
    memberships = OrganisationMember.objects
    return memberships.share_one(by_id, person_id) or not memberships.of(person_id).exists()


def next_state(circle: Circle, action: Action) -> State:
    """The state that an action leads to. :raises NotInThisState:"""
    state = NEXT.get((State(circle.state), action))
    if state is None:
        raise NotInThisState(state=circle.state, action=action.value)
    return state


def ensure_belong(programme: Programme, *people: Person, refusal: DomainError) -> None:
    """Everybody belongs to the organisation that runs the programme; otherwise `refusal` is raised."""
    if not OrganisationMember.objects.all_belong(programme.organisation_id, [person.id for person in people]):
        raise refusal


def ensure_coordinators_fit(programme: Programme, *people: Person | None, members: Iterable[Person]) -> None:
    """Two different professionals of the organisation, outside the circle. :raises CoordinatorsUnfit:"""
    named = [person for person in people if person is not None]
    distinct = len({person.id for person in named}) == len(named)
    fit = all(Role(person.role).answers_for_circles and person.may_use_the_service() for person in named)
    if not distinct or not fit or {person.id for person in named} & {person.id for person in members}:
        raise CoordinatorsUnfit
    ensure_belong(programme, *named, refusal=CoordinatorsUnfit())


def ensure_can_form(kind: CircleKind, members: Iterable[Invited]) -> None:
    """:raises MembersUnfit:"""
    invited = list(members)
    everybody_once = len({one.person.id for one in invited}) == len(invited)
    if not everybody_once or not all(_suits(one) for one in invited) or not _is_complete(kind, invited):
        raise MembersUnfit(kind=kind.value)


def ensure_can_join(kind: CircleKind, newcomer: Invited) -> None:
    """A pair takes nobody else; the other kinds take more of their own. :raises MembersUnfit:"""
    if kind is CircleKind.PAIR or newcomer.role not in ROLES_IN[kind] or not _suits(newcomer):
        raise MembersUnfit(kind=kind.value)


def remain_enough(kind: CircleKind, roles: Iterable[str]) -> bool:
    """Whether a circle of this kind can go on with these."""
    counted = Counter(roles)
    if kind is CircleKind.PAIR:
        return counted == {MemberRole.PARTICIPANT: 1, MemberRole.BUDDY: 1}
    return sum(counted.values()) >= 2 and all(counted[role] for role in NEEDED_IN[kind])


def limit_of(programme: Programme, kind: CircleKind) -> int:
    return 2 if kind is CircleKind.PAIR else programme.max_members


ROLES_IN: dict[CircleKind, frozenset[MemberRole]] = {
    CircleKind.PAIR: frozenset({MemberRole.PARTICIPANT, MemberRole.BUDDY}),
    CircleKind.PEER_GROUP: frozenset({MemberRole.PEER, MemberRole.BUDDY}),
    CircleKind.NETWORK_CIRCLE: frozenset({MemberRole.PARTICIPANT, MemberRole.BUDDY, MemberRole.FAMILY}),
    CircleKind.FAMILY_SUPPORT: frozenset({MemberRole.FAMILY, MemberRole.BUDDY}),
}
NEEDED_IN: dict[CircleKind, frozenset[MemberRole]] = {
    CircleKind.PAIR: frozenset({MemberRole.PARTICIPANT, MemberRole.BUDDY}),
    CircleKind.PEER_GROUP: frozenset({MemberRole.PEER}),
    CircleKind.NETWORK_CIRCLE: frozenset({MemberRole.PARTICIPANT}),
    CircleKind.FAMILY_SUPPORT: frozenset({MemberRole.FAMILY, MemberRole.BUDDY}),
}


def _is_complete(kind: CircleKind, invited: list[Invited]) -> bool:
    return {one.role for one in invited} <= ROLES_IN[kind] and remain_enough(kind, (one.role for one in invited))


def _suits(invited: Invited) -> bool:
    """Volunteers are buddies, the others are participants; staff belong to no circle, so nobody moderates their own."""
    wanted = Role.BUDDY if invited.role is MemberRole.BUDDY else Role.PARTICIPANT
    return invited.person.role == wanted and invited.person.may_use_the_service()
