"""Blocking work of a channel: every letter has its fate, in time, whatever breaks."""

import asyncio
import threading
from uuid import uuid4

import pytest

from notifications.channels.in_a_thread import Batch, OneThread
from notifications.sending import Fate, Letter, Retry, Sent

LATER = Retry("timeout")
BROKEN = Retry("unforeseen", alarms=True)


def letters(*addresses: str) -> list[Letter]:
    return [Letter(uuid4(), "sms", address, "You have a message.", "en", "topic", 60) for address in addresses]


def answered(letter: Letter) -> Fate:
    if letter.address == "bad":
        raise RuntimeError("+32470000001 broke it")
    return Sent(letter.address)


class TestBatch:
    def test_lets_what_nobody_foresaw_cost_one_letter(self, capsys: pytest.CaptureFixture[str]) -> None:
        batch = Batch(letters("a", "bad", "c"), 5)

        batch.each(answered)

        assert batch.fates == [Sent("a"), BROKEN, Sent("c")]
        assert "+32" not in "".join(capsys.readouterr())

    def test_begins_with_no_letter_once_it_is_given_up(self) -> None:
        batch = Batch(letters("a", "b"), 5)

        def send(letter: Letter) -> Fate:
            batch.give_up()
            return answered(letter)

        batch.each(send)

        assert batch.fates == [Sent("a"), LATER]


class TestOneThread:
    async def test_answers_in_time_and_goes_on_afterwards(self) -> None:
        thread = OneThread("test", seconds=0.2)
        goes_on = threading.Event()

        def hang(batch: Batch) -> None:
            batch.each(lambda letter: answered(letter) if letter.address == "a" or goes_on.wait(30) else LATER)

        assert await thread.fates(letters("a", "hangs", "c"), hang) == [Sent("a"), LATER, LATER]
        goes_on.set()
        assert await OneThread("another").fates(letters("d"), hang) == [Sent("d")]
        await thread.end(lambda: None)

    async def test_has_a_fate_for_each_when_all_of_it_breaks(self) -> None:
        thread = OneThread("test")

        def broken(batch: Batch) -> None:
            raise KeyError(batch.letters[0].address)

        assert await thread.fates(letters("a", "b"), broken) == [BROKEN, BROKEN]
        await thread.end(lambda: None)

    async def test_stops_after_the_letter_in_hand_when_its_caller_goes(self) -> None:
        thread = OneThread("test")
        begun, goes_on, sent = threading.Event(), threading.Event(), list[str]()

        def send(letter: Letter) -> Fate:
            begun.set()
            goes_on.wait(30)
            sent.append(letter.address)
            return Sent()

        task = asyncio.create_task(thread.fates(letters("a", "b"), lambda batch: batch.each(send)))
        await asyncio.to_thread(begun.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        goes_on.set()
        await thread.end(lambda: None)

        assert sent == ["a"]

    async def test_ends_once(self) -> None:
        thread, ended = OneThread("test"), list[int]()

        await thread.end(lambda: ended.append(1))
        await thread.end(lambda: ended.append(2))

        assert ended == [1]
