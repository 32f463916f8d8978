"""Keep one device from taking everybody's turn: one bucket for its sockets and its requests, however often it comes anew."""

from functools import lru_cache

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import Device
from live.pace import Pace


def pace() -> Pace:
    return _pace(settings.MAATJE_COMMANDS_PER_SECOND, settings.MAATJE_COMMANDS_BURST)


@lru_cache(maxsize=1)
def _pace(rate: float, burst: int) -> Pace:
    return Pace(rate=rate, burst=burst)


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
