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

from accounts.models import Person


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
    """Send strangers to sign in, and staff to what is still missing: a password of their own, then a second factor."""
    if may_enter(request):
        return HttpResponseRedirect(_wanted(request))
    if not request.user.is_authenticated:
        return redirect_to_login(_wanted(request), reverse("account_login"))
    if not is_present_staff(request.user):
        raise PermissionDenied
    if _must_choose_a_password(request.user):
        return HttpResponseRedirect(reverse("account_change_password"))
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


def show_where_passwords_change(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """One page for that: the one that writes the audit log."""
    return HttpResponseRedirect(reverse("account_change_password"))


def is_present_staff(user: object) -> bool:
    return isinstance(user, Person) and user.is_staff and user.may_use_the_service()


def _must_choose_a_password(user: object) -> bool:
    return isinstance(user, Person) and user.password_until is not None


def _wanted(request: HttpRequest) -> str:
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("admin:index")
