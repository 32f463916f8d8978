"""Make the secret address of somebody's calendar, find what it opens, and make it worthless."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.actions.access import lock_person
from accounts.models import Person
from audit import actions as audit
from meetings.models import CalendarFeed

TOKEN_BYTES = 32
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
USED_AT_MOST_EVERY = timedelta(hours=1)


def make(*, person: Person, details: bool, now: datetime) -> str:
    """Make the address of a person's calendar and give its token, which is told this once; the one before is worthless from here on."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = {"digest": digest_of(token), "details": details, "made_at": now, "used_at": None}
    with transaction.atomic():
        lock_person(person)
        CalendarFeed.objects.update_or_create(person=person, defaults=made)
        _audit("calendar.made", person, by=person, now=now, details=details)
    return token


def revoke(*, person: Person, by: Person | None, now: datetime) -> None:
    """Make the address of a person's calendar worthless; where there is none, nothing changes."""
    with transaction.atomic():
        lock_person(person)
        gone, _ = CalendarFeed.objects.filter(person=person).delete()
        if gone:
            _audit("calendar.revoked", person, by=by, now=now)


def opened_by(token: str, *, now: datetime) -> CalendarFeed | None:
    """The calendar that a token opens, with its person; none when it is unknown, or its person may not use the service now.

    Once an hour it also writes that somebody was here.
    """
    if not TOKEN.fullmatch(token):
        return None
    present = {"person__is_active": True, "person__suspended_at": None, "person__erased_at": None}
    feed = CalendarFeed.objects.select_related("person").filter(digest=digest_of(token), **present).first()
    if feed is not None and (feed.used_at is None or feed.used_at <= now - USED_AT_MOST_EVERY):
        due = Q(used_at=None) | Q(used_at__lte=now - USED_AT_MOST_EVERY)
        CalendarFeed.objects.filter(due, digest=feed.digest).update(used_at=now)
    return feed


def digest_of(token: str) -> bytes:
    """What is kept of a token. It is 256 bits of chance: there is nothing to guess, so it needs no salt."""
    return hashlib.sha256(token.encode()).digest()


def _audit(action: str, person: Person, *, by: Person | None, now: datetime, **detail: bool) -> None:
    audit.write(action=action, by=by.id if by else None, subject=f"person:{person.id}", detail=dict(detail), now=now)
