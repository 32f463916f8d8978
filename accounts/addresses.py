"""Where a request came from. What a client writes into X-Forwarded-For itself is never believed. Pure."""

from ipaddress import IPv6Address, ip_address

UNKNOWN = "unknown"
_NETWORK_BITS_OF_ONE_HOME = 64


def client_address(*, remote: str, forwarded: str, trusted_proxies: int) -> str:
    """The address that the outermost of our own proxies saw.

    Each proxy appends the address it was called from, so with N of them the client is N hops left of `remote`.
    Too few hops mean that the request went around the proxies: then only `remote` is known.
    """
    hops = [*(hop.strip() for hop in forwarded.split(",") if hop.strip()), remote]
    return _bare(hops[-1 - trusted_proxies] if len(hops) > trusted_proxies else remote)


def network_of(address: str) -> str:
    """What attempts are counted on: an IPv4 address, or the /64 within which one home may pick any IPv6 address."""
    try:
        parsed = ip_address(_bare(address))
    except ValueError:
        return UNKNOWN
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> _NETWORK_BITS_OF_ONE_HOME << _NETWORK_BITS_OF_ONE_HOME)) + "/64"


def _bare(hop: str) -> str:
    """Without the port that some proxies add."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop.partition("%")[0]
