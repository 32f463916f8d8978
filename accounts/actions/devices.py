"""Recognise devices by their token, and sign them out."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import policy
from accounts.actions.access import lock_person, withdraw
from accounts.errors import Suspended
from accounts.facts import SignedOutByStaff, SignedOutEverywhere
from accounts.models import Device, Person
from accounts.models.devices import SEEN_AT_MOST_EVERY
from audit import actions as audit
from core import facts
from core.errors import NotFound

_TOKEN = re.compile(r"mtj_[0-9a-f]{64}")


def authenticate(token: str, *, even_suspended: bool = False, now: datetime) -> Device | None:
    """The device that holds this token, with its person; none when it is unknown or expired, or the person is gone.

    One query by primary key; once a day it also writes that the device was seen.

    :raises Suspended: the token is good, its person may not use the service now, and this is not open to them either.
    """
    if not _TOKEN.fullmatch(token):
        return None
    device = Device.objects.holding(token, now=now)
    if device is None:
        return None
    if device.person.suspended_at is not None and not even_suspended:
        raise Suspended
    if device.last_seen_at <= now - SEEN_AT_MOST_EVERY:  # asked here, so that a mere look takes no lock for writing
        Device.objects.saw(device, now=now)
    return device


def revoke(*, device: Device, by: Person | None, now: datetime) -> None:
    """Sign one device out; its token is worthless from the commit on. Signing it out again changes nothing.

    :raises NotFound: also when it is somebody else's.
    """
    with transaction.atomic():
        person = _lock_owner(device.person, by=by)
        gone = list(Device.objects.filter(id=device.id, user=person))
        _sign_out(person, gone, by=by, now=now, action="device.revoked")


def revoke_all(*, person: Person, by: Person | None, now: datetime) -> int:
    """Sign every device of a person out, and say how many there were. :raises NotFound:"""
    with transaction.atomic():
        person = _lock_owner(person, by=by)
        gone = list(Device.objects.filter(user=person))
        _sign_out(person, gone, by=by, now=now, action="device.all_revoked")
        facts.record(SignedOutEverywhere(person.id, by.id if by else None))
    return len(gone)


def _lock_owner(person: Person, *, by: Person | None) -> Person:
    if not policy.may_sign_out(by, person):
        raise NotFound
    return lock_person(person)


def _sign_out(person: Person, gone: Sequence[Device], *, by: Person | None, now: datetime, action: str) -> None:
    if not gone:
        return
    Device.objects.filter(digest__in=[device.digest for device in gone]).delete()
    if by is not None and by != person:
        facts.record(SignedOutByStaff(person.id, by.id))
    withdraw(person)
    audit.write(
        action=action,
        by=by.id if by else None,
        subject=f"person:{person.id}",
        detail={"devices": [str(device.id) for device in gone]},
        now=now,
    )
