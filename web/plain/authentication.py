"""Who holds the cookie. A form's safety is judged apart: an old browser says less about where a form came from."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.actions import devices
from accounts.authentication import IN_SCOPE, token_from_cookies
from accounts.errors import Suspended
from accounts.models import Device, Person
from core import clock


class CookieAuthentication(BaseAuthentication):
    """`request.user` is the person, `request.auth` the device; a token in a header is nobody's here."""

    lets_suspended_in = False

    def authenticate(self, request: Request) -> tuple[Person, Device] | None:
        token = token_from_cookies(request.COOKIES) or ""
        device = devices.authenticate(token, even_suspended=self.lets_suspended_in, now=clock.now())
        if device is None:
            return None
        if (scope := getattr(request._request, "scope", None)) is not None:  # a request of WSGI or of a test has none
            scope[IN_SCOPE] = (device.person_id, device.id)
        return device.person, device


class ForgivingAuthentication(CookieAuthentication):
    """For the pages that nobody may be kept from: who is suspended is a stranger there."""

    def authenticate(self, request: Request) -> tuple[Person, Device] | None:
        try:
            return super().authenticate(request)
        except Suspended:
            return None


class EvenSuspended(CookieAuthentication):
    """For the letters: how else would somebody learn why they are suspended, and appeal?"""

    lets_suspended_in = True
