"""Phones with an app: Firebase Cloud Messaging, which is given one sentence without content and a number to know a repeat by.

firebase-admin is an extra of 79 MB: nothing here imports it before the first letter. We use its asynchronous calls alone, one for
each letter: the batch of its own throws away every answer when a single one cannot be read. `docs/adr/0016-push-channels.md`
"""

import asyncio
import functools
import importlib.util
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

from core import clock
from notifications.channels.pacing import BUDGET, fates
from notifications.channels.retry_after import seconds_of
from notifications.sending import Failed, Fate, Gone, Letter, Retry, Sent

log = structlog.get_logger()

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"  # no more of a project than sending
AT_ONCE = 50
HTTP_TIMEOUT = 10
LONGEST_TTL = 28 * 86_400  # Google's

FATES: dict[str, Fate] = {  # by the name of the SDK's exception, so that the table can be read without it
    "UnregisteredError": Gone("unregistered"),
    "SenderIdMismatchError": Gone("sender_id_mismatch", alarms=True),  # a phone of another Firebase project: whose app is it?
    "QuotaExceededError": Retry("quota_exceeded"),
    "ResourceExhaustedError": Retry("resource_exhausted"),
    "UnavailableError": Retry("unavailable"),
    "InternalError": Retry("internal"),
    "DeadlineExceededError": Retry("timeout"),
    "AbortedError": Retry("aborted"),
    "ThirdPartyAuthError": Retry("third_party_auth_error", alarms=True),  # Apple's key in the Firebase console; phones are not to blame
    "UnauthenticatedError": Retry("unauthenticated", alarms=True),
    "PermissionDeniedError": Retry("permission_denied", alarms=True),
    "InvalidArgumentError": Failed("invalid_argument", alarms=True),
}


class Fcm:
    """Send through Firebase. `credentials` is the service account's JSON file; `url` names another server, in tests."""

    name = "fcm"
    kinds = frozenset({"fcm_fid", "fcm_token"})

    def __init__(self, credentials: str | Path, *, channel_id: str = "notices", url: str = "", within: float = BUDGET) -> None:
        if importlib.util.find_spec("firebase_admin") is None:
            raise ImproperlyConfigured("Push to apps needs firebase-admin. Install it: pip install -r requirements-fcm.txt")
        self._account = _service_account(Path(credentials))
        self._channel_id = channel_id
        self._url = url
        self._within = within
        self._line: _Line | None = None

    async def send(self, letters: Sequence[Letter]) -> list[Fate]:
        if not letters:
            return []
        deadline = asyncio.get_running_loop().time() + self._within
        try:
            async with asyncio.timeout_at(deadline):
                line = await self._ready()
        except TimeoutError:
            return [Retry("timeout")] * len(letters)
        except Exception as problem:  # a key that Google does not take, or no way to Google: no letter can go
            log.warning("fcm_no_access", error=type(problem).__name__)
            return [Retry("no_access", alarms=type(problem).__name__ != "TransportError")] * len(letters)
        send_one = functools.partial(self._send_one, line)
        return await fates(letters, send_one, at_once=AT_ONCE, within=deadline - asyncio.get_running_loop().time())

    async def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.close()

    async def _ready(self) -> "_Line":
        """The line of this loop, with a token: the SDK's client lives in one loop and lets every later one fail."""
        loop = asyncio.get_running_loop()
        if self._line is None or self._line.loop is not loop:
            self._line = _Line(loop, await asyncio.to_thread(_open, self._account, self._url))  # importing takes a second
        await self._line.renew()
        return self._line

    async def _send_one(self, line: "_Line", letter: Letter) -> Fate:
        try:
            message = _message(letter, channel_id=self._channel_id)
        except ValueError:  # what the SDK refuses to write down; its words quote the value
            return Failed("invalid_argument", alarms=True)
        fate = await line.send(message)
        if isinstance(fate, Retry) and fate.code == "unauthenticated":
            line.is_stale = True
        return fate


class _Line:
    """The SDK's messaging service in one event loop, and the token that lets it in."""

    def __init__(self, loop: asyncio.AbstractEventLoop, service: Any) -> None:
        self.loop = loop
        self.is_stale = False
        self._service = service
        self._renewing = asyncio.Lock()

    async def renew(self) -> None:
        """Fetch a token when there is none that is good; in a thread, where the SDK would do it inside the loop."""
        async with self._renewing:
            await asyncio.to_thread(self._service._credential.renew, by_force=self.is_stale)
            self.is_stale = False

    async def send(self, message: Any) -> Fate:
        from firebase_admin.exceptions import FirebaseError  # the extra

        try:
            answer = (await self._service.send_each_async([message], dry_run=False)).responses[0]
        except FirebaseError as problem:  # an answer of 200 that is not JSON
            return _fate(problem)
        if answer.exception is not None:
            return _fate(answer.exception)
        return Sent(answer.message_id) if answer.message_id else Retry("unknown")

    async def close(self) -> None:
        self._service._client.close()
        if self.loop is asyncio.get_running_loop():
            await self._service._async_client.aclose()


