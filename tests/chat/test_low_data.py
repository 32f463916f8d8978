"""What a person in low-data mode is never sent, on each way that an entry reaches a device."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import UNSET

from accounts.models import Device, Person
from chat import frames, reading
from chat.lite import Offer
from chat.models import Conversation
from core.ids import new_id
from live.pool import read
from tests.chat.attachments import uploaded, with_media
from tests.chat.in_process import InProcess
from tests.chat.lite.device import LiteSocket
from tests.chat.words import sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]

PREVIEW = 3  # where lite says it, in `media`


@pytest.fixture
def sparing(fatima: Person, conversation: Conversation, phone_of: Callable[[Person], Device]) -> Device:
    """Fatima's phone; she chose low data."""
    fatima.low_data = True
    fatima.save(update_fields=["low_data"])
    return phone_of(fatima)


@pytest.fixture
def photo(annemie: Person, conversation: Conversation, clock: Clock) -> Callable[[], Any]:
    """Annemie sends one; what it says of itself has a preview."""
    return lambda: sent(with_media(annemie, conversation, uploaded(annemie, conversation, now=clock())), now=clock())


def previews(entries: list[frames.Entry]) -> list[bytes]:
    return [entry.media.preview for entry in entries if entry.media is not UNSET]


class TestAPreview:
    async def test_is_there_for_everybody_else(
        self, process: InProcess, photo: Callable[[], Any], annemie: Person, sparing: Device, conversation: Conversation
    ) -> None:
        await read(photo)

        entries, _ = await read(reading.history, annemie.id, conversation.id, before=None, after=None, limit=20)

        assert [len(preview) for preview in previews(entries)] == [30]

    async def test_stays_away_from_what_is_read_later(
        self, process: InProcess, photo: Callable[[], Any], fatima: Person, sparing: Device, conversation: Conversation, clock: Clock
    ) -> None:
        await read(photo)

        page, _ = await read(reading.history, fatima.id, conversation.id, before=None, after=None, limit=20)
        missed, _ = await read(reading.missed, fatima.id, conversation.id, after=0, limit=20)
        polled = await read(reading.polled, fatima.id, frames.Poll(), now=clock())

        assert previews(page) == previews(missed) == previews(polled.news[0].entries) == [b""]

    async def test_stays_away_from_both_kinds_of_sockets(
        self, process: InProcess, photo: Callable[[], Any], sparing: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(photo)
        in_json, in_lite = await process.resumed(sparing), LiteSocket(process, sparing, Offer())
        await process.settle()
        media = await read(uploaded, annemie, conversation, now=clock(), upload_id=new_id())
        process.backstage.submit(with_media(annemie, conversation, media), lambda _: None)
        await process.settle()

        told = [entry["media"].get("preview") for frame in in_json.of_type("entries") for entry in frame["entries"]]
        said = [entry[12][PREVIEW] for entry in in_lite.entries()]

        assert told == said == [None, None]
