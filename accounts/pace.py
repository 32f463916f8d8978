"""Keep one device from taking everybody's turn over HTTP; the socket has its own token bucket."""

from functools import cache

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import Device
from live.pace import Pace


@cache
def pace() -> Pace:
    return Pace(rate=settings.MAATJE_COMMANDS_PER_SECOND, burst=settings.MAATJE_COMMANDS_BURST)


class DevicePace(BaseThrottle):
    """As many requests a second as a socket takes commands; who is not signed in is held by the limits on enrolment."""

    _wait: int = 0

    def allow_request(self, request: Request, view: object) -> bool:
        if not isinstance(request.auth, Device):
            return True
        self._wait = pace().take(str(request.auth.id))
        return self._wait == 0

    def wait(self) -> float:
        return float(self._wait)
