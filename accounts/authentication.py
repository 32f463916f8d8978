"""Recognise the device behind a request: by its Bearer token, or by the cookie of a browser that we served."""

from collections.abc import Mapping

from django.http import parse_cookie
from django.http.response import HttpResponseBase
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.actions import devices
from accounts.errors import OriginRefused
from accounts.models import Device, Person
from accounts.origins import is_sent_by_others, origin_is_ours
from core import clock

COOKIE = "__Host-maatje"  # the prefix makes browsers insist on Secure, path / and no domain (RFC 6265bis §4.1.3.2)
WHOSE = "__Host-maatje-who"  # the half that scripts may read, and drop: without it the other half opens nothing
IN_SCOPE = "maatje.device"  # where an ASGI scope says whose data this is: (person id, device id), for backend/metering.py
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def token_from_headers(headers: Mapping[bytes, bytes]) -> tuple[str, bool] | None:
    """The token a request carries, and whether a cookie carried it. Names in lower case, as ASGI gives them.

    A token that came by cookie may only be used after `origin_is_ours`.
    """
    scheme, _, bearer = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return bearer.strip(), False
    token = token_from_cookies(parse_cookie(headers.get(b"cookie", b"").decode("latin-1")))
    return (token, True) if token else None


def token_from_cookies(cookies: Mapping[str, str]) -> str | None:
    """The token, when its readable half came with it.

    The page drops that half when somebody signs out, network or not; from then on nobody at this phone gets in, by no way.
    """
    return cookies.get(COOKIE) if cookies.get(WHOSE) else None


class DeviceAuthentication(BaseAuthentication):
    """`request.user` is the person, `request.auth` the device.

    A view that says `lets_suspended_in` stays open to who is suspended: there they read why, and ask that somebody looks again.
    """

    def authenticate(self, request: Request) -> tuple[Person, Device] | None:
        found = token_from_headers(_headers(request))
        if found is None:
            return None
        token, by_cookie = found
        if by_cookie and (request.method not in _SAFE or is_sent_by_others(request.headers.get("Sec-Fetch-Site"))):
            ensure_origin(request)
        view = (getattr(request, "parser_context", None) or {}).get("view")
        device = devices.authenticate(token, even_suspended=getattr(view, "lets_suspended_in", False), now=clock.now())
        if device is None:
            raise AuthenticationFailed
        if (scope := getattr(request._request, "scope", None)) is not None:  # a request of WSGI or of a test has none
            scope[IN_SCOPE] = (device.person_id, device.id)
        return device.person, device

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def ensure_origin(request: Request) -> None:
    """Let only our own pages act with the cookie of a browser. :raises OriginRefused:"""
    origin = request.META.get("HTTP_ORIGIN")
    if not origin_is_ours(origin, host=request.get_host(), secure=request.is_secure()):
        raise OriginRefused


def keep_cookie(response: HttpResponseBase, token: str, *, device: Device, seconds: int) -> None:
    """Keep the token where no script reads it, and beside it the end of the device's id, which tells the page whose it is."""
    _set(response, COOKIE, token, seconds=seconds, is_readable=False)
    _set(response, WHOSE, device.id.hex[-8:], seconds=seconds, is_readable=True)


def drop_cookie(response: HttpResponseBase) -> None:
    """Make the browser forget both; it only listens to the attributes they were set with."""
    _set(response, COOKIE, "", seconds=0, is_readable=False)
    _set(response, WHOSE, "", seconds=0, is_readable=True)


def _set(response: HttpResponseBase, name: str, value: str, *, seconds: int, is_readable: bool) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=not is_readable, samesite="Strict")


def _headers(request: Request) -> dict[bytes, bytes]:
    meta = {b"authorization": "HTTP_AUTHORIZATION", b"cookie": "HTTP_COOKIE"}
    return {name: request.META.get(key, "").encode("latin-1", "replace") for name, key in meta.items()}
