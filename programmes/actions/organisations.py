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
    _ensure_may_configure(by)
    organisation = Organisation(name=clean_name(name), language=language, zone=clean_zone(zone))
    with transaction.atomic():
        _save(organisation)
        _audit("organisation.added", organisation, by=by, now=now)
    return organisation


def change(*, organisation: Organisation, name: str, language: Language, zone: str, by: Person | None, now: datetime) -> Organisation:
    """Change what an organisation is called and where it is. :raises Forbidden: :raises Invalid:"""
    _ensure_may_configure(by)
    wanted = {"name": clean_name(name), "language": language, "zone": clean_zone(zone)}
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update(no_key=True).get(id=organisation.id)
        changed = sorted(field for field, value in wanted.items() if getattr(organisation, field) != value)
        for field in changed:
            setattr(organisation, field, wanted[field])
        if changed:
            _save(organisation, only=changed)
            _audit("organisation.changed", organisation, by=by, now=now, fields=changed)
    return organisation


def welcome(*, organisation: Organisation, person: Person, by: Person | None, now: datetime) -> OrganisationMember:
    """Make somebody belong to an organisation; who belongs already stays. :raises Forbidden:"""
    if not policy.may_welcome(by, person, organisation):
        raise Forbidden
    with transaction.atomic():
        member, is_new = OrganisationMember.objects.get_or_create(organisation=organisation, person=person, defaults={"since": now})
        if is_new:
            _audit("organisation.welcomed", organisation, by=by, now=now, person=str(person.id))
    return member


def _ensure_may_configure(by: Person | None) -> None:
    if not policy.may_configure(by):
        raise Forbidden


def _save(organisation: Organisation, *, only: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            organisation.save(update_fields=only)
    except IntegrityError:
        raise Invalid(problems={"name": ["Another one has this name already."]}) from None


def _audit(action: str, organisation: Organisation, *, by: Person | None, now: datetime, **detail: object) -> None:
    subject = f"organisation:{organisation.id}"
    audit.write(action=action, by=by.id if by else None, subject=subject, detail=dict(detail), now=now)
