"""One of the two places where a refusal becomes an answer; the other is `chat.codec`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core import errors

_BY_DRF_CLASS: dict[type[Exception], tuple[int, str, str]] = {
    exceptions.ParseError: (400, "malformed", "The body is not valid JSON."),
    exceptions.NotAuthenticated: (401, "unauthenticated", errors.Unauthenticated.sentence),
    exceptions.AuthenticationFailed: (401, "unauthenticated", errors.Unauthenticated.sentence),
    exceptions.PermissionDenied: (403, "forbidden", errors.Forbidden.sentence),
    PermissionDenied: (403, "forbidden", errors.Forbidden.sentence),
    exceptions.NotFound: (404, "not_found", errors.NotFound.sentence),
    Http404: (404, "not_found", errors.NotFound.sentence),
    exceptions.MethodNotAllowed: (405, "method_not_allowed", "This address does not take that method."),
    exceptions.NotAcceptable: (406, "not_acceptable", "This address answers in JSON."),
    exceptions.UnsupportedMediaType: (415, "unsupported_media_type", "Send application/json."),
}


def exception_handler(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every anticipated problem with `{"code", "message", …}`; the rest is reported and becomes a 500."""
    response = _respond(problem)
    if response is not None:
        set_rollback()
    return response


def _respond(problem: Exception) -> Response | None:
    if isinstance(problem, errors.DomainError):
        return _answer(problem.status, problem.as_dict())
    if isinstance(problem, exceptions.ValidationError):
        return _answer(400, {**errors.Invalid().as_dict(), "problems": problem.detail})
    if isinstance(problem, exceptions.Throttled):
        return _answer(429, errors.TooManyAttempts(retry_after=int(getattr(problem, "wait", None) or 1)).as_dict())
    if isinstance(problem, (DatabaseError, InterfaceError)):
        return _answer(503, errors.TryAgain(retry_after=2).as_dict())
    for kind, (status, code, sentence) in _BY_DRF_CLASS.items():
        if isinstance(problem, kind):
            return _answer(status, {"code": code, "message": sentence})
    return None


def _answer(status: int, body: dict[str, Any]) -> Response:
    headers = {"Cache-Control": "no-store"}
    if "retry_after" in body:
        headers["Retry-After"] = str(body["retry_after"])
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body, status=status, headers=headers)
