"""Make what a test is about, through the same actions as everybody else."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from accounts.actions import people
from accounts.models import Device, Language, Person, Role
from core import clock
from programmes.actions import circles, members, organisations
from programmes.models import Circle, CircleKind, EndReason, MemberRole, Organisation, Programme, State, WorkingModel
from programmes.policy import Invited

_numbers = count(1)


def make_organisation(*, name: str = "Maatjes", now: datetime | None = None) -> Organisation:
    """The organisation of that name; the same one the second time."""
    found = Organisation.objects.filter(name=name).first()
    return found or organisations.add(name=name, by=None, now=now or clock.now())


def make_programme(*, organisation: Organisation | None = None, grace_days: int = 7, max_members: int = 50) -> Programme:
    return Programme.objects.create(
        organisation=organisation or make_organisation(),
        name=f"Programme {next(_numbers)}",
        working_model=WorkingModel.PERSONAL_FRIEND,
        grace_days=grace_days,
        max_members=max_members,
    )


def make_person(
    *,
    role: Role = Role.PARTICIPANT,
    name: str = "Somebody",
    phone: str | None = None,
    language: Language = Language.NL,
    organisation: Organisation | None = None,
    is_alone: bool = False,
    now: datetime | None = None,
) -> Person:
    """A person of an organisation; with `is_alone`, of none. Staff get a username and no password."""
    at = now or clock.now()
    username = f"{role.value}{next(_numbers)}" if role.is_for_staff else None
    person = people.add(role=role, name=name, phone=phone, language=language, username=username, by=None, now=at)
    if not is_alone:
        organisations.welcome(organisation=organisation or make_organisation(now=at), person=person, by=None, now=at)
    return person


def make_device(*, person: Person, label: str = "phone", in_browser: bool = False, now: datetime | None = None) -> tuple[Device, str]:
    """A device of a person, and its token."""
    return Device.objects.enrol(person=person, label=label, in_browser=in_browser, now=now or clock.now())


def make_circle(
    *,
    state: State = State.ACTIVE,
    kind: CircleKind = CircleKind.PAIR,
    people: Sequence[Person] | None = None,
    coordinator: Person | None = None,
    deputy: Person | None = None,
    programme: Programme | None = None,
    reason: EndReason = EndReason.GOAL_REACHED,
    now: datetime | None = None,
) -> Circle:
    """A circle that lived until `state`. Without `people`: a participant and a buddy, or three peers."""
    at = now or clock.now()
    coordinator = coordinator or make_person(role=Role.COORDINATOR, name="Nele", now=at)
    deputy = deputy or make_person(role=Role.COORDINATOR, name="Bram", now=at)
    invited = _invited(people if people is not None else _people_for(kind, now=at), kind)
    circle = circles.propose(
        programme=programme or make_programme(),
        kind=kind,
        members=invited,
        coordinator=coordinator,
        deputy=deputy,
        by=None,
        now=at,
    )
    _live(circle, state, [one.person for one in invited], reason=reason, now=at)
    return Circle.objects.select_related("programme").get(id=circle.id)


def _live(circle: Circle, state: State, people: Sequence[Person], *, reason: EndReason, now: datetime) -> None:
    for reached in _PATHS[state]:
        if reached is State.AGREED:
            for person in people:
                members.agree(circle=circle, by=person, now=now)
        elif reached is State.INTRODUCED:
            circles.introduce(circle=circle, by=None, now=now)
        elif reached is State.TRIAL:
            circles.start_trial(circle=circle, by=None, now=now)
        elif reached is State.ACTIVE:
            circles.activate(circle=circle, by=None, now=now)
        elif reached is State.PAUSED:
            circles.pause(circle=circle, by=None, now=now)
        elif reached is State.ENDED:
            circles.end(circle=circle, reason=reason, by=None, now=now)


_WAY = (State.AGREED, State.INTRODUCED, State.TRIAL, State.ACTIVE)
_PATHS: dict[State, tuple[State, ...]] = {
    State.PROPOSED: (),
    State.AGREED: _WAY[:1],
    State.INTRODUCED: _WAY[:2],
    State.TRIAL: _WAY[:3],
    State.ACTIVE: _WAY,
    State.PAUSED: (*_WAY, State.PAUSED),
    State.ENDED: (*_WAY, State.ENDED),
}


def _people_for(kind: CircleKind, *, now: datetime) -> list[Person]:
    if kind is CircleKind.PEER_GROUP:
        return [make_person(name=name, now=now) for name in ("Chantal", "Dirk", "Amina")]
    return [make_person(name="Fatima", now=now), make_person(role=Role.BUDDY, name="Annemie", now=now)]


def _invited(people: Sequence[Person], kind: CircleKind) -> list[Invited]:
    alone = {CircleKind.PEER_GROUP: MemberRole.PEER, CircleKind.FAMILY_SUPPORT: MemberRole.FAMILY}
    role = alone.get(kind, MemberRole.PARTICIPANT)
    return [Invited(person, MemberRole.BUDDY if person.role == Role.BUDDY else role) for person in people]
