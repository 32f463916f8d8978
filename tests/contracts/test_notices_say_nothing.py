"""Whatever happens between people, what leaves the house for their phones is one sentence, by every way out."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.models import Person
from chat import frames
from chat.models import Conversation
from core import clock
from meetings.models import Meeting
from notifications.channels.email import Mail, MailSettings
from notifications.channels.fcm import Fcm
from notifications.channels.sms_http import SmsGateway as SmsChannel
from notifications.channels.sms_http import SmsSettings
from notifications.channels.webpush import WebPush
from notifications.models import AddressKind, NoticeChoices
from notifications.outfit import Way
from notifications.sending import Channel
from notifications.worker.main import Worker
from privacy.push_keys import push_key
from programmes.actions import circles
from programmes.models import CircleKind
from tests.chat.words import message, sent
from tests.doubles.fcm import FakeFcm
from tests.doubles.mail_server import MailServer
from tests.doubles.push_service import FakePushService
from tests.doubles.sms_gateway import SmsGateway
from tests.factories import make_circle, make_person
from tests.meetings.acts import do
from tests.notifications.post import make_address

pytestmark = [pytest.mark.delivery, pytest.mark.django_db(transaction=True)]

WORD = "Kanariepiet"  # stands in everything that is said, planned and called
SENTENCE = "Je hebt een bericht."
STOP = "Wil je deze mails niet meer? Zet ze uit bij Instellingen."


class Doubles:
    """Four who take letters, as real servers, and the channels that lead there."""

    def __init__(self, folder: Path, settings: LazySettings) -> None:
        self._open = ExitStack()
        self.fcm, self.push = self._open.enter_context(FakeFcm()), self._open.enter_context(FakePushService())
        self.sms, self.mail = self._open.enter_context(SmsGateway()), self._open.enter_context(MailServer())
        self.phone = self.push.subscribe(push_key().public)
        settings.EMAIL_HOST, settings.EMAIL_PORT = self.mail.host, self.mail.port
        self._credentials = self.fcm.credentials(folder)

    def ways(self) -> list[Way]:
        channels: list[Channel] = [
            Fcm(self._credentials, url=self.fcm.url),
            WebPush(push_key(), subject="https://maatje.example", **self.push.reach),
            SmsChannel(SmsSettings(self.sms.url)),
            Mail(MailSettings("notices@example.org", "django.core.mail.backends.smtp.EmailBackend")),
        ]
        return [Way(channel, channel.kinds, 10) for channel in channels]

    def texts(self) -> dict[str, set[str]]:
        """All that a person could read, by the way it came."""
        return {
            "fcm": {text for one in self.fcm.received for text in one.message["notification"].values()},
            "webpush": {one.data["t"] for one in self.phone.letters},
            "sms": {one.values["text"] for one in self.sms.asked},
            "mail": {str(one.message["subject"]) for one in self.mail.mails},
            "mail, below": {line for one in self.mail.mails for line in str(one.message.get_content()).splitlines() if line} - {STOP},
        }

    def everything(self) -> str:
        """Every byte that came, headers and all; of the push service what the browser opened."""
        letters = [*((one.headers, one.body) for one in self.fcm.received), *((one.headers, one.plain) for one in self.phone.letters)]
        return repr([letters, self.sms.asked, [one.raw for one in self.mail.mails]])

    def close(self) -> None:
        self._open.close()


@pytest.fixture
def doubles(tmp_path: Path, settings: LazySettings) -> Iterator[Doubles]:
    settings.MAATJE_NOTICES_CONSOLE = False
    made = Doubles(tmp_path, settings)
    yield made
    made.close()


def _a_group(doubles: Doubles) -> tuple[Conversation, list[Person]]:
    """Somebody who writes and plans, and four who are each reached in another way, at any hour."""
    people = [make_person(name=f"{WORD} {number}") for number in range(5)]
    where = [
        (AddressKind.FCM_TOKEN, "token"),
        (AddressKind.WEBPUSH, doubles.phone.address),
        (AddressKind.SMS, ""),
        (AddressKind.EMAIL, "x@example.org"),
    ]
    for person, (kind, value) in zip(people[1:], where, strict=True):
        NoticeChoices.objects.create(person=person, quiet_from=time(0), quiet_until=time(0), every_minutes=0)
        make_address(person, kind=kind, value=value, now=clock.now())
    return make_circle(kind=CircleKind.PEER_GROUP, people=people).conversation, people


def _live(conversation: Conversation, people: list[Person]) -> Iterator[None]:
    """Talk, plan, answer, move and pause; between any two there is time to be told."""
    start = (clock.now() + timedelta(days=9)).strftime("%Y-%m-%dT14:37")
    plan: dict[str, Any] = {"times": [frames.AskedTime(start, 90)], "place": f"bij {WORD}", "purpose": "health", "repeat": "FREQ=WEEKLY"}
    sent(message(people[0], conversation, f"{WORD} zegt iets"), now=clock.now())
    yield
    do(people[0], conversation, "propose", now=clock.now(), **plan)
    yield
    do(people[1], conversation, "accept", now=clock.now(), meeting=1, version=1)
    yield
    do(people[0], conversation, "move", now=clock.now(), meeting=1, times=[frames.AskedTime(start.replace("14:", "16:"), 60)])
    yield
    circles.pause(circle=conversation.circle, by=conversation.circle.coordinator, now=clock.now())
    assert Meeting.objects.get().state == "cancelled"
    yield


class TestEveryWayOut:
    async def test_says_the_one_sentence_and_nothing_else(self, doubles: Doubles) -> None:
        conversation, people = await asyncio.to_thread(_a_group, doubles)
        life = _live(conversation, people)

        acts = 0
        while await asyncio.to_thread(next, life, StopIteration) is not StopIteration:
            acts += 1
            await Worker(doubles.ways()).once()

        assert acts == 5
        assert min(len(doubles.fcm.received), len(doubles.phone.letters), len(doubles.mail.mails)) >= 2
        assert doubles.sms.asked  # each costs, so there may be one only in so many minutes
        everything = doubles.everything()
        assert set.union(*doubles.texts().values()) == {SENTENCE}
        for word in (WORD, "14:37", "16:37", "health", "armoede", "buddy", *(str(person.id) for person in people), str(conversation.id)):
            assert word.lower() not in everything.lower(), word
