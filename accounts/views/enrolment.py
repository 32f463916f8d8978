"""Come in with an invite code, and go out."""

from contextlib import suppress
from typing import Any

from django.db import DatabaseError
from knox.settings import knox_settings
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import devices, invites
from accounts.authentication import COOKIE, drop_cookie, ensure_origin, keep_cookie
from accounts.models import Device
from accounts.openapi import answers
from accounts.serializers import DeviceAnswer, EnrolAnswer, EnrolRequest, MeAnswer
from accounts.views.private import PrivateView, address_of, device_of, person_of
from core import clock
from core.errors import DomainError


class Enrol(PrivateView):
    """Open to everybody who holds a code; an old token or cookie neither helps nor hinders."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @answers({201: EnrolAnswer}, errors=[400, 403, 404, 415, 429], request=EnrolRequest, auth=[])
    def post(self, request: Request) -> Response:
        """Redeem an invite code for a device. With `keep: cookie` the token goes into a cookie that no script can read."""
        wanted = _checked(request)
        in_browser = wanted["keep"] == "cookie"
        if in_browser:
            ensure_origin(request)
        device, token = invites.redeem(
            code=wanted["code"], label=wanted["label"], address=address_of(request), in_browser=in_browser, now=clock.now()
        )
        if not in_browser:
            return Response({"token": token, **_welcome(device)}, status=201)
        _forget_the_device_before(request, device)
        response = Response(_welcome(device), status=201)
        keep_cookie(response, token, device=device, seconds=int(knox_settings.TOKEN_TTL.total_seconds()))
        return response


class SignOut(PrivateView):
    @answers({204: None}, errors=[401, 403], request=None)
    def post(self, request: Request) -> Response:
        """Sign this device out."""
        devices.revoke(device=device_of(request), by=person_of(request), now=clock.now())
        return _gone()


class SignOutEverywhere(PrivateView):
    @answers({204: None}, errors=[401, 403], request=None)
    def post(self, request: Request) -> Response:
        """Sign all of this person's devices out, this one included."""
        devices.revoke_all(person=person_of(request), by=person_of(request), now=clock.now())
        return _gone()


def _forget_the_device_before(request: Request, device: Device) -> None:
    """The new cookie takes the place of one of the same person, whose token nobody holds any more.

    Should that fail, the old device stays in the list: the code is used up, so the answer with the new one must go out.
    """
    with suppress(DomainError, DatabaseError):
        before = devices.authenticate(request.COOKIES.get(COOKIE, ""), now=clock.now())
        if before is not None and before.person == device.person:
            devices.revoke(device=before, by=device.person, now=clock.now())


def _checked(request: Request) -> dict[str, Any]:
    serializer = EnrolRequest(data=request.data)
    serializer.is_valid(raise_exception=True)
    checked: dict[str, Any] = serializer.validated_data
    return checked


def _welcome(device: Device) -> dict[str, Any]:
    return {"device": DeviceAnswer(device, context={"device": device}).data, "person": MeAnswer(device.person).data}


def _gone() -> Response:
    response = Response(status=204)
    drop_cookie(response)
    return response
