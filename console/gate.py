"""Who may enter: staff with a second factor whose role may do what the page is for."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Person
from accounts.staff_sign_in.door import may_enter, way_in
from accounts.staff_sign_in.referrer import says_where_from
from console.words import sentence_of
from core.errors import DomainError, Forbidden
from moderation.permissions import Permission, permissions_of

View = Callable[..., HttpResponseBase]


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Let in staff who may do one of these things; with none named, all staff. `view.needed` says which.

    What is shown behind it is never kept by a browser or a proxy, and tells the time where its reader is.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may_enter(request):
                return show_the_way(request)
            answer = _answer(view, request, permissions, *args, **kwargs)
            answer["Cache-Control"] = "no-store"
            return answer

        inner.needed = frozenset(permissions)  # type: ignore[attr-defined]  # for the contract that reads every view
        return says_where_from(inner)

    return guard


def _answer(view: View, request: HttpRequest, permissions: tuple[Permission, ...], *args: Any, **kwargs: Any) -> HttpResponseBase:
    person = colleague(request)
    with timezone.override(ZoneInfo(person.zone)):
        try:
            if permissions and not permissions_of(person) & frozenset(permissions):
                raise Forbidden
            return view(request, *args, **kwargs)
        except DomainError as problem:
            return refuse(request, problem)


def show_the_way(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in and back to this page; a fragment sends the whole page there, back to where its reader was."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(way_in(request, _page_of(request))["Location"])
    return way_in(request, request.get_full_path() if request.method == "GET" else "")


def refuse(request: HttpRequest, problem: DomainError) -> HttpResponse:
    """A page that says why not; to a fragment, the same sentence in its place."""
    template = "console/refused_part.html" if request.headers.get("HX-Request") else "console/refused.html"
    return render(request, template, {"sentence": sentence_of(problem), "code": problem.code}, status=problem.status)


def colleague(request: HttpRequest) -> Person:
    """The member of staff at the screen; nobody else came in."""
    return cast(Person, request.user)


def _page_of(request: HttpRequest) -> str:
    """The path of the page that a fragment was asked for; its reader's browser says it."""
    _, _, rest = request.headers.get("HX-Current-URL", "").partition("//")
    return "/" + rest.partition("/")[2] if rest else ""
