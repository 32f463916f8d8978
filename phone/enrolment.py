"""Come in with an invite code, and go out again, over REST."""

import http.client
import json
import socket
import urllib.error
import urllib.request
from typing import Any

import msgspec

from phone.addresses import is_here
from phone.kept import Kept, Person

TIMEOUT = 15.0


class NotLetIn(Exception):
    """The server did not take the code, or did not answer; `code` is its own, or `no_answer`."""

    def __init__(self, code: str, *, retry_after: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class _Answer(msgspec.Struct):
    token: str
    person: Person


def enrol(server: str, code: str, *, label: str) -> Kept:
    """Turn the code into a phone of its person. It works once. :raises NotLetIn:"""
    answer = _post(server, "enrol", {"code": code, "label": label})
    try:
        given = msgspec.json.decode(answer, type=_Answer)
    except msgspec.MsgspecError:
        raise NotLetIn("no_answer") from None
    return Kept(server=server, token=given.token, person=given.person)


def sign_out(kept: Kept) -> None:
    """Make the token worthless. :raises NotLetIn:"""
    _post(kept.server, "sign-out", {}, token=kept.token)


def is_let_in(kept: Kept) -> bool:
    """Whether the server still knows this phone. :raises NotLetIn: it does not answer."""
    try:
        _call(urllib.request.Request(f"{kept.server}/api/v1/me", headers=_bearer(kept.token)))  # noqa: S310  # http(s), see addresses
    except NotLetIn as problem:
        if problem.code == "unauthenticated":
            return False
        raise
    return True


def _post(server: str, path: str, body: dict[str, Any], *, token: str = "") -> bytes:
    headers = {"Content-Type": "application/json", **_bearer(token)}
    return _call(urllib.request.Request(f"{server}/api/v1/{path}", json.dumps(body).encode(), headers))  # noqa: S310  # http(s), see addresses


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _call(request: urllib.request.Request) -> bytes:
    handlers = [urllib.request.ProxyHandler({})] if is_here(request.full_url) else []
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=TIMEOUT) as response:
            answer: bytes = response.read()
            return answer
    except urllib.error.HTTPError as problem:
        raise _refusal(problem) from None
    except (OSError, http.client.HTTPException):
        raise NotLetIn("no_answer") from None


def _refusal(problem: urllib.error.HTTPError) -> NotLetIn:
    try:
        said = json.loads(problem.read())
        return NotLetIn(str(said["code"]), retry_after=int(said.get("retry_after", 0)))
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        return NotLetIn("no_answer")


def own_label() -> str:
    """How this phone is called in its person's list of devices."""
    return f"terminal {socket.gethostname()}"[:40]
