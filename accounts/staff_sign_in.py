"""Staff sign in with a password and a second factor; nobody signs themselves up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.addresses import client_address
from accounts.models import Person


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Let present staff in with their password, and nobody else."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Person, **context: Any) -> HttpResponse | None:
        if not is_present_staff(user):
            refusal: HttpResponse = self.respond_user_inactive(request, user)
            return refusal
        answer: HttpResponse | None = super().pre_login(request, user, **context)
        return answer

    def get_client_ip(self, request: HttpRequest) -> str:
        """Counts failed passwords on the same address as we count invite codes."""
        return client_address(
            remote=request.META.get("REMOTE_ADDR") or "",
            forwarded=request.META.get("HTTP_X_FORWARDED_FOR", ""),
            trusted_proxies=settings.MAATJE_TRUSTED_PROXIES,
        )


def guard(site: AdminSite) -> None:
    """Open a back office only to staff who signed in with a second factor (with DEBUG, a password will do)."""
    site.has_permission = may_enter  # type: ignore[method-assign]  # the site is made by django.contrib.admin
    site.login = show_the_way_in  # type: ignore[method-assign]


def may_enter(request: HttpRequest) -> bool:
    user = request.user
    return is_present_staff(user) and (settings.DEBUG or is_mfa_enabled(user))


def show_the_way_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Send strangers to sign in, and staff without a second factor to set one up."""
    if may_enter(request):
        return HttpResponseRedirect(_wanted(request))
    if not request.user.is_authenticated:
        return redirect_to_login(_wanted(request), reverse("account_login"))
    if not is_present_staff(request.user):
        raise PermissionDenied
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


def is_present_staff(user: object) -> bool:
    return isinstance(user, Person) and user.is_staff and user.may_use_the_service()


def _wanted(request: HttpRequest) -> str:
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("admin:index")
