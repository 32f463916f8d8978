"""What every view of a signed-in device shares."""

from typing import Any, cast

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.addresses import client_address
from accounts.models import Device, Person
from core.errors import Unauthenticated


class PrivateView(APIView):
    """A view whose answers no cache may keep."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        is_good = response.status_code < 400  # asking a refused request who it is would raise again
        if is_good and request.method == "GET" and isinstance(request.auth, Device) and not _still_has_access(request.auth):
            response = self.handle_exception(Unauthenticated())
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final


def _still_has_access(device: Device) -> bool:
    """Asked after reading: what was read while access still held was committed before it ended."""
    return Device.objects.filter(digest=device.digest, user__access_version=device.person.access_version).exists()


def person_of(request: Request) -> Person:
    return cast(Person, request.user)


def device_of(request: Request) -> Device:
    return cast(Device, request.auth)


def address_of(request: Request) -> str:
    """The address that attempts are counted on."""
    return client_address(
        remote=request.META.get("REMOTE_ADDR") or "",
        forwarded=request.META.get("HTTP_X_FORWARDED_FOR", ""),
        trusted_proxies=settings.MAATJE_TRUSTED_PROXIES,
    )
