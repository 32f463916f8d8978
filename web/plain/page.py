"""What every page shares: who asks, in which language they read, and how a refusal is told."""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, InterfaceError
from django.http import Http404, QueryDict
from django.template.loader import render_to_string
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import FormParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.views.private import PrivateView
from chat.errors import TooFast
from core.errors import DomainError, Invalid, NotFound, TryAgain, Unauthenticated
from web.plain.authentication import CookieAuthentication
from web.plain.errors import Broken
from web.plain.safety import ensure_own_form, ensure_own_visit
from web.plain.sheets import AlwaysHtml, Html, sheet
from web.plain.styles import STYLES
from web.plain.words import RIGHT_TO_LEFT, language_of, words

log = logging.getLogger(__name__)

HOME = "/t"
AWAY = "maatje-away"  # somebody left by the quick exit; says nothing else, and only travels to these pages
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",  # without a referrer, browsers say `Origin: null` when a form is sent
}


class Left(Exception):  # nothing is wrong
    """Whoever is here comes by the way back, after a quick exit: who they are is not known until they press."""


class PlainView(PrivateView):
    """A page for a browser that runs no script. Its forms come from our own pages, and its answers are HTML."""

    schema = None  # not part of the API
    http_method_names = ["get", "head", "post"]
    authentication_classes: Sequence[type[BaseAuthentication]] = (CookieAuthentication,)
    permission_classes: Sequence[type[BasePermission]] = (IsAuthenticated,)
    renderer_classes = (Html,)
    parser_classes = (FormParser,)
    content_negotiation_class = AlwaysHtml

    back = HOME
    is_shown_after_exit = False
    person: Person | None = None
    is_own_form = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            ensure_own_form(request)
            self.is_own_form = True
        else:
            ensure_own_visit(request)
        super().initial(request, *args, **kwargs)
        if self.person and request.COOKIES.get(AWAY) and not self.is_own_form and not self.is_shown_after_exit:
            raise Left

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        self.person = request.user if isinstance(request.user, Person) else None

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        for name, value in HEADERS.items():
            final.headers.setdefault(name, value)  # bytes of a photo have a stricter one
        return final

    # Pages.

    @property
    def language(self) -> str:
        return self.person.language if self.person else language_of(self.request)

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """A page of ours; `w` in the template are its words."""
        language = self.language
        given = {
            "w": words(language),
            "language": language,
            "is_rtl": language in RIGHT_TO_LEFT,
            "styles": STYLES.name,
            "person": self.person,
        }
        html = render_to_string(f"plain/{template}.html", {**given, "back": self.back, **context})
        return sheet(html, accept=self.request.headers.get("Accept-Encoding", ""), status=status)

    @staticmethod
    def go(address: str) -> Response:
        """Somewhere else, by GET: a reload then repeats nothing (RFC 9110 §15.4.4)."""
        return Response(status=303, headers={"Location": address})

    # Refusals.

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Left):
            return self.page("away")
        problem = _problem_of(exc)
        if isinstance(problem, Unauthenticated) and not self.is_own_form:
            return self.go(HOME)
        response = self.refusal(problem)
        if "retry_after" in problem.facts:
            response["Retry-After"] = str(problem.facts["retry_after"])
        return response

    def refusal(self, problem: DomainError) -> Response:
        """The page that says why not; pages with something typed in them give that back."""
        return self.page("refusal", status=problem.status, **self.reason(problem), box=self.box(problem) if self.is_own_form else None)

    def reason(self, problem: DomainError) -> dict[str, Any]:
        refused = words(self.language)["refused"]
        wait = problem.facts.get("retry_after")
        return {"code": problem.code, "sentence": refused.get(problem.code, refused["other"]), "minutes": -(-wait // 60) if wait else None}

    def box(self, problem: DomainError) -> dict[str, Any] | None:
        """What was typed, for a form that sends it again; only ever asked of a form of our own."""
        return None


def field(request: Request, name: str) -> str:
    """What a form says under a name; nothing where it says nothing."""
    return str(request.data.get(name, "")) if isinstance(request.data, QueryDict) else ""


def is_looking_ahead(request: Request) -> bool:
    """Whether a browser fetches a page that nobody asked for yet."""
    return "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))


def _problem_of(exc: Exception) -> DomainError:
    match exc:
        case DomainError():
            return exc
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Unauthenticated()
        case exceptions.Throttled():
            return TooFast(retry_after=int(getattr(exc, "wait", None) or 1))
        case exceptions.NotFound() | exceptions.MethodNotAllowed() | Http404():
            return NotFound()
        case exceptions.APIException() | SuspiciousOperation():
            return Invalid()
        case DatabaseError() | InterfaceError():
            return TryAgain(retry_after=2)
        case _:
            log.error("plain_page_failed problem=%s", type(exc).__name__, exc_info=exc)
            return Broken()
