"""Staff sign in with a password and a second factor; nobody signs themselves up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Close self-signup."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
