"""The door of the back office: a password of one's own and a second factor."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Person, Role


def guard(site: AdminSite) -> None:
    """Open a back office only to staff who signed in with a second factor (with DEBUG, a password will do)."""
    site.has_permission = may_enter  # type: ignore[method-assign]  # the site is made by django.contrib.admin
    site.login = show_the_way_in  # type: ignore[method-assign]  # as above
    site.logout = LogoutView.as_view(next_page="account_login")  # type: ignore[method-assign, assignment]  # as above; a view for a method
    site.password_change = show_where_passwords_change  # type: ignore[method-assign, assignment]  # as above


def may_enter(request: HttpRequest) -> bool:
    user = request.user
    return is_present_staff(user) and not _must_choose_a_password(user) and (settings.DEBUG or is_mfa_enabled(user))


def show_the_way_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """What the back office answers where it asks for a password."""
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    return HttpResponseRedirect(_ours(request, wanted)) if may_enter(request) else way_in(request, wanted)


def way_in(request: HttpRequest, wanted: str) -> HttpResponse:
    """Send strangers to sign in, and on to `wanted` after it; and staff to what is still missing: a password of their own, then a second factor.

    :raises PermissionDenied: to who is not of the staff, or not any more
    """
    if not request.user.is_authenticated:
        return redirect_to_login(_ours(request, wanted), reverse("account_login"))
    if not is_present_staff(request.user):
        raise PermissionDenied
    if _must_choose_a_password(request.user):
        return HttpResponseRedirect(reverse("account_change_password"))
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


def start_of(user: object) -> str:
    """Where somebody of the staff begins: who looks after people and circles in the back office, the others in the console."""
    has_an_office = isinstance(user, Person) and user.role in {Role.ADMINISTRATOR, Role.COORDINATOR}
    return reverse("admin:index" if has_an_office else "console:home")


def show_where_passwords_change(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """One page for that: the one that writes the audit log."""
    return HttpResponseRedirect(reverse("account_change_password"))


def is_present_staff(user: object) -> bool:
    return isinstance(user, Person) and user.is_staff and user.may_use_the_service()


def _must_choose_a_password(user: object) -> bool:
    return isinstance(user, Person) and user.password_until is not None


def _ours(request: HttpRequest, wanted: str) -> str:
    """What somebody wanted to see, if it is of this server; otherwise where they begin."""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    if is_ours:
        return wanted
    return start_of(request.user) if request.user.is_authenticated else reverse("account_start")
