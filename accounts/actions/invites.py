"""Let people in: a code made by whoever answers for them, redeemed once by one device."""

from datetime import datetime

from django.db import transaction

from accounts import attempts, codes, policy
from accounts.actions.access import lock_person
from accounts.errors import InviteInvalid, PersonAbsent
from accounts.facts import InviteMade, InviteRevoked
from accounts.models import Device, Invite, Person
from accounts.models.invites import INVITE_LASTS
from accounts.names import clean_label
from audit import actions as audit
from core import facts
from core.errors import Forbidden
from privacy.blind_index import blind_index


def make(*, person: Person, by: Person | None, now: datetime) -> tuple[Invite, str]:
    """Make an invite for a person, and its code, which is told this once.

    :raises Forbidden: :raises PersonAbsent:
    """
    with transaction.atomic():
        person = lock_person(person)
        if not policy.may_invite(by, person):
            raise Forbidden
        if not person.may_use_the_service():
            raise PersonAbsent
        code = codes.make_code()
        invite = Invite.objects.create(person=person, code_digest=_digest(code), made_by=by, made_at=now, expires_at=now + INVITE_LASTS)
        facts.record(InviteMade(person.id, by.id if by else None))
        _audit("invite.made", invite, by=by, now=now)
    return invite, code


def revoke(*, invite: Invite, by: Person | None, now: datetime) -> None:
    """Make an unused invite worthless; one that was used or revoked stays as it is. :raises Forbidden:"""
    with transaction.atomic():
        person = lock_person(invite.person)
        if not policy.may_invite(by, person):
            raise Forbidden
        if Invite.objects.filter(id=invite.id, used_at=None, revoked_at=None).update(revoked_at=now):
            facts.record(InviteRevoked(person.id, by.id if by else None))
            _audit("invite.revoked", invite, by=by, now=now)


def redeem(*, code: str, address: str, label: str, in_browser: bool, now: datetime) -> tuple[Device, str]:
    """Turn a code into a device of its person, and the device's token, which is told this once.

    The person's other devices stay. Of many who redeem one code at once, one gets a device.

    :raises InviteInvalid: alike for a code that is unknown, used, expired or revoked.
    :raises TooManyAttempts: with `retry_after`.
    """
    label = clean_label(label)
    digest = _digest(codes.in_one_spelling(code))
    attempts.ensure_may_try(code_digest=digest, address=address, now=now)
    with transaction.atomic():
        invite = Invite.objects.usable(now=now).filter(code_digest=digest).first()
        if invite is None:
            raise InviteInvalid
        person = lock_person(invite.person)
        if not person.may_use_the_service() or not _take(invite, now=now):
            raise InviteInvalid
        device, token = Device.objects.enrol(person=person, label=label, in_browser=in_browser, now=now)
        _audit("invite.redeemed", invite, by=person, now=now, device=str(device.id))
    return device, token


def _take(invite: Invite, *, now: datetime) -> bool:
    """Use the invite up; false when somebody else was faster."""
    return bool(Invite.objects.usable(now=now).filter(id=invite.id).update(used_at=now))


def _digest(code: str) -> bytes:
    return blind_index("invite", code)


def _audit(action: str, invite: Invite, *, by: Person | None, now: datetime, **detail: str) -> None:
    audit.write(
        action=action,
        by=by.id if by else None,
        subject=f"person:{invite.person_id}",
        detail={"invite": str(invite.id), **detail},
        now=now,
    )
