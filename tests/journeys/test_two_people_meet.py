"""A participant and a buddy are brought together by a coordinator, and talk."""

import pytest

from tests.journeys.people import circle_of, somebody
from tests.promises.houses import House
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = pytest.mark.delivery


class TestTwoPeopleMeet:
    async def test_from_a_code_on_paper_to_an_active_circle(self, house: House) -> None:
        nele = await somebody(house, "Nele", role="coordinator")
        fatima, annemie = await somebody(house, "Fatima"), await somebody(house, "Annemie", role="buddy")
        async with house.device(fatima) as her_phone, house.device(annemie) as his_phone:
            # Nele proposes; each says yes without seeing who the other is.
            circle = await house.office.ask("propose", people=[fatima["person"], annemie["person"]], coordinator=nele["person"])
            proposed = await circle_of(house, fatima)
            assert proposed["state"] == "proposed"
            assert [member["name"] for member in proposed["members"] if not member["is_me"]] == [None]
            assert proposed["coordinator"]["name"] == nele["name"]
            for holder in (fatima, annemie):
                assert (await house.rest(holder).post(f"circles/{circle}/agree")).status == 200
            assert (await circle_of(house, annemie))["state"] == "agreed"
            assert her_phone.cards == {}

            # She introduces them: the conversation appears on both phones, which only had to lie there.
            await house.office.ask("step", circle=circle, to="introduce", by=nele["person"])
            await her_phone.until(lambda: bool(her_phone.cards), seconds=5)
            await his_phone.until(lambda: bool(his_phone.cards), seconds=5)
            (conversation,) = her_phone.cards
            assert list(his_phone.cards) == [conversation]
            assert [member["name"] for member in her_phone.cards[conversation]["members"]] == [fatima["name"], annemie["name"]]

            # They try it, talk, see that it arrived and was read, and the circle becomes active.
            await house.office.ask("step", circle=circle, to="start_trial", by=nele["person"])
            await his_phone.send(conversation, words("dag Fatima"))
            await her_phone.has(conversation, 1)
            await her_phone.send(conversation, words("dag! كيف حالك 👋🏽"))
            await his_phone.has(conversation, 2)
            await his_phone.request("read", conversation=conversation, seq=2)
            await her_phone.until(lambda: any(mark.get("read_seq") == 2 for mark in her_phone.marks[conversation][2]))
            await house.office.ask("step", circle=circle, to="activate", by=nele["person"])
            assert (await circle_of(house, fatima))["state"] == "active"

            # He corrects himself, and takes something back.
            await his_phone.send(conversation, words("dag Fatima!"), kind="edit", target=1)
            await her_phone.send(conversation, words("oeps, verkeerd gesprek"))
            await her_phone.send(conversation, None, kind="retract", target=4)
            await his_phone.has(conversation, 5)

            await ensure_same_list(house, conversation, her_phone, his_phone)
            assert his_phone.bodies(conversation) == [words("dag Fatima!"), words("dag! كيف حالك 👋🏽"), None]

    async def test_somebody_who_says_no_is_never_introduced(self, house: House) -> None:
        nele = await somebody(house, "Nele", role="coordinator")
        yusuf, karel = await somebody(house, "Yusuf"), await somebody(house, "Karel", role="buddy")
        circle = await house.office.ask("propose", people=[yusuf["person"], karel["person"]], coordinator=nele["person"])

        await house.rest(karel).post(f"circles/{circle}/agree")
        declined = await house.rest(yusuf).post(f"circles/{circle}/decline")

        assert declined.status == 204
        assert (await circle_of(house, karel))["state"] == "ended"
        assert (await house.rest(karel).get("conversations")).body == {"conversations": []}
