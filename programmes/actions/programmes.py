"""The programmes of an organisation, and the rules they set for their circles."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Person
from accounts.names import clean_name
from audit import actions as audit
from core.errors import Forbidden, Invalid
from programmes import policy
from programmes.models import LARGEST_CIRCLE, Organisation, Programme, WorkingModel

LONGEST_GRACE = 90


def add(
    *,
    organisation: Organisation,
    name: str,
    working_model: WorkingModel,
    by: Person | None,
    now: datetime,
    grace_days: int = 7,
    max_members: int = LARGEST_CIRCLE,
) -> Programme:
    """Add a programme. :raises Forbidden: :raises Invalid:"""
    _ensure_may_configure(by)
    _ensure_sound(grace_days, max_members)
    programme = Programme(
        organisation=organisation, name=clean_name(name), working_model=working_model, grace_days=grace_days, max_members=max_members
    )
    with transaction.atomic():
        _save(programme)
        _audit("programme.added", programme, by=by, now=now, organisation=str(organisation.id))
    return programme


def change(
    *,
    programme: Programme,
    name: str,
    working_model: WorkingModel,
    grace_days: int,
    max_members: int,
    by: Person | None,
    now: datetime,
) -> Programme:
    """Change a programme; circles that are fuller than a new limit stay as they are.

    :raises Forbidden: :raises Invalid:
    """
    _ensure_may_configure(by)
    _ensure_sound(grace_days, max_members)
    wanted = {"name": clean_name(name), "working_model": working_model, "grace_days": grace_days, "max_members": max_members}
    with transaction.atomic():
        programme = Programme.objects.select_for_update(no_key=True).get(id=programme.id)
        changed = sorted(field for field, value in wanted.items() if getattr(programme, field) != value)
        for field in changed:
            setattr(programme, field, wanted[field])
        if changed:
            _save(programme, only=changed)
            _audit("programme.changed", programme, by=by, now=now, fields=changed)
    return programme


def _ensure_may_configure(by: Person | None) -> None:
    if not policy.may_configure(by):
        raise Forbidden


def _ensure_sound(grace_days: int, max_members: int) -> None:
    problems: dict[str, list[str]] = {}
    if not 0 <= grace_days <= LONGEST_GRACE:
        problems["grace_days"] = [f"Give between 0 and {LONGEST_GRACE} days."]
    if not 2 <= max_members <= LARGEST_CIRCLE:
        problems["max_members"] = [f"A circle has between 2 and {LARGEST_CIRCLE} members."]
    if problems:
        raise Invalid(problems=problems)


def _save(programme: Programme, *, only: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            programme.save(update_fields=only)
    except IntegrityError:
        raise Invalid(problems={"name": ["Another one has this name already."]}) from None


def _audit(action: str, programme: Programme, *, by: Person | None, now: datetime, **detail: object) -> None:
    subject = f"programme:{programme.id}"
    audit.write(action=action, by=by.id if by else None, subject=subject, detail=dict(detail), now=now)
