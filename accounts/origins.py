"""Which web pages may act with a browser's cookie. Used by the REST API and by the websocket."""

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
