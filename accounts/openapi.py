"""What every operation can answer, said once, for the OpenAPI document."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers

from accounts.authentication import COOKIE

F = TypeVar("F", bound=Callable[..., Any])

_MEANINGS = {
    400: "The body is not what this operation takes.",
    401: "The device is not signed in, or not any more.",
    403: "Refused to this person, or to this page.",
    404: "There is nothing here, or nothing of yours.",
    406: "This address answers in JSON.",
    409: "It cannot be done as things stand; `code` says why.",
    410: "It was here once, and has been erased.",
    413: "The body is too big.",
    415: "Send application/json.",
    429: "Too many requests or attempts; wait `retry_after` seconds.",
    503: "The server is busy; try again after `retry_after` seconds.",
}
_ALWAYS = (403, 406, 429, 503)
_ALWAYS_WITH_A_BODY = (413,)


class Problem(serializers.Serializer[Any]):
    """Every refusal has this shape; some codes carry more fields."""

    code = serializers.CharField(help_text="Stable; clients decide by it.")
    message = serializers.CharField(help_text="For a person, in English.")
    retry_after = serializers.IntegerField(required=False, help_text="Whole seconds.")
    problems = serializers.JSONField(required=False, help_text="By field, with code `invalid`.")


def answers(good: Mapping[int, Any], *, errors: Iterable[int], **schema: Any) -> Callable[[F], F]:
    """Document an operation: its good answers, and each status with which it can refuse.

    403 (who is suspended), 406, 429 and 503 are added, because every operation can meet them, and 413 where there is a body to read.
    The rest of `schema` goes to `extend_schema`.
    """
    always = _ALWAYS + (_ALWAYS_WITH_A_BODY if schema.get("request") is not None else ())
    refusals = {status: OpenApiResponse(Problem, _MEANINGS[status]) for status in sorted({*errors, *always})}
    return extend_schema(responses={**good, **refusals}, **schema)


class DeviceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular registers subclasses so
    """A Bearer token, or the cookie of a browser."""

    target_class = "accounts.authentication.DeviceAuthentication"
    match_subclasses = True
    name = ["bearer", "cookie"]  # the extension's own shape

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
        """One of the two; names in one object would mean both (OpenAPI 3.0 §4.8.30)."""
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:
        return [
            {"type": "http", "scheme": "bearer", "description": "The token that enrolment gave."},
            {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Changes need an Origin header of our own page."},
        ]
