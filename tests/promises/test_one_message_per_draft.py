"""One message per draft, the same reply to every retry, and another body is refused."""

import asyncio

import pytest

from tests.promises.houses import House
from tests.promises.logs import ensure_same_list, log_of
from tests.promises.notebook import Draft
from tests.promises.words import words

pytestmark = [pytest.mark.delivery, pytest.mark.busy]


class TestOneMessagePerDraft:
    async def test_every_retry_gets_the_same_reply(self, house: House) -> None:
        pair = await house.office.ask("circle")
        async with house.device(pair["people"][0], pair["conversation"]) as phone:
            draft = Draft(pair["conversation"], words("once"))

            replies = [await phone.repeat(draft) for _ in range(5)]

        assert {(reply["type"], reply["seq"], reply["at"], reply["draft_id"]) for reply in replies} == {
            ("sent", replies[0]["seq"], replies[0]["at"], draft.draft_id)
        }
        assert [line["draft_id"] for line in await log_of(house, pair["conversation"])] == [draft.draft_id]

    async def test_a_retry_on_another_socket_finds_the_message_whose_reply_was_lost(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        async with house.device(pair["people"][0], conversation) as phone, house.device(pair["people"][1], conversation) as peer:
            assert phone.socket is not None  # it is connected
            phone.socket.transport.pause_reading()
            draft = await phone.write(conversation, words("the reply never came"))
            await peer.has(conversation, 1)
            await phone.drop()
            assert not phone.answers[draft.draft_id]

            await phone.connect()
            await phone.until(lambda: bool(phone.answers[draft.draft_id]))

            assert phone.answers[draft.draft_id][0]["seq"] == 1
            await ensure_same_list(house, conversation, phone, peer)
            assert len(await log_of(house, conversation)) == 1

    async def test_sixty_four_at_once_make_one_message(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation, sender = pair["conversation"], pair["people"][0]
        phones = [sender, *[await house.office.ask("device", person=sender["person"]) for _ in range(3)]]
        said = {"draft_id": Draft(conversation, None).draft_id, "body": words("sixty-four times")}

        answers = await asyncio.gather(
            *(house.rest(phones[number % 4]).post(f"conversations/{conversation}/entries", said) for number in range(64))
        )

        assert {answer.status for answer in answers} == {201}
        assert len({str(answer.body) for answer in answers}) == 1
        assert len(await log_of(house, conversation)) == 1

    async def test_socket_and_rest_are_one_sender(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation, sender = pair["conversation"], pair["people"][0]
        async with house.device(sender, conversation) as phone:
            draft = Draft(conversation, words("by two doors"))

            by_socket = await phone.repeat(draft)
            by_rest = await house.rest(sender).post(
                f"conversations/{conversation}/entries", {"draft_id": draft.draft_id, "body": draft.body}
            )

        assert (by_rest.status, by_rest.body["seq"], by_rest.body["at"]) == (201, by_socket["seq"], by_socket["at"])


class TestDraftReused:
    async def test_another_body_is_refused_at_every_door(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation, sender = pair["conversation"], pair["people"][0]
        async with house.device(sender, conversation) as phone:
            first = Draft(conversation, words("what was said"))
            await phone.repeat(first)

            by_socket = await phone.repeat(Draft(conversation, words("something else"), draft_id=first.draft_id))
            as_retract = await phone.repeat(Draft(conversation, None, kind="retract", target=1, draft_id=first.draft_id))
            by_rest = await house.rest(sender).post(
                f"conversations/{conversation}/entries", {"draft_id": first.draft_id, "body": words("something else")}
            )

        assert (by_socket["type"], by_socket["code"]) == ("error", "draft_reused")
        assert (as_retract["type"], as_retract["code"]) == ("error", "draft_reused")
        assert (by_rest.status, by_rest.code) == (409, "draft_reused")
        assert len(await log_of(house, conversation)) == 1

    async def test_another_conversation_is_refused(self, house: House) -> None:
        group = await house.office.ask("circle", kind="peer_group")
        sender = group["people"][0]
        other = await house.office.ask("circle", kind="peer_group")
        await house.office.ask("ask_in", circle=other["circle"], person=sender["person"])
        await house.rest(sender).post(f"circles/{other['circle']}/agree")
        async with house.device(sender) as phone:
            draft = Draft(group["conversation"], words("here"))
            await phone.repeat(draft)

            reply = await phone.repeat(Draft(other["conversation"], draft.body, draft_id=draft.draft_id))

        assert reply["code"] == "draft_reused"

    async def test_somebody_elses_draft_id_is_not_mine(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        async with house.device(pair["people"][0], conversation) as phone, house.device(pair["people"][1], conversation) as peer:
            draft = Draft(conversation, words("mine"))

            mine = await phone.repeat(draft)
            theirs = await peer.repeat(Draft(conversation, words("theirs"), draft_id=draft.draft_id))

            assert [mine["seq"], theirs["seq"]] == [1, 2]
