"""Pages of allauth that need a word of ours first."""

from allauth.account import views
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from accounts.models import Person


@login_required
def password_change(request: HttpRequest) -> HttpResponseBase:
    """For who has a password. allauth would send others to a page that sets one without asking for anything."""
    if not isinstance(request.user, Person) or not request.user.has_usable_password():
        raise PermissionDenied
    changed: HttpResponseBase = views.password_change(request)
    return changed
