"""Add people, change what they choose, and take their access away and give it back."""

from datetime import datetime

from django.db import transaction
from msgspec import UNSET, UnsetType

from accounts import policy
from accounts.actions.access import lock_person, withdraw
from accounts.errors import PhoneTaken, UsernameTaken
from accounts.facts import PersonChanged, PersonChangedByStaff, PersonSuspended, PersonUnsuspended
from accounts.models import Invite, Language, Person, Role
from accounts.names import clean_name
from accounts.phones import clean_phone
from accounts.zones import clean_zone
from audit import actions as audit
from core import facts
from core.errors import Forbidden, Invalid
from privacy.blind_index import blind_index
from privacy.models import DataKey


def add(
    *,
    role: Role,
    name: str,
    by: Person | None,
    now: datetime,
    phone: str | None = None,
    language: Language = Language.NL,
    zone: str = "Europe/Brussels",
    username: str | None = None,
) -> Person:
    """Add somebody, who can do nothing until a device is invited or, for staff, a password is set.

    :raises Forbidden: :raises Invalid: :raises PhoneTaken: :raises UsernameTaken:
    """
    if not policy.may_add(by, role):
        raise Forbidden
    person = Person(role=role, language=language, zone=clean_zone(zone), made_at=now)
    person.is_staff, person.is_superuser = role.is_for_staff, role is Role.ADMINISTRATOR
    person.shows_read_marks = role is not Role.PARTICIPANT
    person.username = _free_username(username, role)
    person.set_unusable_password()
    with transaction.atomic():
        person.data_key = DataKey.objects.make(now=now)
        person.take_name(clean_name(name))
        person.take_phone(_free_phone(phone))
        person.save(force_insert=True)
        _audit("person.added", person, by=by, now=now, role=role.value)
    return person


def update_settings(
    *,
    person: Person,
    by: Person | None,
    now: datetime,
    name: str | None = None,
    phone: str | None = None,
    language: Language | None = None,
    zone: str | None = None,
    shows_read_marks: bool | None = None,
    low_data: bool | None = None,
    data_budget: int | UnsetType | None = UNSET,
) -> Person:
    """Change what is given and leave the rest; what was so already is not a change. An empty phone takes the number away.

    `data_budget` is in bytes a month; none lifts the limit.

    :raises Forbidden: :raises Invalid: :raises PhoneTaken:
    """
    if not policy.may_change(by, person):
        raise Forbidden
    wanted = {"language": language, "zone": zone and clean_zone(zone), "shows_read_marks": shows_read_marks, "low_data": low_data}
    cleaned_name = clean_name(name) if name is not None else None
    if data_budget is not UNSET:
        policy.ensure_budget_can_be_kept(data_budget)
    cleaned_phone = (clean_phone(phone) if phone else "") if phone is not None else None
    with transaction.atomic():
        person = lock_person(person)
        changed = [field for field, value in wanted.items() if value is not None and getattr(person, field) != value]
        for field in changed:
            setattr(person, field, wanted[field])
        if data_budget is not UNSET and person.data_budget != data_budget:
            person.data_budget = data_budget
            changed.append("data_budget")
        if cleaned_name is not None and person.name != cleaned_name:
            person.take_name(cleaned_name)
            changed.append("name")
        if cleaned_phone is not None and (person.phone or "") != cleaned_phone:
            person.take_phone(_free_phone(cleaned_phone))
            changed.append("phone")
        _save_changes(person, changed, by=by, now=now)
    return person


def suspend(*, person: Person, by: Person | None, now: datetime) -> Person:
    """Take away all access at once; devices stay, and work again when it is lifted. :raises Forbidden:"""
    with transaction.atomic():
        person = lock_person(person)
        if not policy.may_suspend(by, person):
            raise Forbidden
        if person.suspended_at is None:
            person.suspended_at = now
            person.save(update_fields=["suspended_at"])
            Invite.objects.usable(now=now).filter(person=person).update(revoked_at=now)
            withdraw(person)
            facts.record(PersonSuspended(person.id, by.id if by else None))
            _audit("person.suspended", person, by=by, now=now)
    return person


def unsuspend(*, person: Person, by: Person | None, now: datetime) -> Person:
    """Give access back. :raises Forbidden:"""
    with transaction.atomic():
        person = lock_person(person)
        if not policy.may_lift_suspension(by, person):
            raise Forbidden
        if person.suspended_at is not None:
            person.suspended_at = None
            person.save(update_fields=["suspended_at"])
            facts.record(PersonUnsuspended(person.id, by.id if by else None))
            _audit("person.unsuspended", person, by=by, now=now)
    return person


_COLUMNS = {"name": ("name_sealed",), "phone": ("phone_sealed", "phone_index")}


def _save_changes(person: Person, changed: list[str], *, by: Person | None, now: datetime) -> None:
    if not changed:
        return
    person.save(update_fields=[column for field in changed for column in _COLUMNS.get(field, (field,))])
    facts.record(PersonChanged(person.id, tuple(changed)))
    if by is not None and by != person:
        facts.record(PersonChangedByStaff(person.id, by.id))
    _audit("person.changed", person, by=by, now=now, fields=sorted(changed))


def _free_username(username: str | None, role: Role) -> str | None:
    if not role.is_for_staff:
        return None
    if not username:
        raise Invalid(problems={"username": ["Staff sign in with a name."]})
    if Person.objects.filter(username=username).exists():
        raise UsernameTaken
    return username


def _free_phone(phone: str | None) -> str | None:
    if not phone:
        return None
    number = clean_phone(phone)
    if Person.objects.filter(phone_index=blind_index("phone", number)).exists():
        raise PhoneTaken
    return number


def _audit(action: str, person: Person, *, by: Person | None, now: datetime, **detail: object) -> None:
    audit.write(action=action, by=by.id if by else None, subject=f"person:{person.id}", detail=dict(detail), now=now)
