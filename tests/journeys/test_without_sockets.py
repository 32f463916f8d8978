"""A network where sockets do not live: long poll, or nothing but plain requests."""

import asyncio
import time
from typing import Any
from uuid import uuid4

import pytest

from tests.promises.houses import House
from tests.promises.logs import ensure_same_list, log_of
from tests.promises.rest import Rest
from tests.promises.words import words

pytestmark = pytest.mark.delivery


class PollingPhone:
    """A phone that only polls: it keeps its cursors and asks again."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self.epoch: str | None = None
        self.cursors: dict[str, int] = {}
        self.entries: list[dict[str, Any]] = []

    async def poll(self, *, wait: int = 0) -> dict[str, Any]:
        said = {"cursors": self.cursors, "wait": wait, "cards": not self.cursors} | ({"epoch": self.epoch} if self.epoch else {})
        answer = (await self.rest.post("poll", said)).body
        self.epoch = answer["epoch"]
        for news in answer["news"]:
            self.entries += news["entries"]
            self.cursors[news["conversation"]] = news["entries"][-1]["seq"]
        found: dict[str, Any] = answer
        return found


class TestWithoutSockets:
    async def test_a_long_poll_talks_with_a_socket(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        poller = PollingPhone(house.rest(pair["people"][0]))
        async with house.device(pair["people"][1], conversation) as peer:
            first = await poller.poll()
            assert [card["id"] for card in first["conversations"]] == [conversation]
            poller.cursors[conversation] = 0

            waiting = asyncio.create_task(poller.poll(wait=20))
            await asyncio.sleep(0.3)
            began = time.monotonic()
            await peer.send(conversation, words("ben je daar"))
            await waiting
            assert time.monotonic() - began < 2
            sent = await poller.rest.post(f"conversations/{conversation}/entries", {"draft_id": str(uuid4()), "body": words("ja, traag")})
            assert (sent.status, sent.body["seq"]) == (201, 2)
            await peer.has(conversation, 2)
            await poller.poll()

            await peer.until(lambda: any(mark["delivered_seq"] >= 1 for mark in peer.marks[conversation][1]))
            await ensure_same_list(house, conversation, peer)
            assert [entry["body"] for entry in poller.entries] == [words("ben je daar"), words("ja, traag")]

    async def test_a_long_poll_without_news_ends_in_time(self, house: House) -> None:
        pair = await house.office.ask("circle")
        poller = PollingPhone(house.rest(pair["people"][0]))
        poller.cursors[pair["conversation"]] = 0
        await poller.poll()

        began = time.monotonic()
        answer = await poller.poll(wait=1)

        assert answer["news"] == []
        assert 0.8 < time.monotonic() - began < 3

    async def test_plain_requests_are_enough(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        one, two = house.rest(pair["people"][0]), house.rest(pair["people"][1])
        address = f"conversations/{conversation}"

        sent = await one.post(f"{address}/entries", {"draft_id": str(uuid4()), "body": words("zonder bundel")})
        edited = await one.post(f"{address}/entries/1/edit", {"draft_id": str(uuid4()), "body": words("zonder bundel!")})
        back = await two.post(f"{address}/entries", {"draft_id": str(uuid4()), "body": words("ook goed")})
        gone = await two.post(f"{address}/entries/3/retract", {"draft_id": str(uuid4())})
        marked = await two.post(f"{address}/marks", {"delivered": 4, "read": 2})
        muted = await two.put(f"{address}/mute", {"until": None})
        page = await two.get(f"{address}/entries?after=0&limit=50")
        card = await one.get(address)

        assert [sent.status, edited.status, back.status, gone.status, marked.status, muted.status] == [201, 201, 201, 201, 204, 204]
        assert [entry["seq"] for entry in page.body["entries"]] == [1, 2, 3, 4]
        assert page.body["entries"][0]["body"] == words("zonder bundel!")
        assert "body" not in page.body["entries"][2]
        assert card.body["members"][1]["delivered_seq"] == 4
        assert len(await log_of(house, conversation)) == 4
