"""Organisations and the people that belong to them."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Language, Person
from accounts.names import clean_name
from accounts.zones import clean_zone
from audit import actions as audit
from core.errors import Forbidden, Invalid
from programmes import policy
from programmes.models import Organisation, OrganisationMember


def add(*, name: str, by: Person | None, now: datetime, language: Language = Language.NL, zone: str = "Europe/Brussels") -> Organisation:
    """Add an organisation. :raises Forbidden: :raises Invalid:"""
    organisation = Organisation(name=clean_name(name), language=language, zone=clean_zone(zone))
    return _save("organisation.added", organisation, by=by, now=now)


def change(*, organisation: Organisation, name: str, language: Language, zone: str, by: Person | None, now: datetime) -> Organisation:
    """Change what an organisation is called and where it is. :raises Forbidden: :raises Invalid:"""
    wanted = {"name": clean_name(name), "language": language, "zone": clean_zone(zone)}
    changed = sorted(field for field, value in wanted.items() if getattr(organisation, field) != value)
    for field in changed:
        setattr(organisation, field, wanted[field])
    return _save("organisation.changed", organisation, by=by, now=now, fields=changed) if changed else organisation


def welcome(*, organisation: Organisation, person: Person, by: Person | None, now: datetime) -> OrganisationMember:
    """Make somebody belong to an organisation; who belongs already stays. :raises Forbidden:"""
    if not policy.may_welcome(by, person, organisation):
        raise Forbidden
    with transaction.atomic():
        member, is_new = OrganisationMember.objects.get_or_create(organisation=organisation, person=person, defaults={"since": now})
        if is_new:
            _audit("organisation.welcomed", organisation, by=by, now=now, person=str(person.id))
    return member


def _save(action: str, organisation: Organisation, *, by: Person | None, now: datetime, **detail: object) -> Organisation:
    if not policy.may_configure(by):
        raise Forbidden
    try:
        with transaction.atomic():
            organisation.save()
            _audit(action, organisation, by=by, now=now, **detail)
    except IntegrityError:
        raise Invalid(problems={"name": ["Another one has this name already."]}) from None
    return organisation


def _audit(action: str, organisation: Organisation, *, by: Person | None, now: datetime, **detail: object) -> None:
    subject = f"organisation:{organisation.id}"
    audit.write(action=action, by=by.id if by else None, subject=subject, detail=dict(detail), now=now)
