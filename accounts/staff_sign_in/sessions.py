"""A second factor is asked of sessions, not of accounts: what was open before it existed is closed."""

from typing import Any

from allauth.mfa.signals import authenticator_added
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import Person


@receiver(authenticator_added)
def end_sessions_without_it(sender: object, request: HttpRequest, user: Person, **_: Any) -> None:
    """Sign out every other session of this person: whoever holds one knew a password and nothing more."""
    for session in Session.objects.exclude(session_key=request.session.session_key):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
