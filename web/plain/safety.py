"""Whether a form was sent from a page of ours."""

from rest_framework.request import Request

from accounts.errors import OriginRefused
from accounts.origins import origin_is_ours


def ensure_own_form(request: Request) -> None:
    """Take a form from our own pages alone.

    Browsers say so in `Origin`; older ones leave it out on forms and say it in `Referer`, which these pages let them send.
    One that says neither may say `Sec-Fetch-Site`. What is said and is not ours is refused, whatever else is said.

    :raises OriginRefused:
    """
    origin = request.headers.get("Origin")
    if origin is None and (referer := request.headers.get("Referer")):
        origin = "/".join(referer.split("/")[:3])  # scheme://host:port, compared as text
    if origin is None:
        is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    else:
        is_ours = origin_is_ours(origin, host=request.get_host(), secure=request.is_secure())
    if not is_ours:
        raise OriginRefused
