"""Where the server is: from what a person types to the addresses this client uses. Pure."""

from urllib.parse import urlsplit

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def tidy(server: str) -> str:
    """`http(s)://host[:port]` without a path. :raises ValueError: it is not such an address."""
    parts = urlsplit(server if "://" in server else f"http://{server}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(server)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def socket_address(server: str) -> str:
    return f"{server.replace('http', 'ws', 1)}/api/v1/socket"


def is_here(server: str) -> bool:
    """Whether it is this machine: then no proxy stands in between."""
    return (urlsplit(server).hostname or "") in _LOOPBACK


def is_same_house(server: str, other: str) -> bool:
    """Whether a token of the one may be shown to the other: the same host, and never less protected."""
    if is_here(server) and is_here(other):
        return True
    one, two = urlsplit(server), urlsplit(other)
    return one.hostname == two.hostname and two.scheme in {one.scheme, "https"}
