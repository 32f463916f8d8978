"""A circle takes a break, goes on, and comes to its end: with time for goodbyes, or at once when it is not safe."""

import pytest

from tests.promises.houses import House
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = pytest.mark.delivery


class TestACirclePauses:
    async def test_nobody_writes_until_it_goes_on(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        async with house.device(pair["people"][0], conversation) as phone, house.device(pair["people"][1], conversation) as peer:
            await phone.send(conversation, words("tot morgen"))
            await house.office.ask("step", circle=pair["circle"], to="pause")
            await phone.until(lambda: phone.cards[conversation]["state"] == "paused", seconds=5)

            refused = await phone.send(conversation, words("ben je er"))
            by_rest = await house.rest(pair["people"][1]).post(
                f"conversations/{conversation}/entries", {"draft_id": pair["circle"], "body": words("ja")}
            )
            page = await peer.request("history", conversation=conversation)

            assert refused["code"] == by_rest.code == "conversation_paused"
            assert len(page["entries"]) == 1

            await house.office.ask("step", circle=pair["circle"], to="resume")
            await peer.until(lambda: peer.cards[conversation]["state"] == "open", seconds=5)
            await peer.send(conversation, words("daar ben ik weer"))
            await ensure_same_list(house, conversation, phone, peer)


class TestACircleEnds:
    async def test_with_days_of_grace_for_goodbyes(self, house: House) -> None:
        pair = await house.office.ask("circle", grace_days=7)
        conversation = pair["conversation"]
        async with house.device(pair["people"][0], conversation) as phone, house.device(pair["people"][1], conversation) as peer:
            await house.office.ask("step", circle=pair["circle"], to="end", reason="goal_reached")
            await phone.until(lambda: "closes_at" in phone.cards[conversation], seconds=5)
            assert phone.cards[conversation]["state"] == "open"
            await phone.send(conversation, words("bedankt voor alles"))
            await peer.has(conversation, 1)

            await house.office.ask("let_grace_pass", conversation=conversation)

            await phone.has(conversation, 2, seconds=8)
            assert phone.lists[conversation][-1]["kind"] == "close"
            await phone.until(lambda: phone.cards[conversation]["state"] == "closed", seconds=5)
            assert (await phone.send(conversation, words("nog iets")))["code"] == "conversation_closed"
            assert [line["kind"] for line in await ensure_same_list(house, conversation, phone, peer)] == ["message", "close"]

    async def test_at_once_when_it_is_not_safe(self, house: House) -> None:
        pair = await house.office.ask("circle", grace_days=7)
        conversation = pair["conversation"]
        async with house.device(pair["people"][0], conversation) as phone, house.device(pair["people"][1], conversation) as peer:
            await house.office.ask("step", circle=pair["circle"], to="end", reason="safety")

            refused = await peer.send(conversation, words("wacht"))
            await phone.has(conversation, 1, seconds=5)

            assert refused["code"] == "conversation_closed"
            assert [line["kind"] for line in await ensure_same_list(house, conversation, phone, peer)] == ["close"]
            assert not phone.knows(words("wacht"))
