"""Flags, questions to a professional and letters, over a socket."""

from typing import Any
from uuid import UUID

import pytest
from django.db.models import F

from accounts.models import Device, Person
from chat.hints import Hints, announce
from chat.models import Conversation
from core.ids import new_id
from live.pool import read
from moderation.models import Case, Escalation, Flag
from tests.chat.in_process import InProcess, codes
from tests.chat.words import message, sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]


def a_flag(where: Conversation, **fields: Any) -> dict[str, Any]:
    return {"conversation": where.id, "flag_id": new_id(), "reason": "money", **fields}


def flags_of(person: Person) -> list[tuple[int | None, int | None, str, str]]:
    return [
        (flag.target_seq, flag.member, flag.reason, flag.words) for flag in Flag.objects.filter(by=person).select_related("case__data_key")
    ]


def told_letters(unread: int, person: Person) -> None:
    """What whoever writes a letter does, and its hint."""
    Person.objects.filter(id=person.id).update(unread_statements=unread)
    announce(Hints(recheck=[person.id]))


class TestFlagging:
    async def test_gives_a_receipt_at_once(
        self, process: InProcess, fatimas: Device, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, message(annemie, conversation, "Leen me geld"), now=clock())
        socket = await process.resumed(fatimas)

        ref = socket.say("flag", **a_flag(conversation, target=1, words="Weer"))
        await process.settle()

        receipt = socket.reply(ref)
        assert receipt["type"] == "flagged"
        assert receipt["at"] < receipt["answer_by"]
        assert await read(flags_of, fatima) == [(1, None, "money", "Weer")]

    async def test_of_the_same_twice_is_one_flag_and_one_receipt(
        self, process: InProcess, fatimas: Device, conversation: Conversation, clock: Clock
    ) -> None:
        socket, said = await process.resumed(fatimas), a_flag(conversation, member=2, reason="worry")

        refs = [socket.say("flag", **said) for _ in range(2)]
        await process.settle()

        first, second = ({**socket.reply(ref), "reply_to": 0} for ref in refs)
        assert first == second
        assert await read(Flag.objects.count) == 1

    async def test_tells_nobody_else_anything(
        self, process: InProcess, fatimas: Device, annemies: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        """Not by a frame, not by a card, not by a mark."""
        await read(sent, message(annemie, conversation, "Dag"), now=clock())
        hers, his = await process.resumed(fatimas), await process.resumed(annemies)
        hers.ack()
        await process.settle()
        before = len(his.frames)

        hers.say("flag", **a_flag(conversation, target=1))
        hers.say("flag", **a_flag(conversation, member=2))
        await process.settle()
        await process.sweep()

        assert [frame["type"] for frame in his.frames[before:]] == []
        again = await process.resumed(annemies, cursors={str(conversation.id): 1}, epoch=his.of_type("resumed")[0]["epoch"])
        assert {frame["type"] for frame in again.frames} == {"welcome", "resumed", "conversation", "marks"}  # his own: he has line 1
        assert {frame["type"] for frame in his.frames} == {"welcome", "resumed", "conversation", "entries", "marks"}

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"target": 9}, "entry_not_found"),
            ({"member": 1}, "nothing_to_flag"),
            ({}, "nothing_to_flag"),
            ({"target": 1, "member": 2}, "nothing_to_flag"),
            ({"target": 1, "reason": "boring"}, "malformed"),
            ({"target": 1, "words": "x" * 1_001}, "malformed"),
            ({"target": 1, "conversation": UUID(int=7)}, "conversation_not_found"),
        ],
        ids=["no-entry", "oneself", "nothing", "both", "no-reason", "too-long", "elsewhere"],
    )
    async def test_refuses_what_cannot_be_flagged(
        self, process: InProcess, fatimas: Device, conversation: Conversation, said: dict[str, Any], code: str
    ) -> None:
        socket = await process.resumed(fatimas)

        socket.say("flag", **a_flag(conversation, **said))
        await process.settle()

        assert codes(socket) == [code]
        assert not await read(Case.objects.exists)


class TestEscalating:
    async def test_says_who_has_it_and_until_when(
        self, process: InProcess, fatimas: Device, nele: Person, conversation: Conversation, clock: Clock
    ) -> None:
        socket, said = await process.resumed(fatimas), {"conversation": conversation.id, "escalation_id": new_id(), "urgency": "today"}

        refs = [socket.say("escalate", **said, words="Kan je bellen?") for _ in range(2)]
        await process.settle()

        first, second = ({**socket.reply(ref), "reply_to": 0} for ref in refs)
        assert (first["type"], first["name"]) == ("escalated", nele.name)
        assert first == second
        assert await read(lambda: [one.words for one in Escalation.objects.select_related("data_key")]) == ["Kan je bellen?"]

    async def test_under_a_used_id_is_refused(self, process: InProcess, fatimas: Device, conversation: Conversation) -> None:
        socket, said = await process.resumed(fatimas), {"conversation": conversation.id, "escalation_id": new_id()}

        socket.say("escalate", **said, urgency="today")
        await process.settle()
        socket.say("escalate", **said, urgency="two_days")
        await process.settle()

        assert codes(socket) == ["escalation_reused"]


class TestLetters:
    async def test_that_wait_are_told_after_resuming(self, process: InProcess, fatimas: Device, fatima: Person) -> None:
        await read(told_letters, 2, fatima)

        socket = await process.resumed(fatimas)

        assert socket.of_type("statements") == [{"type": "statements", "unread": 2}]

    async def test_are_not_mentioned_when_there_are_none(self, process: InProcess, fatimas: Device) -> None:
        socket = await process.resumed(fatimas)

        assert socket.of_type("statements") == []

    async def test_are_told_when_their_number_changes(self, process: InProcess, fatimas: Device, fatima: Person) -> None:
        socket = await process.resumed(fatimas)

        for unread in (1, 1, 2, 0):
            await read(told_letters, unread, fatima)
            await process.settle()

        assert [frame["unread"] for frame in socket.of_type("statements")] == [1, 2, 0]

    async def test_are_found_by_the_sweep_when_the_hint_is_lost(self, process: InProcess, fatimas: Device, fatima: Person) -> None:
        socket = await process.resumed(fatimas)

        with process.deaf():
            await read(Person.objects.filter(id=fatima.id).update, unread_statements=F("unread_statements") + 1)
        await process.sweep()

        assert [frame["unread"] for frame in socket.of_type("statements")] == [1]
