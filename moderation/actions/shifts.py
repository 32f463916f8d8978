"""The roster: shifts and absences of the staff."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import Person, Role
from audit import actions as audit
from core.errors import NotFound
from moderation import policy
from moderation.errors import AbsenceUnfit, ShiftUnfit
from moderation.models import Absence, Shift
from moderation.permissions import Permission
from programmes.models import Organisation, OrganisationMember

ON_ROSTER = (Role.MODERATOR, Role.LEAD, Role.COORDINATOR)  # who answers somebody; reviewers and auditors are called by nobody in danger
LONGEST_ABSENCE = timedelta(days=366)


def add(
    *, organisation: Organisation, person: Person, weekday: int, begins: time, ends: time, on_call: bool, by: Person, now: datetime
) -> Shift:
    """Let somebody be there every week. :raises Forbidden: :raises NotFound: :raises ShiftUnfit:"""
    policy.ensure_may_in(by, Permission.CHANGE_ROSTER, organisation.id)
    if not 0 <= weekday <= 6 or person.role not in ON_ROSTER or not _is_staff_of(person, organisation.id):
        raise ShiftUnfit
    shift = Shift(organisation=organisation, person=person, weekday=weekday, begins=begins, ends=ends, on_call=on_call)
    try:
        with transaction.atomic():
            shift.save(force_insert=True)
            _audit("shift_added", person.id, by=by, now=now, weekday=weekday, on_call=on_call)
    except IntegrityError:
        raise ShiftUnfit from None
    return shift


def remove(shift_id: UUID, *, by: Person, now: datetime) -> None:
    """Take a shift off the roster. :raises NotFound: :raises Forbidden:"""
    with transaction.atomic():
        shift = Shift.objects.filter(id=shift_id).first()
        if shift is None or not policy.belongs_to(by, shift.organisation_id):
            raise NotFound
        policy.ensure_may(by, Permission.CHANGE_ROSTER)
        shift.delete()
        _audit("shift_removed", shift.person_id, by=by, now=now, weekday=shift.weekday, on_call=shift.on_call)


def be_away(*, person: Person, stand_in: Person | None, first: date, last: date, by: Person, now: datetime) -> Absence:
    """Say that somebody is not there; their own, or by who keeps the roster. :raises Forbidden: :raises NotFound: :raises AbsenceUnfit:"""
    organisation_id = _shared_organisation(by, person)
    if by.id != person.id:
        policy.ensure_may_in(by, Permission.CHANGE_ROSTER, organisation_id)
    ends_well = first <= last < first + LONGEST_ABSENCE
    if not ends_well or stand_in == person or (stand_in is not None and not _is_staff_of(stand_in, organisation_id)):
        raise AbsenceUnfit
    with transaction.atomic():
        absence = Absence.objects.create(person=person, stand_in=stand_in, first_date=first, last_date=last)
        _audit("absence_added", person.id, by=by, now=now, days=(last - first).days + 1, has_stand_in=stand_in is not None)
    return absence


def come_back(absence_id: UUID, *, by: Person, now: datetime) -> None:
    """Take an absence back. :raises NotFound: :raises Forbidden:"""
    with transaction.atomic():
        absence = Absence.objects.select_related("person").filter(id=absence_id).first()
        if absence is None or not OrganisationMember.objects.share_one(by.id, absence.person_id):
            raise NotFound
        if by.id != absence.person_id:
            policy.ensure_may_in(by, Permission.CHANGE_ROSTER, _shared_organisation(by, absence.person))
        absence.delete()
        _audit("absence_removed", absence.person_id, by=by, now=now)


def _is_staff_of(person: Person, organisation_id: UUID) -> bool:
    return Role(person.role).is_for_staff and person.may_use_the_service() and policy.belongs_to(person, organisation_id)


def _shared_organisation(by: Person, person: Person) -> UUID:
    """The one that both belong to. :raises NotFound:"""
    theirs = OrganisationMember.objects.of(person.id).values("organisation_id")
    shared = OrganisationMember.objects.of(by.id).filter(organisation_id__in=theirs).values_list("organisation_id", flat=True).first()
    if shared is None:
        raise NotFound
    return shared


def _audit(action: str, person_id: UUID, *, by: Person, now: datetime, **detail: Any) -> None:
    audit.write(action=f"roster.{action}", by=by.id, subject=f"person:{person_id}", detail=detail, now=now)
