"""Organisations, the people that belong to them, and their programmes."""

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from accounts.names import clean_name
from audit import actions as audit
from core.errors import Forbidden
from programmes import policy
from programmes.models import Organisation, OrganisationMember


def add(*, name: str, by: Person | None, now: datetime) -> Organisation:
    """Add an organisation; the operator and administrators do this. :raises Forbidden: :raises Invalid:"""
    if not policy.may_add_organisation(by):
        raise Forbidden
    with transaction.atomic():
        organisation = Organisation.objects.create(name=clean_name(name))
        _audit("organisation.added", organisation, by=by, now=now)
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


def _audit(action: str, organisation: Organisation, *, by: Person | None, now: datetime, **detail: object) -> None:
    subject = f"organisation:{organisation.id}"
    audit.write(action=action, by=by.id if by else None, subject=subject, detail=dict(detail), now=now)
