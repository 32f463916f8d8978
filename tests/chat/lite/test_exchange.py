"""POST /lite: a whole visit in one exchange."""

import asyncio
from typing import Any

import pytest

from accounts.actions import devices, people
from accounts.models import Device, Person
from chat.models import Conversation, Entry
from live.pool import read
from tests.chat.in_process import InProcess
from tests.chat.lite.device import CARD, ERROR, HEAD, MARKS, SENT, WELCOME, cursor_bytes, cursor_of, pack, post
from tests.chat.words import message, sent
from tests.conftest import Clock
from tests.factories import make_device

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]

Phone = tuple[Device, str]


@pytest.fixture
def phone(fatima: Person, conversation: Conversation, clock: Clock) -> Phone:
    return make_device(person=fatima, now=clock())


@pytest.fixture
def other(annemie: Person, conversation: Conversation, clock: Clock) -> Phone:
    return make_device(person=annemie, now=clock())


async def first_visit(phone: Phone) -> bytes:
    """Come for the first time; the cursor to come back with."""
    _, arrays = await post(phone[1], [-10])
    return cursor_bytes(cursor_of(arrays))


def numbers(arrays: list[list[Any]]) -> list[int]:
    return [array[0] for array in arrays]


class TestAVisit:
    async def test_begins_with_everything(self, process: InProcess, phone: Phone) -> None:
        status, arrays = await post(phone[1], [-10])

        assert status == 200
        assert numbers(arrays) == [WELCOME, CARD]

    async def test_sends_receives_and_acks_at_once(
        self, process: InProcess, phone: Phone, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        cursor = await first_visit(phone)
        await read(sent, message(annemie, conversation, "Kom je?"), now=clock())

        _, arrays = await post(phone[1], [-10, cursor], [1, 7, 1, "Ja!"])

        assert numbers(arrays) == [WELCOME, 1, SENT]
        assert arrays[1][2] == "Kom je?"
        assert arrays[2][1:3] == [7, 2]

    async def test_with_nothing_new_is_a_welcome(self, process: InProcess, phone: Phone) -> None:
        cursor = await first_visit(phone)

        _, arrays = await post(phone[1], [-10, cursor])

        assert [len(array) for array in arrays] == [2]

    async def test_again_sends_once(self, process: InProcess, phone: Phone, conversation: Conversation) -> None:
        cursor = await first_visit(phone)

        answers = [await post(phone[1], [-10, cursor], [1, 7, 1, "Ja!"]) for _ in range(2)]

        assert [[array[2] for array in arrays if array[0] == SENT] for _, arrays in answers] == [[1], [1]]
        assert await read(Entry.objects.filter(conversation=conversation).count) == 1

    async def test_says_when_there_is_more_than_fits(
        self, process: InProcess, phone: Phone, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        cursor = await first_visit(phone)
        await read(sent, *(message(annemie, conversation, "x" * 1_900) for _ in range(90)), now=clock())

        _, arrays = await post(phone[1], [-10, cursor])

        assert arrays[-1] == [HEAD, 1, 90]
        assert 20 < len([array for array in arrays if array[0] == 1]) < 90

    async def test_makes_what_came_before_delivered(
        self, process: InProcess, phone: Phone, other: Phone, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        hers = await first_visit(other)
        await read(sent, message(annemie, conversation), now=clock())
        _, arrays = await post(phone[1], [-10])
        await post(phone[1], [-10, cursor_bytes(cursor_of(arrays))])
        await process.settle()

        _, told = await post(other[1], [-10, hers])

        assert [MARKS, 1, 1, 1] in [array[:4] for array in told]

    async def test_that_waits_hears_what_happens_meanwhile(self, process: InProcess, phone: Phone, other: Phone) -> None:
        cursor, hers = await first_visit(phone), await first_visit(other)

        waiting = asyncio.ensure_future(post(phone[1], [-10, cursor, 20]))
        await asyncio.sleep(0.3)
        await post(other[1], [-10, hers], [1, 1, 1, "Ben je daar?"])
        _, arrays = await asyncio.wait_for(waiting, 5)

        assert [array[2] for array in arrays if array[0] == 1] == ["Ben je daar?"]


class TestADeviceThatMustStartAfresh:
    @pytest.mark.parametrize("cursor", [None, pack([12345, 1, 0, 0, 0])], ids=["without a cursor", "of another life"])
    async def test_has_nothing_written_in_its_name(self, process: InProcess, phone: Phone, conversation: Conversation, cursor: Any) -> None:
        _, arrays = await post(phone[1], [-10, cursor], [1, 7, 1, "voor wie?"], [-4, 1, 1, 8])

        assert [array for array in arrays if array[0] == ERROR] == [[ERROR, "not_resumed", 7], [ERROR, "not_resumed", 8]]
        assert await read(Entry.objects.filter(conversation=conversation).count) == 0


class TestWhoIsNotLetIn:
    async def test_is_told_in_the_shape_of_every_refusal(self, process: InProcess, phone: Phone) -> None:
        assert (await post("mtj_" + "0" * 64, [-10]))[0] == 401

    async def test_was_signed_out(self, process: InProcess, phone: Phone, fatima: Person, clock: Clock) -> None:
        await read(devices.revoke, device=phone[0], by=fatima, now=clock())

        assert (await post(phone[1], [-10]))[1]["code"] == "unauthenticated"

    async def test_is_suspended(self, process: InProcess, phone: Phone, fatima: Person, clock: Clock) -> None:
        await read(people.suspend, person=fatima, by=None, now=clock())

        status, said = await post(phone[1], [-10])

        assert (status, said["code"]) == (403, "suspended")

    async def test_comes_with_a_cookie_from_elsewhere(self, process: InProcess, phone: Phone) -> None:
        status, said = await post(phone[1], [-10], by_cookie=True)

        assert (status, said["code"]) == (403, "origin_refused")

    async def test_speaks_another_language(self, process: InProcess, phone: Phone) -> None:
        assert (await post(phone[1], [-10], content_type=b"application/json"))[0] == 415

    @pytest.mark.parametrize("body", [[[-9]], [[-10, b"\xc1"]], [[-10, pack([1, 2])]]])
    async def test_says_no_resume(self, process: InProcess, phone: Phone, body: list[Any]) -> None:
        status, said = await post(phone[1], *body)

        assert (status, said["code"]) == (400, "malformed")

    async def test_waits_too_often_at_once(self, process: InProcess, phone: Phone) -> None:
        cursor = await first_visit(phone)
        waiting = [asyncio.ensure_future(post(phone[1], [-10, cursor, 20])) for _ in range(3)]
        await asyncio.sleep(0.3)

        status, _ = await post(phone[1], [-10, cursor])

        assert status == 429
        for task in waiting:
            task.cancel()


class TestAVisitOfSomebodyWhoseDataIsUsedUp:
    async def test_is_told_once_and_goes_on_waiting(self, process: InProcess, phone: Phone) -> None:
        cursor = await first_visit(phone)

        waiting = asyncio.ensure_future(post(phone[1], [-10, cursor, 2]))
        await asyncio.sleep(0.4)
        for outlet in process.hub.of(phone[0].person_id):
            for _ in range(3):
                outlet.budget(100, 1_000_001, 1_000_000)
        await asyncio.sleep(0.4)
        assert not waiting.done()

        _, arrays = await waiting
        assert [array for array in arrays if array[0] == -11] == [[-11, 100, 1_000_001, 1_000_000]]
