"""Passkeys belong to one https name (WebAuthn §5.1.2): there they are offered, and on `localhost`, where browsers make an exception."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]

_ON_THIS_MACHINE = "localhost"


def relying_party() -> str:
    """The name that passkeys are bound to: that of the public address, or this machine's own while there is none by https."""
    public = urlsplit(settings.MAATJE_PUBLIC_URL)
    return public.hostname if public.scheme == "https" and public.hostname else _ON_THIS_MACHINE


def passkeys_work(request: HttpRequest) -> bool:
    """Whether a browser that came to this address will make and use one."""
    host = urlsplit(f"//{request.get_host()}").hostname
    return host == relying_party() and (request.is_secure() or host == _ON_THIS_MACHINE)


def where_passkeys_work(view: View) -> View:
    """Elsewhere the page is not there."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not passkeys_work(request):
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def offered(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """For templates, and only for those that ask: whether to speak of passkeys."""
    return {"passkeys_work": partial(passkeys_work, request)}
