"""Flags, and questions to a professional; the frames are those of the socket."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.openapi import answers
from accounts.views.private import PrivateView
from chat import frames
from chat.safety import safety
from chat.views.carrying import command_of, gives, person_id_of, response_of, takes
from core import clock

_ERRORS = [400, 401, 403, 404, 409, 415, 429]
_FLAGGED = gives(frames.Flagged, "It is kept; every try of the same flag gets this answer.")
_ESCALATED = gives(frames.Escalated, "Somebody has it; every try of the same question gets this answer.")


class Flags(PrivateView):
    @answers({201: _FLAGGED}, errors=_ERRORS, request=takes(frames.Flag))
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Report an entry or a person; nobody in the conversation is told."""
        command = command_of(request, frames.Flag, conversation=str(conversation_id))
        return response_of(safety().flag(command, by_id=person_id_of(request), now=clock.now()), status=201)


class Escalations(PrivateView):
    @answers({201: _ESCALATED}, errors=_ERRORS, request=takes(frames.Escalate))
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Ask for the professional who answers for this circle."""
        command = command_of(request, frames.Escalate, conversation=str(conversation_id))
        return response_of(safety().escalate(command, by_id=person_id_of(request), now=clock.now()), status=201)
