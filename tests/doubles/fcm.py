"""A false Firebase Cloud Messaging: HTTP v1 and the token service before it, on loopback.

    with FakeFcm() as fcm:
        channel = Fcm(fcm.credentials(tmp_path), url=fcm.url)
        fcm.will("token-1", UNREGISTERED)                      # each letter to token-1, from now on
        fcm.will("token-2", fcm_error("UNAVAILABLE", retry_after="7"), SENT)  # the first so, all later ones so
        fcm.will("token-3", DROPPED), fcm.will("token-4", SLOW)
        ...
        fcm.received       # every letter that came, in order: .address .kind .message .ok
        fcm.delivered      # those that were taken
        fcm.token_answer = Answer(401, b"…")                   # the token service refuses

Who brings no token of this server's token service is answered 401, as Google does.
"""

import functools
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.doubles.http_server import Answer, HttpServer, Request

PROJECT = "maatje-test"

STATUSES = {  # an error of FCM: its HTTP status and the `status` of google.rpc that comes with it
    "UNREGISTERED": (404, "NOT_FOUND"),
    "SENDER_ID_MISMATCH": (403, "PERMISSION_DENIED"),
    "QUOTA_EXCEEDED": (429, "RESOURCE_EXHAUSTED"),
    "UNAVAILABLE": (503, "UNAVAILABLE"),
    "INTERNAL": (500, "INTERNAL"),
    "THIRD_PARTY_AUTH_ERROR": (401, "UNAUTHENTICATED"),
    "INVALID_ARGUMENT": (400, "INVALID_ARGUMENT"),
}


def fcm_error(code: str, *, retry_after: str = "", blames: str = "", words: str = "") -> Answer:
    """An error as FCM writes it, in its `words`; `blames` is the field that is invalid, such as `message.token`."""
    status, name = STATUSES[code]
    details: list[dict[str, Any]] = [{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code}]
    if blames:
        violation = {"field": blames, "description": "The registration token is not a valid FCM registration token"}
        details.append({"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]})
    return google_error(status, name, details=details, retry_after=retry_after, words=words)


def google_error(status: int, name: str, *, details: list[Any] | None = None, retry_after: str = "", words: str = "") -> Answer:
    """An error of the house before FCM: without a code of its own."""
    body = {"error": {"code": status, "message": words or f"{name}.", "status": name, "details": details or []}}
    return Answer(status, json.dumps(body).encode(), {"Retry-After": retry_after} if retry_after else {})


SENT = Answer()  # its body is made for each letter
UNREGISTERED = fcm_error("UNREGISTERED")
DROPPED = Answer(200, b'{"name": "proj', drops=True)
SLOW = Answer(holds=True)


@dataclass(frozen=True, slots=True)
class Received:
    """A letter that came: the `message` of its body, and whether it was taken."""

    address: str
    kind: str
    message: dict[str, Any]
    body: dict[str, Any]
    headers: dict[str, str]
    ok: bool


class FakeFcm(HttpServer):
    def __init__(self) -> None:
        super().__init__()
        self.received: list[Received] = []
        self.tokens_given = 0
        self.token_answer: Answer | None = None
        self.bearer = "access-1"
        self.most_at_once = 0
        self.gate: threading.Event | None = None  # set one, and every letter waits for it
        self._at_once = 0
        self._script: dict[str, list[Answer]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/projects/{{0}}/messages:send"

    @property
    def delivered(self) -> list[Received]:
        return [letter for letter in self.received if letter.ok]

    def will(self, address: str, *answers: Answer) -> None:
        """Answer letters to this address so, one after the other; the last one stays."""
        with self.lock:
            self._script[address] = list(answers)

    def credentials(self, folder: Path) -> Path:
        """A service account's file that leads to this server's own token service."""
        path = folder / "service-account.json"
        account = {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": "1",
            "private_key": _private_key(),
            "client_email": f"push@{PROJECT}.iam.example",
            "client_id": "1",
            "token_uri": f"http://127.0.0.1:{self.port}/token",
        }
        path.write_text(json.dumps(account))
        return path

    def answer(self, request: Request) -> Answer:
        if request.path == "/token":
            with self.lock:
                self.tokens_given += 1
                given = {"access_token": self.bearer, "expires_in": 3600, "token_type": "Bearer"}
                return self.token_answer or Answer(body=json.dumps(given).encode(), headers={"Content-Type": "application/json"})
        if request.path != f"/v1/projects/{PROJECT}/messages:send" or request.method != "POST":
            return google_error(404, "NOT_FOUND")
        if request.headers.get("authorization") != f"Bearer {self.bearer}":
            return google_error(401, "UNAUTHENTICATED")
        with self.lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        if self.gate is not None:
            self.gate.wait(20)
        with self.lock:
            self._at_once -= 1
            return self._take(request)

    def _take(self, request: Request) -> Answer:
        message = request.json["message"]
        kind = "fcm_fid" if "fid" in message else "fcm_token"
        address = message.get("fid") or message["token"]
        script = self._script.get(address) or [SENT]
        answer = script.pop(0) if len(script) > 1 else script[0]
        ok = answer is SENT
        if ok:
            answer = Answer(body=json.dumps({"name": f"projects/{PROJECT}/messages/{len(self.received)}"}).encode())
        self.received.append(Received(address, kind, message, request.json, request.headers, ok))
        return answer


@functools.cache
def _private_key() -> str:
    key = rsa.generate_private_key(65537, 2048)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
