"""A mail server on loopback (aiosmtpd), which refuses what the test says and keeps the rest as it came.

    with MailServer() as server:
        server.refuses["nobody@example.org"] = "550 5.1.1 No such mailbox"   # at RCPT
        server.refuses_data["big@example.org"] = "552 5.3.4 Too big"         # after the message
        ...                                                                   # send to server.host, server.port
        server.mails                                                          # Kept: sender, recipient, raw, message

`refuses_sender` answers MAIL, `greets` the connection (an answer such as "421 …"); `drops_on` holds addresses at which it hangs up, `hangs_on` some at which it says
nothing more. With `user` and `password` nobody sends without signing in. `connections` counts who came.
"""

import asyncio
import email.policy
import logging
import threading
import warnings
from collections.abc import Coroutine
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

logging.getLogger("mail.log").setLevel(logging.WARNING)  # it tells every command
PARSER = BytesParser(policy=email.policy.default)


@dataclass(frozen=True)
class Kept:
    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = PARSER.parsebytes(self.raw)
        assert isinstance(parsed, EmailMessage)
        return parsed


class MailServer:
    host = "127.0.0.1"
    port = 0

    def __init__(self, *, user: str = "", password: str = "", most_bytes: int = 1_000_000) -> None:
        self.refuses: dict[str, str] = {}
        self.refuses_data: dict[str, str] = {}
        self.refuses_sender = ""
        self.refuses_sign_in = ""
        self.greets = ""
        self.drops_on: set[str] = set()
        self.hangs_on: set[str] = set()
        self.mails: list[Kept] = []
        self.connections = 0
        self._who = (user.encode(), password.encode())
        self._most_bytes = most_bytes
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._links: set[Link] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._wait(self._loop.create_server(self._link, self.host, 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._wait(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _wait(self, doing: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(5)

    async def _end(self) -> None:
        self._over.set()
        assert self._server
        self._server.close()
        for link in list(self._links):
            link.hang_up()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _link(self) -> SMTP:
        self.connections += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # signing in without TLS: this is loopback
            link = Link(
                self,
                loop=self._loop,
                hostname="mail.test",
                data_size_limit=self._most_bytes,
                auth_required=bool(self._who[0]),
                auth_require_tls=False,
                auth_exclude_mechanism=["LOGIN"],
                authenticator=self._sign_in,
            )
        self._links.add(link)
        return link

    def _sign_in(self, _: SMTP, __: Session, ___: Envelope, ____: str, given: LoginPassword) -> AuthResult:
        if self.refuses_sign_in:
            return AuthResult(success=False, handled=False, message=self.refuses_sign_in)
        return AuthResult(success=(given.login, given.password) == self._who, handled=False)

    async def handle_MAIL(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802  # aiosmtpd finds it by this name
        if self.refuses_sender:
            return self.refuses_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, link: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]) -> str:  # noqa: N802  # aiosmtpd finds it by this name
        if address in self.hangs_on:
            await self._over.wait()
        if address in self.drops_on:
            self.drops_on.discard(address)
            assert link.transport
            link.transport.close()
        if address not in self.refuses:
            envelope.rcpt_tos.append(address)
        return self.refuses.get(address, "250 OK")

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd finds it by this name
        to = envelope.rcpt_tos[0]
        if to in self.refuses_data:
            return self.refuses_data[to]
        assert isinstance(envelope.content, bytes)
        self.mails.append(Kept(envelope.mail_from or "", to, envelope.content))
        return "250 OK"


class Link(SMTP):
    def hang_up(self) -> None:
        if self.transport:
            self.transport.close()

    async def push(self, status: Any) -> None:
        """Say something; the greeting is what the test wants it to be."""
        is_greeting = isinstance(status, str) and status.startswith("220 ")
        await super().push(self.event_handler.greets if is_greeting and self.event_handler.greets else status)
