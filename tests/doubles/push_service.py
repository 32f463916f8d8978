"""A false push service with the phones behind it, on loopback, over TLS: checks like a real one, and opens what browsers open.

    with FakePushService() as push:
        channel = WebPush(push_key(), subject="https://maatje.example", **push.reach)
        phone = push.subscribe()                        # or subscribe(our_public_key): then only letters signed with it are taken
        Letter(address=phone.address, kind="webpush", …)
        phone.will(Answer(410))                         # each letter from now on
        phone.will(Answer(429, headers={"Retry-After": "9"}), TAKEN)   # the first so, the later ones so
        phone.will(Answer(307, headers={"Location": "http://127.0.0.1/"})), phone.will(DROPPED), phone.will(SLOW)
        ...
        phone.letters     # what the browser read: .data (the opened JSON) .headers .claims .size (bytes on the wire)
        push.refused      # why letters were not taken: "no signature", "aud", "exp", "topic", …
        push.asked        # every request, also those that were refused

The host is on nobody's list: `push.reach` gives it as the operator's (`hosts`), lets its name lead here (`lookup`, `may_reach`), and trusts
its certificate (`tls`). All else is as in production: https, port 443 in the address, the list, the check of what was looked up.
"""

import json
import os
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.doubles import http_tls
from tests.doubles.http_aes128gcm import b64, opened, point, unb64
from tests.doubles.http_server import Answer, HttpServer, Request

HOST = "push.example.org"
TAKEN = Answer(201, b"", {"Location": f"https://{HOST}/message/1"})
DROPPED = Answer(201, b"half", drops=True)
SLOW = Answer(holds=True)


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter as the browser's script gets it."""

    data: Any
    plain: bytes
    headers: dict[str, str]
    claims: dict[str, Any]
    size: int


@dataclass(slots=True)
class Phone:
    """A browser's subscription, with the private key that the server never sees."""

    endpoint: str
    bound_to: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    letters: list[Opened] = field(default_factory=list)
    script: list[Answer] = field(default_factory=lambda: [TAKEN])

    @property
    def given(self) -> dict[str, str]:
        """What the page sends to the server: the endpoint and both keys."""
        return {"endpoint": self.endpoint, "p256dh": b64(point(self.private.public_key())), "auth": b64(self.auth)}

    @property
    def address(self) -> str:
        return json.dumps(self.given)

    def will(self, *answers: Answer) -> None:
        """Answer so, one after the other; the last one stays."""
        self.script = list(answers)


class _Refused(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class FakePushService(HttpServer):
    def __init__(self, host: str = HOST) -> None:
        ours, self.tls = http_tls.pair(host)
        super().__init__(ours)
        self.host = host
        self.origin = f"https://{host}"
        self.asked: list[Request] = []
        self.refused: Counter[str] = Counter()
        self.phones: dict[str, Phone] = {}

    @property
    def reach(self) -> dict[str, Any]:
        """What the channel needs to be given to come here."""
        return {"hosts": (self.host,), "lookup": self.lookup, "may_reach": lambda address: True, "tls": self.tls}

    async def lookup(self, host: str, port: int) -> list[tuple[str, int]]:
        assert port == 443
        return [("127.0.0.1", self.port)]

    def subscribe(self, application_key: str = "") -> Phone:
        path = f"/wpush/v2/{b64(os.urandom(24))}"
        phone = self.phones[path] = Phone(self.origin + path, application_key)
        return phone

    def answer(self, request: Request) -> Answer:
        with self.lock:
            self.asked.append(request)
            phone = self.phones.get(request.path)
            if phone is None:
                return Answer(404, b"")
            answer = phone.script.pop(0) if len(phone.script) > 1 else phone.script[0]
            if answer is not TAKEN:
                return answer
            try:
                phone.letters.append(self._taken(request, phone))
            except _Refused as refusal:
                self.refused[refusal.why] += 1
                return Answer(refusal.status, refusal.why.encode())
            return answer

    def _taken(self, request: Request, phone: Phone) -> Opened:
        """What a push service checks (RFC 8030 §5, RFC 8292 §4), and then what a browser does."""
        headers = request.headers
        self._check(request.method == "POST", 405, "method")
        self._check(headers.get("content-encoding") == "aes128gcm", 415, "content-encoding")
        self._check(headers.get("ttl", "").isdecimal(), 400, "ttl")
        self._check(headers.get("urgency", "normal") in {"very-low", "low", "normal", "high"}, 400, "urgency")
        self._check(re.fullmatch(r"[A-Za-z0-9_-]{1,32}", headers.get("topic", "none")) is not None, 400, "topic")
        self._check(headers.get("host") == self.host, 400, "host")
        self._check(len(request.body) <= 4096, 413, "too long")
        claims = self._claims(headers.get("authorization", ""), phone)
        try:
            plain = opened(request.body, private=phone.private, auth=phone.auth)
        except (InvalidTag, ValueError) as problem:
            raise _Refused(400, "cannot be opened") from problem
        return Opened(json.loads(plain), plain, headers, claims, len(request.body))

    def _claims(self, authorization: str, phone: Phone) -> dict[str, Any]:
        found = re.fullmatch(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)", authorization)
        if found is None:
            raise _Refused(401, "no signature")
        header, payload, signature, key = found.groups()
        self._check(json.loads(unb64(header)) == {"typ": "JWT", "alg": "ES256"}, 401, "algorithm")
        self._check(phone.bound_to in {"", key}, 403, "another key")
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(key))
        r, s = (int.from_bytes(half, "big") for half in (unb64(signature)[:32], unb64(signature)[32:]))
        try:
            public.verify(encode_dss_signature(r, s), f"{header}.{payload}".encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as problem:
            raise _Refused(403, "signature") from problem
        claims: dict[str, Any] = json.loads(unb64(payload))
        self._check(claims.get("aud") == self.origin, 403, "aud")
        self._check(time.time() < claims.get("exp", 0) <= time.time() + 86_400, 403, "exp")
        self._check(str(claims.get("sub", "")).startswith(("mailto:", "https://")), 403, "sub")
        return claims

    @staticmethod
    def _check(holds: bool, status: int, why: str) -> None:
        if not holds:
            raise _Refused(status, why)
