"""`/t/out`: sign this browser out."""

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import devices
from accounts.authentication import drop_cookie
from accounts.views.private import device_of, person_of
from core import clock
from web.plain.authentication import ForgivingAuthentication
from web.plain.page import HOME, PlainView


class Out(PlainView):
    """Works for everybody, so that no cookie stays behind on a computer that others use. Of somebody suspended the device stays."""

    authentication_classes = (ForgivingAuthentication,)
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        return self.page("out")

    def post(self, request: Request) -> Response:
        if self.person:
            devices.revoke(device=device_of(request), by=person_of(request), now=clock.now())
        response = self.go(HOME)
        drop_cookie(response)
        response["Clear-Site-Data"] = '"storage"'  # what the page with scripts kept here goes too (W3C Clear Site Data)
        return response
