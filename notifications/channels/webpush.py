"""Browsers, and apps by UnifiedPush: Web Push (RFC 8030), sealed for the browser alone (RFC 8291), signed with our key (RFC 8292).

The push service sees how many bytes, how urgent and how long; every letter has the same length. `docs/adr/0016-push-channels.md`
"""

import asyncio
import json
import socket
import ssl
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from django.core.exceptions import ImproperlyConfigured
from py_vapid import Vapid02, VapidException
from pywebpush import WebPusher
from yarl import URL

from core import clock
from core.errors import DomainError
from notifications import endpoints
from notifications.channels.pacing import BUDGET, fates
from notifications.channels.retry_after import seconds_of
from notifications.channels.services import Services
from notifications.endpoints import Lookup, Subscription
from notifications.sending import Failed, Fate, Gone, Letter, Retry, Sent
from privacy.push_keys import PushKey

AT_ONCE = 50
HTTP_TIMEOUT = 10
PLAIN_BYTES = 512  # of each letter, padded: a sentence in Arabic fits, and little goes over a phone's data
LONGEST_TTL = 28 * 86_400  # Google's; Mozilla's is longer
SIGNED_FOR = timedelta(hours=12)  # a day at most (RFC 8292 §2)
SIGNED_ANEW = timedelta(hours=1)
MOST_SIGNATURES = 100  # one for each push service; beyond that somebody invents their regions

LATER = frozenset({406, 408, 425, 429})  # 406: Windows says so to who sends too fast


class WebPush:
    """Send to push services. `subject` is whom they may write to about us: https://… or mailto:…

    `lookup`, `may_reach` and `tls` are for tests, whose push service is at home: `FakePushService` brings all three.
    """

    name = "webpush"
    kinds = frozenset({"webpush"})

    def __init__(
        self,
        key: PushKey,
        *,
        subject: str,
        hosts: Collection[str] = (),
        lookup: Lookup = endpoints.look_up,
        may_reach: Callable[[str], bool] = endpoints.is_public,
        tls: ssl.SSLContext | None = None,
        within: float = BUDGET,
    ) -> None:
        self._signer = _Signer(key, subject)
        self._services = Services()
        self._hosts = hosts
        self._resolver = _Resolver(lookup, may_reach)
        self._tls = tls
        self._within = within
        self._session: aiohttp.ClientSession | None = None

    async def send(self, letters: Sequence[Letter]) -> list[Fate]:
        """The fate of each; a push service that rests keeps up its own letters only."""
        read = {letter.id: self._read(letter) for letter in letters}
        by_origin: dict[str, list[Letter]] = defaultdict(list)
        for letter in letters:
            if isinstance(one := read[letter.id], Subscription):
                by_origin[one.origin].append(letter)
        at = time.monotonic()
        going = [letter for origin, theirs in by_origin.items() for letter in self._services.of(origin).free(theirs, at=at)]
        said = await fates(going, partial(self._send_one, read), at_once=AT_ONCE, within=self._within)
        answers = {letter.id: fate for letter, fate in zip(going, said, strict=True)}
        at = time.monotonic()
        for origin, theirs in by_origin.items():
            answers |= self._services.of(origin).judged(theirs, answers, at=at)
        unread = {id_: one for id_, one in read.items() if not isinstance(one, Subscription)}
        return [(answers | unread)[letter.id] for letter in letters]

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _read(self, letter: Letter) -> Subscription | Failed:
        try:
            return endpoints.subscription_in(letter.address, hosts=self._hosts)
        except DomainError as refusal:  # the operator's list became shorter
            return Failed(refusal.code, alarms=True)

    async def _send_one(self, read: Mapping[UUID, Subscription | Failed], letter: Letter) -> Fate:
        subscription = read[letter.id]
        if isinstance(subscription, Failed):
            return subscription
        try:
            body = _sealed(letter, subscription)
            # The address is sent as it was read: no spelling of it is changed between the check and the request.
            url = URL(subscription.endpoint, encoded=True)
            headers = _headers(letter) | {"Authorization": self._signer.signature(subscription.origin)}
            async with self._in_this_loop().post(url, data=body, headers=headers, allow_redirects=False) as response:
                return _fate(response.status, response.headers.get("Retry-After"))
        except _NoNameError:
            return Gone("bad_endpoint")
        except DomainError as refusal:  # the name leads inside
            return Failed(refusal.code, alarms=True)
        except TimeoutError:
            return Retry("timeout")
        except (aiohttp.ClientError, OSError):
            return Retry("unreachable")

    def _in_this_loop(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed or self._session._loop is not asyncio.get_running_loop():
            connector = aiohttp.TCPConnector(resolver=self._resolver, limit=AT_ONCE, ssl=self._tls or True)
            timeout = aiohttp.ClientTimeout(total=HTTP_TIMEOUT)
            # No proxy of the environment, which would look the name up again; no cookies; no body is read.
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=timeout, trust_env=False, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            )
        return self._session


