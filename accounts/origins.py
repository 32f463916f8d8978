"""Which web pages may act with a browser's cookie. Used by the REST API, the websocket and the pages without scripts."""

from django.conf import settings


def origin_is_ours(origin: str | None, *, host: str, secure: bool) -> bool:
    """Whether a page of `origin` (RFC 6454) may act here: the page we served, or one the settings name.

    An absent origin and "null" are nobody's. `host` is the Host header; `secure` says that we were reached by TLS.
    """
    if not origin:
        return False
    if origin in settings.MAATJE_ORIGINS:
        return True
    schemes = ("https",) if secure else ("https", "http")
    return bool(host) and origin.lower() in {f"{scheme}://{host.lower()}" for scheme in schemes}  # as texts: parsers forgive too much


def is_sent_by_others(fetch_site: str | None) -> bool:
    """Whether a browser says that a page of elsewhere asks this (Fetch Metadata): old ones say nothing, and a strict cookie counts
    neighbours under the same registered name, and other ports, as the same site.
    """
    return fetch_site in {"cross-site", "same-site"}
