"""Meetings of a conversation: propose one, answer, move, cancel, and say afterwards whether it took place. The socket says the same."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.openapi import answers
from accounts.views.private import PrivateView
from chat import frames
from chat.drafts import Sent, draft_of
from chat.views.carrying import command_of, gives, person_id_of, response_of, send, takes
from core import clock
from meetings.actions import reports

_SENT = gives(frames.Sent, "It is in the log; every retry of the draft gets this same answer.")
_ERRORS = [400, 401, 403, 404, 409, 410, 415]
_ABOUT_ALL = {"meeting", "version", "choice", "date"}
_ABOUT_TIMES = {"times", "zone", "place", "online", "purpose", "repeat", "on_holidays"}


class Proposals(PrivateView):
    @answers({201: _SENT}, errors=_ERRORS, request=takes(frames.Meet, without=["act", *_ABOUT_ALL]))
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Propose a meeting: 1 to 3 times, or a series."""
        return _do(request, conversation_id, act="propose")


class Accept(PrivateView):
    @answers({201: _SENT}, errors=_ERRORS, request=takes(frames.Meet, without=["act", "meeting", *_ABOUT_TIMES]))
    def post(self, request: Request, conversation_id: UUID, number: int) -> Response:
        """Say yes to a meeting, or to one of its times or dates."""
        return _do(request, conversation_id, act="accept", meeting=number)


class Decline(PrivateView):
    @answers({201: _SENT}, errors=_ERRORS, request=takes(frames.Meet, without=["act", "meeting", "choice", *_ABOUT_TIMES]))
    def post(self, request: Request, conversation_id: UUID, number: int) -> Response:
        """Say no, without a reason, to a meeting or to one of its dates."""
        return _do(request, conversation_id, act="decline", meeting=number)


class Counter(PrivateView):
    @answers({201: _SENT}, errors=_ERRORS, request=takes(frames.Meet, without=["act", "meeting", "choice"]))
    def post(self, request: Request, conversation_id: UUID, number: int) -> Response:
        """Propose other times for what is not agreed yet."""
        return _do(request, conversation_id, act="counter", meeting=number)


class Move(PrivateView):
    @answers({201: _SENT}, errors=_ERRORS, request=takes(frames.Meet, without=["act", "meeting", "choice"]))
    def post(self, request: Request, conversation_id: UUID, number: int) -> Response:
        """Put a meeting, or one of its dates, at another time; everybody is asked again."""
        return _do(request, conversation_id, act="move", meeting=number)


class Cancel(PrivateView):
    @answers({201: _SENT}, errors=_ERRORS, request=takes(frames.Meet, without=["act", "meeting", "choice", *_ABOUT_TIMES]))
    def post(self, request: Request, conversation_id: UUID, number: int) -> Response:
        """Cancel a meeting, or one of its dates."""
        return _do(request, conversation_id, act="cancel", meeting=number)


class HeldView(PrivateView):
    @answers({204: None}, errors=_ERRORS, request=takes(frames.Held, without=["meeting"]))
    def post(self, request: Request, conversation_id: UUID, number: int) -> Response:
        """Say whether it took place. Only the coordinator sees it."""
        held = command_of(request, frames.Held, conversation=str(conversation_id), meeting=number)
        reports.report(held, by_id=person_id_of(request), now=clock.now())
        return Response(status=204)


def _do(request: Request, conversation_id: UUID, **said_by_address: Any) -> Response:
    meet = command_of(request, frames.Meet, conversation=str(conversation_id), **said_by_address)
    sent = send(draft_of(meet, person_id=person_id_of(request)))
    assert isinstance(sent, Sent)  # only messages wait for a moderator
    return response_of(frames.Sent(0, conversation_id, meet.draft_id, sent.seq, sent.at), status=201)
