"""Whether a form was sent from a page of ours, and whether a page is looked at or used by another."""

from rest_framework.request import Request

from accounts.errors import OriginRefused
from accounts.origins import is_sent_by_others, origin_is_ours


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


def ensure_own_visit(request: Request) -> None:
    """Show a page to somebody who goes there. A page of the same site, which the cookie does not keep out, gets none as its picture.

    :raises OriginRefused:
    """
    goes_there = (
        request.headers.get("Sec-Fetch-Dest", "document") == "document" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    )
    if comes_from_others(request) and not goes_there:
        raise OriginRefused


def comes_from_others(request: Request) -> bool:
    """Whether a page that is not ours leads here."""
    return is_sent_by_others(request.headers.get("Sec-Fetch-Site"))
