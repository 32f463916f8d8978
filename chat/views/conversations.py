"""Conversations: their cards, muting, leaving, marks."""

from typing import Any
from uuid import UUID

import msgspec
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.openapi import answers
from accounts.views.private import PrivateView
from chat import frames, reading
from chat.actions import members
from chat.actions.marks import Progress
from chat.errors import ConversationNotFound
from chat.schemas import schema_of
from chat.views.carrying import command_of, gives, mark, person_id_of, response_of, takes
from core import clock

_LIST: dict[str, Any] = {
    "type": "object",
    "properties": {"conversations": {"type": "array", "items": schema_of(frames.Card)}},
    "required": ["conversations"],
}


class ConversationList(PrivateView):
    @answers({200: OpenApiResponse(_LIST, "The cards of this person's conversations.")}, errors=[401], operation_id="conversations_list")
    def get(self, request: Request) -> Response:
        """Every conversation of this person."""
        cards = reading.cards(person_id_of(request), now=clock.now())
        return Response({"conversations": msgspec.to_builtins(cards)})


class ConversationDetail(PrivateView):
    @answers({200: gives(frames.Card, "The card.")}, errors=[401, 404])
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """One conversation of this person."""
        cards = reading.cards(person_id_of(request), now=clock.now(), only=[conversation_id])
        if not cards:
            raise ConversationNotFound
        return response_of(cards[0])


class MuteView(PrivateView):
    @answers({204: None}, errors=[400, 401, 403, 404, 415], request=takes(frames.Mute))
    def put(self, request: Request, conversation_id: UUID) -> Response:
        """No notices of this conversation until then; `null` ends it."""
        command = command_of(request, frames.Mute, conversation=str(conversation_id))
        members.mute(by_id=person_id_of(request), conversation_id=conversation_id, until=command.until, now=clock.now())
        return Response(status=204)


class LeaveView(PrivateView):
    @answers({204: None}, errors=[401, 403, 404], request=None)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Leave the conversation for good."""
        members.leave(by_id=person_id_of(request), conversation_id=conversation_id, now=clock.now())
        return Response(status=204)


class MarksView(PrivateView):
    @answers({204: None}, errors=[400, 401, 403, 404, 415], request=takes(frames.Marked))
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Say how far this device stored the log and how far the person read it; marks only rise."""
        command = command_of(request, frames.Marked)
        mark(Progress(person_id_of(request), conversation_id, delivered=command.delivered, read=command.read))
        return Response(status=204)
