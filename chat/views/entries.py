"""Entries: pages of the log, sending, editing, taking back."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.openapi import answers
from accounts.views.private import PrivateView
from chat import frames, reading
from chat.drafts import Draft, Sent
from chat.views.carrying import command_of, gives, person_id_of, response_of, send, takes
from core.errors import Invalid

_NUMBERS = [
    OpenApiParameter("before", int, description="Only entries before this seq."),
    OpenApiParameter("after", int, description="Only entries after this seq."),
    OpenApiParameter("limit", int, description="1 to 50; 20 when it is not said."),
]
_SENT = gives(frames.Sent, "It is in the log; every retry of the draft gets this same answer.")
_WAITS = gives(frames.Waiting, "It waits for a moderator; every retry gets this same answer, or 201 once it went through.")
_WRITING_ERRORS = [400, 401, 403, 404, 409, 410, 415]


class EntryList(PrivateView):
    @answers({200: gives(frames.Page, "A page, in rising seq.")}, errors=[400, 401, 404], parameters=_NUMBERS)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """A page of the log: the newest entries, those before a seq, or those after one."""
        before, after = _number(request, "before", least=1), _number(request, "after", least=0)
        limit = _number(request, "limit", least=1, most=frames.PAGE_LIMIT) or 20
        entries, more = reading.history(person_id_of(request), conversation_id, before=before, after=after, limit=limit)
        return response_of(frames.Page(0, conversation_id, entries, more))

    @answers({201: _SENT, 202: _WAITS}, errors=_WRITING_ERRORS, request=takes(frames.Send))
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Send a message."""
        command = command_of(request, frames.Send, conversation=str(conversation_id))
        draft = Draft(person_id_of(request), conversation_id, command.draft_id, "message", command.body, media=command.media)
        return _sent(draft)


class EditView(PrivateView):
    @answers({201: _SENT, 202: _WAITS}, errors=_WRITING_ERRORS, request=takes(frames.Edit, without=["target"]))
    def post(self, request: Request, conversation_id: UUID, seq: int) -> Response:
        """Replace the body of an own message, within 15 minutes."""
        command = command_of(request, frames.Edit, conversation=str(conversation_id), target=seq)
        return _sent(Draft(person_id_of(request), conversation_id, command.draft_id, "edit", command.body, command.target))


class RetractView(PrivateView):
    @answers({201: _SENT}, errors=_WRITING_ERRORS, request=takes(frames.Retract, without=["target"]))
    def post(self, request: Request, conversation_id: UUID, seq: int) -> Response:
        """Take back an own message."""
        command = command_of(request, frames.Retract, conversation=str(conversation_id), target=seq)
        return _sent(Draft(person_id_of(request), conversation_id, command.draft_id, "retract", None, command.target))


def _sent(draft: Draft) -> Response:
    outcome = send(draft)
    return response_of(outcome.reply(0), status=201 if isinstance(outcome, Sent) else 202)


def _number(request: Request, name: str, *, least: int, most: int = 2**53 - 1) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and least <= int(text) <= most):
        raise Invalid(problems={name: [f"Give a whole number from {least} to {most}."]})
    return int(text)
