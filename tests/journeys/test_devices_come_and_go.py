"""Somebody gets a second phone, loses one, and signs out everywhere."""

import pytest

from tests.journeys.people import enrol, somebody
from tests.promises.houses import House
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = pytest.mark.delivery


class TestDevicesComeAndGo:
    async def test_a_second_phone_shows_the_same_and_hears_what_the_first_says(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation, fatima = pair["conversation"], pair["people"][0]
        async with house.device(fatima, conversation) as first, house.device(pair["people"][1], conversation) as peer:
            await first.send(conversation, words("van mijn oude telefoon"))
            code = await house.office.ask("invite", person=fatima["person"])
            tablet = await enrol(house, f" {code[:5].lower()}-{code[5:]} ", label="tablet")
            async with house.device(tablet, conversation) as second:
                await second.has(conversation, 1)

                await first.send(conversation, words("zie je dit ook"))
                await second.send(conversation, words("op alle twee"))

                await ensure_same_list(house, conversation, first, second, peer)
                devices = (await house.rest(tablet).get("devices")).body
                assert [device["label"] for device in devices["devices"]].count("tablet") == 1

    async def test_signing_out_everywhere_ends_every_socket_and_every_token(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation, fatima = pair["conversation"], pair["people"][0]
        tablet = await house.office.ask("device", person=fatima["person"])
        async with (
            house.device(fatima, conversation) as first,
            house.device(tablet, conversation) as second,
            house.device(pair["people"][1], conversation) as peer,
        ):
            await first.send(conversation, words("mijn tas is gestolen"))

            assert (await house.rest(tablet).post("sign-out-everywhere")).status == 204

            assert [await first.ended(seconds=5), await second.ended(seconds=5)] == [4500, 4500]
            assert {(await house.rest(holder).get("me")).status for holder in (fatima, tablet)} == {401}
            assert peer.is_open

            # With a new code she is back, and nothing of hers is gone.
            code = await house.office.ask("invite", person=fatima["person"])
            async with house.device(await enrol(house, code), conversation) as again:
                await again.has(conversation, 1)
                await peer.send(conversation, words("gelukkig"))
                await ensure_same_list(house, conversation, again, peer)

    async def test_one_lost_phone_is_taken_off_the_list(self, house: House) -> None:
        fatima = await somebody(house, "Fatima")
        lost = await house.office.ask("device", person=fatima["person"])
        async with house.device(lost) as phone:
            assert (await house.rest(fatima).delete(f"devices/{lost['device']}")).status == 204

            assert await phone.ended(seconds=5) == 4500
            assert (await house.rest(fatima).get("me")).status == 200
