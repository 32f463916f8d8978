"""Flags, questions and letters in lite: the small numbers, and that nobody pays for a letter twice."""

from typing import Any

import pytest

from accounts.models import Device, Person
from chat.lite import safety
from chat.models import Conversation
from live.pool import read
from moderation.models import Escalation, Flag
from tests.chat.in_process import InProcess
from tests.chat.lite.device import ERROR, WELCOME, cursor_bytes, cursor_of, opened, post
from tests.chat.words import message, sent
from tests.conftest import Clock
from tests.factories import make_device

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]
FLAG, ESCALATE, FLAGGED, ESCALATED, STATEMENTS = -13, -14, -13, -14, -16


class TestOverASocket:
    async def test_a_flag_is_a_few_bytes_and_so_is_its_receipt(
        self, process: InProcess, fatimas: Device, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, message(annemie, conversation, "Leen me geld"), now=clock())
        socket = await opened(process, fatimas)

        for _ in range(2):
            socket.say([FLAG, 7, 1, 1, safety.REASONS.index("money"), 1])
            await process.settle()

        first, second = socket.of(FLAGGED)
        assert first[1] == second[1] == 7
        assert first[3] - clock().timestamp() == second[3] - clock().timestamp() == 4 * 3_600
        assert (await read(Flag.objects.get)).reason == "money"

    async def test_a_question_names_who_has_it(self, process: InProcess, fatimas: Device, nele: Person, conversation: Conversation) -> None:
        socket = await opened(process, fatimas)

        socket.say([ESCALATE, 7, 1, 1, safety.URGENCIES.index("today"), "Kan je bellen?"])
        await process.settle()

        assert [array[4] for array in socket.of(ESCALATED)] == [nele.name]
        assert (await read(Escalation.objects.get)).urgency == "today"

    @pytest.mark.parametrize(
        "array", [[FLAG, 7, 1, 1, 6, 1], [FLAG, 7, 1, 1, "money", 1], [FLAG, 7, 1, 1, None, 1], [ESCALATE, 7, 1, 1, 3]]
    )
    async def test_what_has_no_place_in_the_lists_is_malformed(self, process: InProcess, fatimas: Device, array: list[Any]) -> None:
        socket = await opened(process, fatimas)

        socket.say(array)
        await process.settle()

        assert [array[1:3] for array in socket.of(ERROR)] == [["malformed", 7]]

    async def test_letters_are_told_after_the_welcome(self, process: InProcess, fatimas: Device, fatima: Person) -> None:
        await read(Person.objects.filter(id=fatima.id).update, unread_statements=1)

        socket = await opened(process, fatimas)

        assert socket.of(STATEMENTS) == [[STATEMENTS, 1]]


class TestInAPost:
    async def test_a_flag_is_kept_when_the_budget_leaves_no_socket(
        self, process: InProcess, annemie: Person, fatima: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, message(annemie, conversation, "Leen me geld"), now=clock())
        _, token = await read(make_device, person=fatima, now=clock())
        _, arrays = await post(token, [-10])

        _, arrays = await post(token, [-10, cursor_bytes(cursor_of(arrays))], [FLAG, 7, 1, 1, 5, 1])

        assert [array[:2] for array in arrays if array[0] == FLAGGED] == [[FLAGGED, 7]]

    async def test_a_letter_is_no_reason_to_answer_sooner(
        self, process: InProcess, fatima: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(Person.objects.filter(id=fatima.id).update, unread_statements=1)
        _, token = await read(make_device, person=fatima, now=clock())
        _, arrays = await post(token, [-10])

        _, again = await post(token, [-10, cursor_bytes(cursor_of(arrays)), 1])

        assert [array[0] for array in again] == [WELCOME, STATEMENTS]
