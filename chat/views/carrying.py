"""From a request to a command and from a reply to a response; the frames are those of the socket."""

from collections.abc import Collection
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from chat.actions.entries import append_drafts
from chat.actions.marks import Progress, raise_marks
from chat.drafts import Draft, Refused, Sent, Waiting
from chat.engine import running_engine
from chat.schemas import schema_of
from core import clock
from core.errors import Invalid

T = TypeVar("T")

_WIRE = ("type", "reply_to")


def command_of(request: Request, kind: type[T], **said_by_address: Any) -> T:
    """Read the body as a command; the address says the rest.

    :raises Invalid: with the first thing that is wrong.
    """
    data = request.data
    if not isinstance(data, dict):
        raise Invalid(problems={"body": ["Send a JSON object."]})
    tag = kind.__struct_config__.tag  # type: ignore[attr-defined]  # every command is a struct
    whole = {**data, **said_by_address, **({"type": tag, "ref": 0} if tag else {})}
    try:
        return msgspec.convert(whole, kind)
    except msgspec.ValidationError as problem:
        raise Invalid(problems={"body": [str(problem)[:200]]}) from None


def response_of(reply: Any, *, status: int = 200) -> Response:
    data = msgspec.to_builtins(reply)
    return Response({key: value for key, value in data.items() if key not in _WIRE}, status=status)


def takes(frame: Any, *, without: Collection[str] = ()) -> dict[str, Any]:
    """The request body of an operation, for the OpenAPI document."""
    return {"application/json": schema_of(frame, without={*_WIRE, "ref", "conversation", *without})}


def gives(frame: Any, description: str) -> OpenApiResponse:
    return OpenApiResponse(schema_of(frame, without=_WIRE), description)


def send(draft: Draft) -> Sent | Waiting:
    """Append a draft through the lane of this process, or directly where none runs.

    :raises DomainError: its refusal.
    """
    engine = running_engine()
    outcome = engine.wait_for_draft(draft) if engine else append_drafts(drafts=[draft], now=clock.now())[0]
    if isinstance(outcome, Refused):
        raise outcome.problem
    return outcome


def mark(progress: Progress) -> None:
    """:raises DomainError: its refusal."""
    engine = running_engine()
    outcome = engine.wait_for_mark(progress) if engine else raise_marks(steps=[progress])[0]
    if outcome.problem is not None:
        raise outcome.problem


def person_id_of(request: Request) -> UUID:
    return cast(Person, request.user).id
