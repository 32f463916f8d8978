"""Six people talk; one comes later and sees from then, one leaves and sees until then."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.journeys.people import somebody
from tests.promises.houses import House
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = pytest.mark.delivery


class TestAGroupChanges:
    async def test_somebody_joins_and_somebody_leaves(self, house: House) -> None:
        group = await house.office.ask("circle", kind="peer_group", size=6)
        conversation = group["conversation"]
        async with AsyncExitStack() as stack:
            phones = [await stack.enter_async_context(house.device(holder, conversation)) for holder in group["people"]]
            for number, phone in enumerate(phones):
                await phone.send(conversation, words(f"ik ben buur {number + 1}"))

            # Amina is asked in, and joins at her own yes; she sees nothing from before.
            amina = await somebody(house, "Amina")
            her_phone = await stack.enter_async_context(house.device(amina, conversation))
            await house.office.ask("ask_in", circle=group["circle"], person=amina["person"])
            assert her_phone.cards == {}
            assert (await house.rest(amina).post(f"circles/{group['circle']}/agree")).status == 200
            await her_phone.has(conversation, 7)
            await her_phone.send(conversation, words("hallo allemaal"))
            await asyncio.gather(*(phone.has(conversation, 8) for phone in phones))
            assert [line["kind"] for line in her_phone.lists[conversation]] == ["join", "message"]
            page = await her_phone.request("history", conversation=conversation, before=7)
            assert (page["entries"], page["more"]) == ([], False)
            assert not her_phone.knows("buur 1 ") and not her_phone.knows(words("ik ben"))

            # The third leaves, and keeps what was said until then.
            assert (await phones[2].request("leave", conversation=conversation))["type"] == "done"
            await her_phone.has(conversation, 9)
            await phones[0].send(conversation, words("jammer"))
            await her_phone.send(conversation, words("ja, jammer"))

            rest = [phone for phone in phones if phone is not phones[2]]
            await ensure_same_list(house, conversation, *rest)
            await ensure_same_list(house, conversation, her_phone, first=7)
            await ensure_same_list(house, conversation, phones[2], last=9)
            assert not phones[2].knows("jammer")
            assert (await phones[2].send(conversation, words("toch nog")))["code"] == "conversation_not_found"
            assert phones[0].cards[conversation]["members"][2]["left"] is True
