"""Mail through Django, by SMTP or by whatever backend the operator chose. It says as little as a text message does."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.utils.encoding import punycode

from notifications.channels.in_a_thread import UNFORESEEN, Batch, OneThread
from notifications.channels.mail_fates import fate_of, is_broken, is_for_everybody
from notifications.sending import TIMEOUT, Failed, Fate, Gone, Letter, Retry, Sent
from notifications.words import words

log = structlog.get_logger()

METHODS = frozenset({"REQUEST", "CANCEL"})
MOST_SUBJECT = 200  # characters


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Who the mails come from, and by which of Django's mail backends; None: the one in EMAIL_BACKEND.

    `sender` is seen on locked screens: give it a name that tells nothing. :raises ValueError: when it is no address
    """

    sender: str
    backend: str | None = None

    def __post_init__(self) -> None:
        try:
            validate_email(parseaddr(self.sender)[1])
        except ValidationError:
            raise ValueError("The sender of mails must be an address, such as notices@example.org.") from None
        if "\n" in self.sender or "\r" in self.sender:
            raise ValueError("The sender of mails must be one line.")

    @property
    def domain(self) -> str:
        return str(punycode(parseaddr(self.sender)[1].rpartition("@")[2]))


class Mail:
    """Plain text, one connection a batch. A letter sent twice has the same Message-ID both times."""

    name = "email"
    kinds = frozenset({"email"})

    def __init__(self, settings: MailSettings, *, seconds: float = TIMEOUT) -> None:
        self._settings = settings
        self._seconds = seconds
        self._thread = OneThread("mail", seconds=seconds)

    async def send(self, letters: Sequence[Letter]) -> list[Fate]:
        """The fate of each. When nobody can be reached or we may not sign in, that is the fate of all."""
        return await self._thread.fates(letters, self._send)

    async def close(self) -> None:
        """Let go of the thread; connections end with their batch."""
        await self._thread.end(lambda: None)

    def _send(self, batch: Batch) -> None:
        try:
            connection: Any = get_connection(self._settings.backend)
        except Exception as problem:  # a backend that is not there, or a provider's settings, which are read now
            log.error("mail_not_configured", error=type(problem).__name__)  # noqa: TRY400  # its message could hold a key
            batch.each(lambda _: Retry("mail_not_configured", alarms=True))
            return
        if getattr(connection, "timeout", 0) is None:  # Django's SMTP would wait for ever
            connection.timeout = self._seconds / 2
        enough: Fate | None = None

        def send(letter: Letter) -> Fate:
            nonlocal enough
            if enough:
                return enough
            message = self.message(letter)
            if not isinstance(message, EmailMultiAlternatives):
                return message
            fate, is_of_all = _handed_over(connection, message)
            enough = fate if is_of_all else None
            return fate

        try:
            batch.each(send)
        finally:
            _close(connection)

    def message(self, letter: Letter) -> EmailMultiAlternatives | Gone | Failed:
        """The mail of a letter: its text twice, as subject and as body, and how to stop these."""
        try:
            validate_email(letter.address)
        except ValidationError:
            return Gone("bad_address")
        text = " ".join(letter.text.split())
        message = EmailMultiAlternatives(
            subject=text[:MOST_SUBJECT],
            body=f"{text}\n\n{words(letter.language).mail_stop}\n",
            from_email=self._settings.sender,
            to=[letter.address],
            headers={"Message-ID": f"<{letter.id}@{self._settings.domain}>", "Auto-Submitted": "auto-generated"},  # RFC 3834 §5
        )
        if letter.calendar:
            if letter.method not in METHODS:
                return Failed("bad_method", alarms=True)
            try:
                calendar = letter.calendar.decode()
            except UnicodeDecodeError:
                return Failed("bad_calendar", alarms=True)
            # What calendars look for (RFC 6047 §2.4), and the same as a file for those that only look there.
            message.attach_alternative(calendar, f"text/calendar; method={letter.method}")
            message.attach("invite.ics", letter.calendar, "application/ics")
        return message


def _handed_over(connection: Any, message: EmailMultiAlternatives) -> tuple[Fate, bool]:
    """What became of a mail, and whether every other one would meet the same."""
    is_open = False
    try:
        connection.open()
        is_open = True
        connection.send_messages([message])
    except Exception as problem:  # backends raise whatever their libraries do; fate_of knows them
        fate = fate_of(problem, is_open=is_open)
        if fate == UNFORESEEN:
            log.error("channel_broke", channel="email", error=type(problem).__name__)  # noqa: TRY400  # its message could hold an address
        if is_broken(problem):
            _close(connection)
        return fate, is_for_everybody(problem, is_open=is_open)
    return Sent(message.extra_headers["Message-ID"]), False


def _close(connection: Any) -> None:
    try:
        connection.close()
    except Exception:  # noqa: S110  # it is over, however the other side takes leave; nothing was lost
        pass
