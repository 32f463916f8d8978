"""The demo: a small organisation whose people can be met without a coordinator at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.actions import invites, passwords, people
from accounts.models import Invite, Language, Person, Role
from programmes.actions import circles, members, organisations
from programmes.models import Circle, CircleKind, MemberRole, Organisation, OrganisationMember, Programme, WorkingModel
from programmes.policy import Invited

ORGANISATION = "Maatjes aan de Leie"
FLAGGING = ("Nadia", "Wim")  # a pair of whom `moderation.demo` tells more, as of Fatima and Annemie, and of the peers
_AGE = timedelta(days=21)  # of the circles: their people know each other
_CAW = "0800 13 500"  # a real helpline for a coordinator's number: nobody else's phone rings

_STAFF = (("Nele", "nele", _CAW), ("Bram", "bram", None))
_DESK = (
    ("Karim", "karim", Role.MODERATOR),
    ("Lena", "lena", Role.MODERATOR),
    ("Greet", "greet", Role.LEAD),
    ("Hilde", "hilde", Role.LEAD),  # nobody is banned by one person
    ("Roel", "roel", Role.REVIEWER),
    ("Inge", "inge", Role.AUDITOR),
    ("Mieke", "mieke", Role.ADMINISTRATOR),  # reads no words; chooses what each organisation does, such as looking before delivery
)
_BUDDIES = (("Annemie", Language.NL), ("Karel", Language.NL), ("Wim", Language.NL))
_PARTICIPANTS = (
    ("Fatima", Language.NL),
    ("Yusuf", Language.TR),
    ("Chantal", Language.FR),
    ("Dirk", Language.NL),
    ("Amina", Language.AR),
    ("Luc", Language.FR),
    ("Sofie", Language.NL),
    ("Emre", Language.TR),
    ("Nadia", Language.NL),
)
PEERS = ("Chantal", "Dirk", "Amina", "Luc", "Sofie", "Emre")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to be, and the code that lets one device in as them."""

    name: str
    role: Role
    code: str
    person_id: UUID


@dataclass(frozen=True, slots=True)
class DemoColleague:
    """Somebody of the staff to be, at /console/ or /admin/; `has_own_password`: they chose one, which nobody else knows."""

    username: str
    role: Role
    has_own_password: bool


@transaction.atomic
def seed(*, now: datetime) -> list[DemoPerson]:
    """Make the demo people and their circles if they are not there, and a fresh code for each; older unused codes end."""
    organisation = Organisation.objects.filter(name=ORGANISATION).first() or _found(now=now - _AGE)
    _add_desk(organisation, now=now)
    memberships = organisation.members.select_related("person__data_key").order_by("id")
    present = [member.person for member in memberships if member.person.may_use_the_service()]
    return [_with_a_code(person, now=now) for person in present if not _sits_at_a_desk(person)]


@transaction.atomic
def let_staff_in(*, now: datetime) -> tuple[list[DemoColleague], str]:
    """The demo's staff, and one fresh first password for all of them who did not choose their own yet; empty where all did."""
    members = OrganisationMember.objects.filter(organisation__name=ORGANISATION).select_related("person__data_key").order_by("id")
    staff = [member.person for member in members if member.person.is_staff and member.person.may_use_the_service()]
    new = [person for person in staff if not person.has_usable_password() or person.password_until is not None]
    password = passwords.give_one_to_all(people=new, by=None, now=now) if new else ""
    return [DemoColleague(person.username or "", Role(person.role), person not in new) for person in staff], password


def _sits_at_a_desk(person: Person) -> bool:
    """Whether they work in the console alone, without a phone of ours."""
    return person.role in {role for _, _, role in _DESK}


def _add_desk(organisation: Organisation, *, now: datetime) -> None:
    """The staff of the console, also in a demo of before there was one; whoever else has such a name keeps it."""
    taken = set(Person.objects.filter(username__in=[username for _, username, _ in _DESK]).values_list("username", flat=True))
    for name, username, role in _DESK:
        if username not in taken:
            person = people.add(role=role, name=name, username=username, by=None, now=now)
            organisations.welcome(organisation=organisation, person=person, by=None, now=now)


def _with_a_code(person: Person, *, now: datetime) -> DemoPerson:
    for unused in Invite.objects.usable(now=now).filter(person=person):
        invites.revoke(invite=unused, by=None, now=now)
    _, code = invites.make(person=person, by=None, now=now)
    return DemoPerson(person.name, Role(person.role), code, person.id)


def _found(*, now: datetime) -> Organisation:
    """The organisation with everybody in it, and their circles on their way."""
    organisation = organisations.add(name=ORGANISATION, by=None, now=now)
    everybody = {person.name: person for person in _add_people(now=now)}
    for person in everybody.values():
        organisations.welcome(organisation=organisation, person=person, by=None, now=now)
    friends = _programme(organisation, "Buddy's", WorkingModel.PERSONAL_FRIEND)
    groups = _programme(organisation, "Praatcafé", WorkingModel.PEER_GROUP)

    fatima, annemie, yusuf, karel = (everybody[name] for name in ("Fatima", "Annemie", "Yusuf", "Karel"))
    nadia, wim = (everybody[name] for name in FLAGGING)
    _run(_propose(friends, CircleKind.PAIR, _pair(fatima, annemie), everybody, now=now), now=now)
    _run(_propose(friends, CircleKind.PAIR, _pair(yusuf, karel), everybody, now=now), only_try=True, now=now)
    _run(_propose(friends, CircleKind.PAIR, _pair(nadia, wim), everybody, now=now), now=now)
    peers = [Invited(everybody[name], MemberRole.PEER) for name in PEERS]
    _run(_propose(groups, CircleKind.PEER_GROUP, peers, everybody, now=now), now=now)
    return organisation


def _add_people(*, now: datetime) -> list[Person]:
    staff = [
        people.add(role=Role.COORDINATOR, name=name, username=username, phone=phone, by=None, now=now) for name, username, phone in _STAFF
    ]
    buddies = [people.add(role=Role.BUDDY, name=name, language=language, by=None, now=now) for name, language in _BUDDIES]
    participants = [people.add(role=Role.PARTICIPANT, name=name, language=language, by=None, now=now) for name, language in _PARTICIPANTS]
    return [*participants[:1], *buddies[:1], *participants[1:2], *buddies[1:], *participants[2:], *staff]


def _programme(organisation: Organisation, name: str, working_model: WorkingModel) -> Programme:
    return Programme.objects.create(organisation=organisation, name=name, working_model=working_model)


def _pair(participant: Person, buddy: Person) -> list[Invited]:
    return [Invited(participant, MemberRole.PARTICIPANT), Invited(buddy, MemberRole.BUDDY)]


def _propose(programme: Programme, kind: CircleKind, invited: Sequence[Invited], everybody: dict[str, Person], *, now: datetime) -> Circle:
    nele, bram = everybody["Nele"], everybody["Bram"]
    circle = circles.propose(programme=programme, kind=kind, members=invited, coordinator=nele, deputy=bram, by=nele, now=now)
    for one in invited:
        members.agree(circle=circle, by=one.person, now=now)
    return circle


def _run(circle: Circle, *, now: datetime, only_try: bool = False) -> None:
    """Introduce the members and start their trial; unless they only try, end it well at once."""
    nele = circle.coordinator
    circles.introduce(circle=circle, by=nele, now=now)
    circles.start_trial(circle=circle, by=nele, now=now)
    if not only_try:
        circles.activate(circle=circle, by=nele, now=now)