def _service_account(path: Path) -> dict[str, Any]:
    """Read the file now, so that a wrong one is known at the start and not by the first person who misses a notice."""
    remedy = "MAATJE_FCM_CREDENTIALS names the JSON file of a service account (Firebase console, Project settings, Service accounts)"
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError) as problem:
        raise ImproperlyConfigured(f"{remedy}; {path} cannot be read ({type(problem).__name__}).") from None
    if not isinstance(found, dict) or found.get("type") != "service_account" or not found.get("project_id"):
        raise ImproperlyConfigured(f"{remedy}; {path} is another file.")
    return found


def _open(account: dict[str, Any], url: str) -> Any:
    """Make the SDK's service. Its private names are here alone; tests/notifications/channels/test_fcm.py notices when they change."""
    import firebase_admin  # the extra
    from firebase_admin import _retry, messaging
    from google.auth import credentials as google
    from google.auth.transport.requests import Request
    from google.oauth2 import service_account

    source: Any = service_account.Credentials.from_service_account_info(account, scopes=[SCOPE])  # type: ignore[no-untyped-call]  # theirs

    class Pass(google.Credentials):
        """A token that is renewed by us: `refresh`, which the SDK calls inside the loop and may wait two minutes in, does nothing."""

        def renew(self, *, by_force: bool) -> None:
            if by_force or not source.valid:
                source.refresh(functools.partial(Request(), timeout=HTTP_TIMEOUT))
                self.token = source.token

        def refresh(self, request: Any) -> None: ...

    logging.getLogger("httpx").setLevel(logging.WARNING)  # it writes a line for each letter, with the name of the project
    credential = Pass()  # type: ignore[no-untyped-call]  # theirs
    app = firebase_admin.App("maatje", credential, {"projectId": account["project_id"], "httpTimeout": HTTP_TIMEOUT})
    service = messaging._MessagingService(app)
    service._credential = credential
    if url:
        service._fcm_url = url.format(account["project_id"])
    # Left alone, it would try a 503 four times more, whatever Retry-After says, while a lease runs out.
    for transport in service._async_client._mounts.values():
        transport._retry = _retry.HttpxRetry(max_retries=0)
    return service


def _message(letter: Letter, *, channel_id: str) -> Any:
    """One visible notification with a title and nothing else; iOS takes the permission from who sends silent ones."""
    from firebase_admin import messaging  # the extra

    topic = letter.topic or None
    ttl = max(0, min(letter.ttl, LONGEST_TTL))
    headers = {"apns-expiration": str(int(clock.now().timestamp()) + ttl), "apns-priority": "10" if letter.is_urgent else "5"}
    message = messaging.Message(
        data={"n": str(letter.id)},
        notification=messaging.Notification(title=letter.text),
        android=messaging.AndroidConfig(
            collapse_key=topic,
            ttl=ttl,
            priority="high" if letter.is_urgent else "normal",
            notification=messaging.AndroidNotification(channel_id=channel_id, visibility="private", tag=topic),
        ),
        apns=messaging.APNSConfig(
            headers=headers | ({"apns-collapse-id": topic} if topic else {}),
            payload=messaging.APNSPayload(messaging.Aps(sound="default" if letter.is_urgent else None)),
        ),
    )
    if letter.kind == "fcm_fid":
        message.fid = letter.address
    else:
        message.token = letter.address  # set afterwards: as an argument it warns at each letter that tokens will go one day
    messaging._MessagingService.encode_message(message)  # raises here, where one letter alone can fail
    return message


def _fate(problem: Any) -> Fate:
    """What an exception of the SDK means for the letter and for its address."""
    fate = FATES.get(type(problem).__name__, Retry("unknown"))
    response = problem.http_response
    if isinstance(fate, Retry) and response is not None:
        return Retry(fate.code, seconds_of(response.headers.get("Retry-After"), clock.now()), fate.alarms)
    if isinstance(fate, Failed) and response is not None and _blames_the_address(response):
        return Gone("invalid_address")
    return fate


def _blames_the_address(response: Any) -> bool:
    """Whether what is invalid is the token alone: it was somebody's input, so it must not call an operator at each notice.

    Firebase says so in words (firebase-admin-java issue 1064), and sometimes in fields.
    """
    try:
        error = response.json()["error"]
        words = str(error["message"]).lower()
        fields = {violation["field"] for detail in error["details"] for violation in detail.get("fieldViolations", ())}
    except (ValueError, LookupError, TypeError, AttributeError):
        return False
    return fields <= {"message.token", "message.fid"} if fields else "registration token" in words
