"""Hidden and given back, as phones hear it: at once, when they come back, page by page; the same in JSON and in lite."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from accounts.models import Device, Person
from chat.actions import hiding
from chat.models import Conversation
from core import clock
from tests.chat.conftest import PhoneOf
from tests.chat.in_process import InProcess
from tests.chat.lite.phones import LitePhone
from tests.chat.phones import Phone
from tests.chat.words import edit, message, sent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery, pytest.mark.asyncio]


def shown(phone: Phone, conversation: Conversation) -> dict[int, tuple[str, Any, Any]]:
    """What stands on a screen: the kind of each line, its words, and whether it is hidden."""
    lines = phone.lines[conversation.id]
    return {seq: (line["kind"], line.get("body"), line.get("hidden_seq")) for seq, line in sorted(lines.items())}


@pytest.fixture
def phones(annemies: Device, annemie: Person, phone_of: PhoneOf) -> list[Phone]:
    """Two of hers, of which one speaks lite."""
    return [Phone(annemies), LitePhone(phone_of(annemie))]


class TestPhones:
    async def test_that_are_there_hear_of_both_at_once(
        self, process: InProcess, phones: list[Phone], fatima: Person, conversation: Conversation
    ) -> None:
        for phone in phones:
            phone.connect(process)
        await process.settle()
        await sync_to_async(sent)(message(fatima, conversation, "lelijk"), now=clock.now())
        await sync_to_async(sent)(edit(fatima, conversation, 1, "lelijker"), now=clock.now())

        await sync_to_async(hiding.hide)(conversation.id, 1, now=clock.now())
        await process.settle()
        for phone in phones:
            assert shown(phone, conversation) == {1: ("message", None, 3), 2: ("edit", None, None), 3: ("hide", None, None)}

        await sync_to_async(hiding.restore)(conversation.id, 1, now=clock.now())
        await process.settle()
        for phone in phones:
            assert shown(phone, conversation)[1] == ("message", "lelijker", None)
            assert phone.problems == []

    async def test_that_were_away_catch_up_with_both(
        self, process: InProcess, phones: list[Phone], fatima: Person, conversation: Conversation
    ) -> None:
        await sync_to_async(sent)(message(fatima, conversation, "lelijk"), now=clock.now())
        for phone in phones:
            phone.connect(process)
        await process.settle()
        for phone in phones:
            phone.disconnect()
        await sync_to_async(hiding.hide)(conversation.id, 1, now=clock.now())

        for phone in phones:
            phone.connect(process)
        await process.settle()
        assert [shown(phone, conversation)[1] for phone in phones] == [("message", None, 2)] * 2

    async def test_that_look_back_find_no_word_of_it(
        self, process: InProcess, phones: list[Phone], fatima: Person, conversation: Conversation
    ) -> None:
        await sync_to_async(sent)(message(fatima, conversation, "lelijk"), now=clock.now())
        await sync_to_async(hiding.hide)(conversation.id, 1, now=clock.now())
        await sync_to_async(sent)(*(message(fatima, conversation, "gewoon") for _ in range(22)), now=clock.now())
        for phone in phones:
            phone.connect(process)
        await process.settle()

        for phone in phones:
            assert 1 not in phone.lines[conversation.id]
            phone.say("history", conversation=conversation.id, before=min(phone.lines[conversation.id]), limit=50)
        await process.settle()
        for phone in phones:
            assert shown(phone, conversation)[1] == ("message", None, 2)
        assert shown(phones[0], conversation) == shown(phones[1], conversation)
