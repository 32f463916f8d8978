"""Access ends and settings change while a socket is open."""

import json
from datetime import datetime

import pytest

from accounts.actions import blocks, devices, people
from accounts.models import Device, Person
from chat.actions import conversations, members
from chat.models import Conversation
from core.ids import new_id
from live.close_codes import CloseCode
from live.pool import read
from tests.chat.conftest import PhoneOf
from tests.chat.in_process import InProcess, say
from tests.chat.words import message, sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]


class TestWithdrawal:
    """After the commit nothing newer reaches that person on any path, also when the hint is lost."""

    async def revoke(self, process: InProcess, device: Device, fatima: Person, clock: Clock, *, is_hinted: bool) -> None:
        if is_hinted:
            await read(devices.revoke, device=device, by=fatima, now=clock())
            await process.settle()
        else:
            with process.deaf():
                await read(devices.revoke, device=device, by=fatima, now=clock())

    async def test_closes_the_socket(self, process: InProcess, fatimas: Device, fatima: Person, clock: Clock) -> None:
        socket = await process.resumed(fatimas)

        await self.revoke(process, fatimas, fatima, clock, is_hinted=True)

        assert socket.closed == CloseCode.SIGNED_OUT

    async def test_of_a_suspended_person_says_so(self, process: InProcess, fatimas: Device, fatima: Person, clock: Clock) -> None:
        socket = await process.resumed(fatimas)

        await read(people.suspend, person=fatima, by=None, now=clock())
        await process.settle()

        assert socket.closed == CloseCode.SUSPENDED

    async def test_leaves_the_other_devices(
        self,
        process: InProcess,
        fatimas: Device,
        fatima: Person,
        annemies: Device,
        phone_of: PhoneOf,
        conversation: Conversation,
        clock: Clock,
    ) -> None:
        tablet, other = await process.resumed(await read(phone_of, fatima)), await process.resumed(annemies)
        await process.resumed(fatimas)

        await self.revoke(process, fatimas, fatima, clock, is_hinted=True)
        say(other, conversation)
        await process.settle()

        assert tablet.closed is None
        assert tablet.seqs(conversation.id) == [1]

    async def test_takes_nothing_more_from_that_device_when_its_hint_is_lost(
        self, process: InProcess, fatimas: Device, fatima: Person, conversation: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)
        await self.revoke(process, fatimas, fatima, clock, is_hinted=False)

        ref = say(socket, conversation, "Wie heeft haar telefoon?")
        await process.settle()

        assert socket.reply(ref)["code"] == "try_again"
        assert socket.closed == CloseCode.SIGNED_OUT
        assert (await read(Conversation.objects.get, id=conversation.id)).last_seq == 0

    async def test_lets_the_others_write_on_after_a_moment(
        self, process: InProcess, fatimas: Device, fatima: Person, phone_of: PhoneOf, conversation: Conversation, clock: Clock
    ) -> None:
        tablet = await process.resumed(await read(phone_of, fatima))
        await self.revoke(process, fatimas, fatima, clock, is_hinted=False)
        draft_id = new_id()

        first = say(tablet, conversation, draft_id=draft_id)
        await process.settle()
        second = say(tablet, conversation, draft_id=draft_id)
        await process.settle()

        assert tablet.reply(first)["code"] == "try_again"
        assert tablet.reply(second)["seq"] == 1

    @pytest.mark.parametrize("path", ["live", "ack", "history", "refresh", "sweep"])
    async def test_gives_nothing_newer_when_its_hint_is_lost(
        self, process: InProcess, fatimas: Device, fatima: Person, annemies: Device, conversation: Conversation, clock: Clock, path: str
    ) -> None:
        socket, other = await process.resumed(fatimas), await process.resumed(annemies)
        await self.revoke(process, fatimas, fatima, clock, is_hinted=False)

        if path == "live":
            say(other, conversation, "erna")
        else:
            with process.deaf():
                await read(sent, message(annemies.person, conversation, "erna"), now=clock())
            socket.session.feed.open(conversation.id, given=0, head=1)
        if path == "ack":
            socket.ack()
        elif path == "history":
            socket.say("history", conversation=conversation.id)
        elif path == "refresh":
            socket.session.refresh()
        elif path == "sweep":
            await process.sweep()
        await process.settle()

        assert "erna" not in json.dumps(socket.frames)
        await process.sweep()
        assert socket.closed == CloseCode.SIGNED_OUT

    async def test_by_a_block_tells_nobody_but_stops_both(
        self,
        process: InProcess,
        fatimas: Device,
        fatima: Person,
        annemies: Device,
        annemie: Person,
        conversation: Conversation,
        clock: Clock,
    ) -> None:
        one, other = await process.resumed(fatimas), await process.resumed(annemies)
        await read(blocks.add, blocker=fatima, blocked=annemie, now=clock())
        await process.settle()

        refs = say(one, conversation), say(other, conversation)
        await process.settle()

        assert [one.reply(refs[0])["code"], other.reply(refs[1])["code"]] == ["not_reachable"] * 2
        assert one.seqs(conversation.id) == other.seqs(conversation.id) == []


class TestChanges:
    async def test_of_a_card_are_told(self, process: InProcess, fatimas: Device, conversation: Conversation, clock: Clock) -> None:
        socket = await process.resumed(fatimas)

        await read(conversations.pause, conversation_id=conversation.id, now=clock())
        await process.settle()

        assert socket.of_type("conversation")[-1]["card"]["state"] == "paused"

    async def test_a_new_conversation_appears_by_itself(
        self, process: InProcess, fatima: Person, fatimas: Device, group: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)

        await read(members.join, conversation_id=group.id, person_id=fatima.id, role="peer", now=clock())
        await process.settle()

        assert socket.of_type("conversation")[-1]["card"]["id"] == str(group.id)
        assert socket.seqs(group.id) == [1]

    async def test_who_comes_back_hears_of_it_on_the_same_socket(
        self, process: InProcess, chantal: Person, dirk: Person, phone_of: PhoneOf, group: Conversation, clock: Clock, now: datetime
    ) -> None:
        socket = await process.resumed(await read(phone_of, dirk))

        await read(members.leave, by_id=dirk.id, conversation_id=group.id, now=now)
        await process.settle()
        await read(sent, message(chantal, group, "zonder hem"), now=now)
        await process.settle()
        await read(members.join, conversation_id=group.id, person_id=dirk.id, role="peer", now=now)
        await process.settle()
        await read(sent, message(chantal, group), now=now)
        await process.settle()

        assert socket.seqs(group.id) == [1, 3, 4]
        assert "zonder hem" not in json.dumps(socket.frames)
