"""SMS through anybody's HTTP gateway: one POST a letter, of a shape that the operator describes."""

import asyncio
import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
import structlog

from core import clock
from notifications.channels.retry_after import seconds_of
from notifications.sending import TIMEOUT, Failed, Fate, Gone, Letter, Retry, Sent

log = structlog.get_logger()

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MOST_READ = 4096  # bytes of an answer; what matters stands at its beginning
PLACEHOLDER = re.compile(r"\{(to|digits|text|id)\}")
HOME_NAMES = (".local", ".internal", ".lan", ".home.arpa")
UNUSABLE_HEADER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """How a gateway wants to be asked. In `body`: {to} (+32…), {digits} (32…), {text}, {id}; JSON, or a form such as `to={to}&body={text}`.

    `gone` are statuses that mean "no such number", `gone_words` what the body of any other refusal says then. `receipt` names
    the gateway's own number for a message in its JSON answer. :raises ValueError: for what could never work, in one sentence
    """

    url: str = field(repr=False)  # a gateway's address may hold its key
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: str = '{"to": "{to}", "text": "{text}", "id": "{id}"}'
    gone: frozenset[int] = frozenset({404, 410, 422})
    gone_words: tuple[str, ...] = ()
    receipt: str = "id"
    connections: int = 8

    def __post_init__(self) -> None:
        _ensure_reachable(self.url)
        for name, value in self.headers.items():
            if not name or UNUSABLE_HEADER.search(name + value):
                raise ValueError("A header of the SMS gateway holds a line break or has no name.")
        said = self.rendered({"to": "", "digits": "", "text": "", "id": ""})[0]
        if not said or "{text}" not in self.body or not ("{to}" in self.body or "{digits}" in self.body):
            raise ValueError("The body for the SMS gateway must be JSON or a form, with {to} (or {digits}) and {text} in it.")

    def rendered(self, values: Mapping[str, str]) -> tuple[bytes, str]:
        """The body of one request and its content type. Values never become structure, whatever they hold."""

        def filled(shape: Any) -> Any:
            match shape:
                case str():
                    return PLACEHOLDER.sub(lambda found: values[found[1]], shape)
                case dict():
                    return {name: filled(value) for name, value in shape.items()}
                case list():
                    return [filled(value) for value in shape]
                case _:
                    return shape

        if self.body.lstrip()[:1] in {"{", "["}:
            return json.dumps(filled(json.loads(self.body))).encode(), "application/json"
        return urlencode([(name, filled(value)) for name, value in parse_qsl(self.body)]).encode(), "application/x-www-form-urlencoded"


def _ensure_reachable(url: str) -> None:
    """Numbers travel by https, or stay on machines of the operator's own. :raises ValueError:"""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host or parts.scheme not in {"https", "http"}:
        raise ValueError("The address of the SMS gateway must be https://…")
    if parts.scheme == "http" and not _is_their_own(host):
        raise ValueError("The SMS gateway must be reached by https; http is for a private address of your own.")


def _is_their_own(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(HOME_NAMES)


class SmsGateway:
    """Texts to E.164 numbers. The letter's id goes along as Idempotency-Key, so that a gateway that knows it sends once."""

    name = "sms"
    kinds = frozenset({"sms"})

    def __init__(self, settings: SmsSettings, *, seconds: float = TIMEOUT) -> None:
        self._settings = settings
        self._seconds = seconds
        self._has_taken = False
        self._session: aiohttp.ClientSession | None = None

    async def send(self, letters: Sequence[Letter]) -> list[Fate]:
        """The fate of each; none waits for another's."""
        answers = await asyncio.gather(*[self._post(letter) for letter in letters], return_exceptions=True)
        fates = [_foreseen(answer) for answer in answers]
        self._has_taken = self._has_taken or any(isinstance(fate, Sent) for fate in fates)
        return [self._doubted(fate) for fate in fates]

    async def close(self) -> None:
        """Let go of connections."""
        if self._session:
            await self._session.close()
            self._session = None

    def _doubted(self, fate: Fate) -> Fate:
        """Believe that a number is nobody's only from a gateway that took another: a wrong path is 404 for everybody."""
        if isinstance(fate, Gone) and fate.code.startswith("http_") and not self._has_taken:
            return Retry(fate.code, alarms=True)
        return fate

    async def _post(self, letter: Letter) -> Fate:
        if not E164.fullmatch(letter.address):
            return Gone("bad_number")
        values = {"to": letter.address, "digits": letter.address[1:], "text": letter.text, "id": str(letter.id)}
        try:
            data, kind = self._settings.rendered(values)
            theirs = {name.lower(): value for name, value in self._settings.headers.items()}
            headers = {"content-type": kind, **theirs, "idempotency-key": str(letter.id)}
            async with self._opened().post(self._settings.url, data=data, headers=headers, allow_redirects=False) as answer:
                return self._fate(answer.status, answer.headers.get("Retry-After"), await _beginning(answer))
        except UnicodeEncodeError:
            return Failed("unsendable")
        except TimeoutError:
            return Retry("timeout")
        except (aiohttp.ClientSSLError, aiohttp.ClientConnectorCertificateError):
            return Retry("bad_certificate", alarms=True)
        except aiohttp.ClientConnectorError:
            return Retry("unreachable")
        except (aiohttp.ClientError, OSError, ValueError):  # ValueError: an answer that is no HTTP
            return Retry("dropped")

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._settings.connections, keepalive_timeout=5),
                timeout=aiohttp.ClientTimeout(total=self._seconds * 0.9, sock_connect=self._seconds / 4),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def _fate(self, status: int, retry_after: str | None, said: bytes) -> Fate:
        code = f"http_{status}"
        if 200 <= status < 300:
            return Sent(_receipt(said, self._settings.receipt))
        if 400 <= status < 500 and any(word.encode() in said for word in self._settings.gone_words):
            return Gone("no_such_number")
        if status in self._settings.gone:
            return Gone(code)
        if status in {408, 425, 429} or status >= 500:
            return Retry(code, after=seconds_of(retry_after, clock.now()))
        if status in {401, 402, 403} or status < 400:  # a key, no credit left, or a page that moved: an operator's to mend
            return Retry(code, alarms=True)
        return Failed(code, alarms=True)


def _foreseen(answer: Fate | BaseException) -> Fate:
    """The fate, or what stands for one when nobody foresaw this; its words could be in the error's message."""
    if not isinstance(answer, BaseException):
        return answer
    log.error("channel_broke", channel="sms", error=type(answer).__name__)
    return Retry("unforeseen", alarms=True)


async def _beginning(answer: aiohttp.ClientResponse) -> bytes:
    said = b""
    while len(said) < MOST_READ and (more := await answer.content.read(MOST_READ - len(said))):
        said += more
    return said


def _receipt(said: bytes, name: str) -> str:
    try:
        answer = json.loads(said)
    except (ValueError, RecursionError):  # it took the message, whatever it says about it
        return ""
    value = answer.get(name) if isinstance(answer, dict) else None
    return str(value)[:100] if isinstance(value, str | int) else ""
