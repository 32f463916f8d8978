"""Letters by mail, and the server they are handed to."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import LazySettings

from notifications.sending import Letter
from tests.doubles.mail_server import MailServer

FATIMA = "fatima@example.org"


ANNEMIE = "annemie@example.org"


SMTP = "django.core.mail.backends.smtp.EmailBackend"


INVITATION = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@example.org\r\nSEQUENCE:2\r\n"
    "DTSTAMP:20260302T120000Z\r\nDTSTART:20260303T120000Z\r\nDTEND:20260303T130000Z\r\nSUMMARY:Afspraak موعد\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
).encode()


def letter(address: str = FATIMA, text: str = "Je hebt een bericht.", *, id: UUID | None = None, **rest: Any) -> Letter:
    return Letter(id or uuid4(), "email", address, text, rest.pop("language", "nl"), "topic", 3600, **rest)


def at(server: MailServer, settings: LazySettings) -> MailServer:
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    return server
