from collections.abc import AsyncIterator, Iterator

import pytest
from django.conf import LazySettings

from notifications.channels.email import Mail, MailSettings
from tests.doubles.mail_server import MailServer
from tests.notifications.channels.email.letters import SMTP, at


@pytest.fixture
def server(settings: LazySettings) -> Iterator[MailServer]:
    with MailServer() as server:
        yield at(server, settings)


@pytest.fixture
async def channel() -> AsyncIterator[Mail]:
    channel = Mail(MailSettings("Berichten <notices@mail.example>", SMTP))
    yield channel
    await channel.close()
