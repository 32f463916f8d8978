"""Where the browser says that its push service is. It is user input, so it is read strictly here, and again before each letter.

Two walls: the name must be on a list, and what the name leads to must be an address of the public internet, looked up once and
then connected to, so that no second answer of the name server counts. `docs/adr/0016-push-channels.md`
"""

import asyncio
import base64
import binascii
import ipaddress
import json
import re
import socket
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from notifications.errors import EndpointRefused, PushKeysInvalid
from privacy.push_keys import is_point

LONGEST = 1024  # characters; Windows' are the longest that are known, some 600

HOSTS = frozenset({"fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com"})  # Chromium's family, Firefox, Safari
ANY_UNDER = (".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com")  # Edge has a host for each region

# Small letters, digits, dots and hyphens: no user, no port but 443, no brackets, no escapes, no IDN, nothing that two parsers read differently. ASCII: else U+017F is an s.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"  # a longer one makes the name lookup raise what is no OSError
SHAPE = re.compile(rf"https://(?P<host>{_LABEL}(?:\.{_LABEL})+)(?::443)?(?P<path>/[!$-\[\]-~]+)", re.IGNORECASE | re.ASCII)
LONGEST_HOST = 253  # RFC 1035 §2.3.4, as text

PRIVATE = tuple(
    ipaddress.ip_network(text)  # all in one place, because releases of Python differ in what they call global
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
        "168.63.129.16/32",  # public, and yet the inside of Azure
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),  # Teredo and its like, documentation, 6to4
    )
)
PUBLIC_SIX = ipaddress.ip_network("2000::/3")  # so not ::1, IPv4-mapped, NAT64, unique local, link-local, multicast

Lookup = Callable[[str, int], Awaitable[list[tuple[str, int]]]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gave us; `origin` is what VAPID calls the audience. The keys are raw bytes, and secret like the endpoint."""

    endpoint: str = field(repr=False)
    origin: str
    p256dh: bytes = field(repr=False)
    auth: bytes = field(repr=False)

    @property
    def keys(self) -> dict[str, str]:
        """Both keys in base64url, in their one spelling."""
        return {"p256dh": _text(self.p256dh), "auth": _text(self.auth)}

    @property
    def address(self) -> str:
        """The one spelling that is sealed, indexed, and handed to the channel."""
        return json.dumps({"endpoint": self.endpoint, **self.keys}, separators=(",", ":"))


def subscription_of(endpoint: Any, p256dh: Any, auth: Any, *, hosts: Collection[str] = ()) -> Subscription:
    """Read what a browser gave; `hosts` are the operator's own. :raises EndpointRefused: :raises PushKeysInvalid:"""
    if not isinstance(endpoint, str) or len(endpoint) > LONGEST or not (shape := SHAPE.fullmatch(endpoint)):
        raise EndpointRefused
    host = shape["host"].lower()
    if len(host) > LONGEST_HOST or host.rpartition(".")[2].isdigit() or not _is_listed(host, hosts):
        raise EndpointRefused
    point, secret = _bytes(p256dh, 65), _bytes(auth, 16)
    if not is_point(point):
        raise PushKeysInvalid
    return Subscription(f"https://{host}{shape['path']}", f"https://{host}", point, secret)


def subscription_in(address: str, *, hosts: Collection[str] = ()) -> Subscription:
    """Read an address as `Subscription.address` writes it. :raises EndpointRefused: :raises PushKeysInvalid:"""
    try:
        found = json.loads(address)
    except (ValueError, RecursionError):
        raise EndpointRefused from None
    if not isinstance(found, dict):
        raise EndpointRefused
    return subscription_of(found.get("endpoint"), found.get("p256dh"), found.get("auth"), hosts=hosts)


def is_public(address: str) -> bool:
    """Whether an address, as numbers, is one of the public internet."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.version == 6 and (ip.scope_id or ip not in PUBLIC_SIX):
        return False
    return not any(ip in network for network in PRIVATE if network.version == ip.version)


async def look_up(host: str, port: int) -> list[tuple[str, int]]:
    """Ask the system for the addresses of a name. :raises OSError:"""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(where[0]), int(where[1])) for *_, where in found))


async def reachable(host: str, port: int, *, lookup: Lookup, may_reach: Callable[[str], bool]) -> list[tuple[str, int]]:
    """Where a connection may go, and nowhere else; one bad address refuses the name. :raises EndpointRefused: :raises OSError:"""
    found = await lookup(host, port)
    if not found:
        raise OSError("no address")
    if not all(may_reach(address) for address, _ in found):
        raise EndpointRefused
    return found


def _is_listed(host: str, hosts: Collection[str]) -> bool:
    """On our list or the operator's, where `*.example.org` stands for every name under it."""
    if host in HOSTS or host.endswith(ANY_UNDER):
        return True
    return any(host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in map(str.lower, hosts))


def _bytes(text: Any, length: int) -> bytes:
    """Read base64url, with or without padding; some clients write plain base64. `Subscription.keys` gives the one spelling."""
    if not isinstance(text, str) or len(text) > 2 * length:
        raise PushKeysInvalid
    text = text.rstrip("=")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise PushKeysInvalid from None
    if len(raw) != length:
        raise PushKeysInvalid
    return raw


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
