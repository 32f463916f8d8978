"""Pages of allauth that need a word of ours first, and two of our own."""

from zoneinfo import ZoneInfo

from allauth.account import views
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Person
from accounts.staff_sign_in.door import may_enter, start_of, way_in
from accounts.staff_sign_in.sessions import end_others, sessions_of
from core import clock


@login_required
def password_change(request: HttpRequest) -> HttpResponseBase:
    """For who has a password. allauth would send others to a page that sets one without asking for anything.

    A first password replaced counts as one given: what comes next, the second factor, does not ask for it once more.
    """
    if not isinstance(request.user, Person) or not request.user.has_usable_password():
        raise PermissionDenied
    had_a_first_one = request.user.password_until is not None
    changed: HttpResponseBase = views.password_change(request)
    if had_a_first_one and changed.status_code == 302:
        reauthenticate_by_password(request)
    return changed


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """To where this member of staff begins."""
    return HttpResponseRedirect(start_of(request.user))


@require_http_methods(["GET", "POST"])
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; the button ends it everywhere else."""
    if not may_enter(request) or not isinstance(request.user, Person):
        return way_in(request, request.path)
    if request.method == "POST":
        ended = end_others(person=request.user, kept=request.session.session_key, by=request.user, now=clock.now())
        messages.success(request, f"{ended} afgemeld." if ended else "Je was nergens anders aangemeld.")
        return redirect("account_sessions")
    seats = sessions_of(request.user, own=request.session.session_key, now=clock.now())
    with timezone.override(ZoneInfo(request.user.zone)):
        return render(request, "account/sessions.html", {"sessions": seats})