class _NoNameError(Exception):
    """What stands there is no name that could be looked up; whoever gave it is to blame, and nobody else."""


class _Resolver(AbstractResolver):
    """Gives aiohttp the very addresses that were checked; it connects to nothing else."""

    def __init__(self, lookup: Lookup, may_reach: Callable[[str], bool]) -> None:
        self._lookup = lookup
        self._may_reach = may_reach

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        numbers = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        try:
            reachable = await endpoints.reachable(host, port, lookup=self._lookup, may_reach=self._may_reach)
        except UnicodeError:  # the system's encoding of names, before anybody is asked
            raise _NoNameError from None
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=at,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=numbers,
            )
            for address, at in reachable
        ]

    async def close(self) -> None: ...


class _Signer:
    """Our signature for each push service, used again while it is good."""

    def __init__(self, key: PushKey, subject: str) -> None:
        self._vapid = Vapid02.from_raw(key.private.encode())
        self._subject = subject
        self._made: dict[str, tuple[float, str]] = {}
        try:
            self.signature("https://push.example")
        except VapidException:
            raise ImproperlyConfigured(
                "Push services want to know whom to write to: the subject is https://… or mailto:…; set MAATJE_PUBLIC_URL."
            ) from None

    def signature(self, origin: str) -> str:
        """The Authorization for one push service, `https://host`. :raises VapidException:"""
        now = clock.now()
        until, made = self._made.get(origin, (0.0, ""))
        if until <= now.timestamp():
            if len(self._made) >= MOST_SIGNATURES:
                self._made.clear()
            expires = int((now + SIGNED_FOR).timestamp())
            made = str(self._vapid.sign({"aud": origin, "sub": self._subject, "exp": expires})["Authorization"])
            self._made[origin] = ((now + SIGNED_ANEW).timestamp(), made)
        return made


def _sealed(letter: Letter, subscription: Subscription) -> bytes:
    """The letter as JSON, padded with the spaces that JSON allows, and sealed for this browser."""
    plain = json.dumps({"n": str(letter.id), "t": letter.text, "k": letter.topic}, ensure_ascii=False, separators=(",", ":")).encode()
    size = -(-len(plain) // PLAIN_BYTES) * PLAIN_BYTES
    sealed: bytes = WebPusher({"endpoint": subscription.endpoint, "keys": subscription.keys}).encode(plain.ljust(size))["body"]
    return sealed


def _headers(letter: Letter) -> dict[str, str]:
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, min(letter.ttl, LONGEST_TTL))),
        "Urgency": "high" if letter.is_urgent else "normal",
        "User-Agent": "maatje",  # and not which release of what runs here
    }
    return headers | ({"Topic": letter.topic} if letter.topic else {})


def _fate(status: int, header: str | None) -> Fate:
    """What an answer means by itself; `services` weighs it against what the same push service says to others."""
    code = f"http_{status}"
    if 200 <= status < 300:
        return Sent()
    if status in {404, 410}:
        return Gone(code)
    if status in {401, 403}:
        return Retry(code, seconds_of(header, clock.now()), alarms=True)
    if status in LATER or status >= 500:
        return Retry(code, seconds_of(header, clock.now()))
    return Failed(code, alarms=True)  # 3xx: never followed; 400: our mistake; 413: too long
