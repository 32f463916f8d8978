"""A refusal becomes an answer: code, message, status, and the headers that go with it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions

from core.api import exception_handler
from core.errors import Forbidden, Invalid, NotFound, TooManyAttempts, TryAgain, Unauthenticated


def answer(problem: Exception) -> tuple[int, dict[str, Any]]:
    response = exception_handler(problem, {})
    assert response is not None
    return response.status_code, dict(response.data)


class TestExceptionHandler:
    @pytest.mark.parametrize(
        ("problem", "status", "code"),
        [
            (NotFound(), 404, "not_found"),
            (Forbidden(), 403, "forbidden"),
            (Unauthenticated(), 401, "unauthenticated"),
            (TooManyAttempts(retry_after=9), 429, "too_many_attempts"),
            (TryAgain(retry_after=2), 503, "try_again"),
            (exceptions.ParseError(), 400, "malformed"),
            (exceptions.NotAuthenticated(), 401, "unauthenticated"),
            (exceptions.AuthenticationFailed(), 401, "unauthenticated"),
            (exceptions.PermissionDenied(), 403, "forbidden"),
            (PermissionDenied(), 403, "forbidden"),
            (exceptions.NotFound(), 404, "not_found"),
            (Http404(), 404, "not_found"),
            (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
            (exceptions.NotAcceptable(), 406, "not_acceptable"),
            (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
            (exceptions.Throttled(wait=7), 429, "too_many_attempts"),
            (OperationalError("no database"), 503, "try_again"),
            (InterfaceError("closed"), 503, "try_again"),
        ],
        ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
    )
    def test_gives_each_problem_its_status_and_code(self, problem: Exception, status: int, code: str) -> None:
        found, body = answer(problem)

        assert (found, body["code"]) == (status, code)
        assert body["message"].endswith(".")

    def test_says_what_is_wrong_with_which_field(self) -> None:
        assert answer(exceptions.ValidationError({"label": ["Too long."]}))[1]["problems"] == {"label": ["Too long."]}
        assert answer(Invalid(problems={"label": ["Too long."]}))[1]["problems"] == {"label": ["Too long."]}

    def test_tells_when_to_come_back_in_body_and_header(self) -> None:
        response = exception_handler(TryAgain(retry_after=2), {})

        assert response is not None
        assert (response.data["retry_after"], response.headers["Retry-After"]) == (2, "2")

    def test_tells_how_to_sign_in(self) -> None:
        response = exception_handler(Unauthenticated(), {})

        assert response is not None
        assert response.headers["WWW-Authenticate"] == "Bearer"

    def test_lets_nobody_keep_a_refusal(self) -> None:
        response = exception_handler(NotFound(), {})

        assert response is not None
        assert response.headers["Cache-Control"] == "no-store"

    def test_leaves_what_nobody_thought_of_to_be_reported(self) -> None:
        assert exception_handler(ZeroDivisionError(), {}) is None

    def test_says_nothing_of_the_database(self) -> None:
        assert "secret" not in str(answer(OperationalError("secret host 10.0.0.1")))
