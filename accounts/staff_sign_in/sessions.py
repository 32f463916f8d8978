"""The sessions of staff: where somebody is signed in, and when that ends.

A second factor is asked of sessions, not of accounts: what was open before it existed is closed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.signals import authenticator_added
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import Person
from audit import actions as audit
from core import clock

_SIGNED_IN, _WITH = "maatje_signed_in_at", "maatje_signed_in_with"
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


@dataclass(frozen=True, slots=True)
class Seat:
    """One browser in which somebody is signed in. Kept in the session itself, so it goes with it; no address, no version."""

    at: datetime | None
    browser: str
    is_this_one: bool


@receiver(user_logged_in)
def note_where(sender: object, request: HttpRequest, user: object, **_: Any) -> None:
    """Remember when, and in which browser, for the person's own list."""
    if isinstance(user, Person):
        request.session[_SIGNED_IN] = clock.now().isoformat()
        request.session[_WITH] = _named(request.headers.get("User-Agent", ""))


def sessions_of(person: Person, *, own: str | None, now: datetime) -> list[Seat]:
    """The latest first."""
    found = [(session.session_key == own, session.get_decoded()) for session in _open_sessions(person, now=now)]
    seats = [Seat(_instant(data.get(_SIGNED_IN)), str(data.get(_WITH, "")), is_own) for is_own, data in found]
    return sorted(seats, key=lambda seat: (seat.is_this_one, seat.at is not None, seat.at), reverse=True)


def end_others(*, person: Person, kept: str | None, by: Person, now: datetime) -> int:
    """Sign somebody out in every other browser; how many that were."""
    with transaction.atomic():
        others = [session for session in _open_sessions(person, now=now) if session.session_key != kept]
        for session in others:
            session.delete()
        if others:
            audit.write(action="person.sessions_ended", by=by.id, subject=f"person:{person.id}", detail={"sessions": len(others)}, now=now)
    return len(others)


@receiver(authenticator_added)
def end_sessions_without_it(sender: object, request: HttpRequest, user: Person, **_: Any) -> None:
    """Sign out every other session of this person: whoever holds one knew a password and nothing more."""
    for session in _open_sessions(user, now=clock.now()):
        if session.session_key != request.session.session_key:
            session.delete()


def _open_sessions(person: Person, *, now: datetime) -> Iterator[Session]:
    """A session says whose it is only inside; the staff of an organisation are few."""
    for session in Session.objects.filter(expire_date__gt=now):
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            yield session


def _named(agent: str) -> str:
    """The browser and the system in two words."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "een browser")
    system = next((name for mark, name in _SYSTEMS if re.search(mark, agent)), "")
    return f"{browser} op {system}" if system else browser


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
