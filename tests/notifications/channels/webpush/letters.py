"""Letters to a browser, what is answered, and what became of them."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from notifications.channels.webpush import WebPush
from notifications.sending import Fate, Letter
from privacy.push_keys import PushKey, push_key
from tests.doubles.http_server import Answer
from tests.doubles.push_service import FakePushService, Phone

TEXT = "Je hebt een bericht."


SUBJECT = "https://maatje.example"


def letter(phone: Phone, **others: Any) -> Letter:
    return replace(Letter(uuid4(), "webpush", phone.address, TEXT, "nl", topic="c-7", ttl=3600), **others)


def busy(status: int, after: str = "") -> Answer:
    return Answer(status, b"no", {"Retry-After": after} if after else {})


async def fate_of(channel: WebPush, one: Letter) -> Fate:
    [fate] = await channel.send([one])
    return fate


async def fate_with(push: FakePushService, phone: Phone, *, key: PushKey | None = None, **others: Any) -> Fate:
    """The fate of a letter through a channel that differs from the usual one."""
    channel = WebPush(key or push_key(), subject=SUBJECT, **push.reach | others)
    try:
        return await fate_of(channel, letter(phone))
    finally:
        await channel.close()
