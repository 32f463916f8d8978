"""Poll, for where sockets do not live. Behind the ASGI server `chat.polling` answers this address, and waits."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.openapi import answers
from accounts.views.private import PrivateView
from chat import frames, reading
from chat.views.carrying import command_of, gives, person_id_of, response_of, takes
from core import clock


class Poll(PrivateView):
    @answers({200: gives(frames.Polled, "What was missed.")}, errors=[400, 401, 403, 413, 415, 429], request=takes(frames.Poll))
    def post(self, request: Request) -> Response:
        """What this device missed, at once or within `wait` seconds."""
        command = command_of(request, frames.Poll)
        return response_of(reading.polled(person_id_of(request), command, now=clock.now()))
