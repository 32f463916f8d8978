"""Two implementations of `maatje.v1.lite` that know nothing of each other agree: this phone and the server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bench.houses import House
from bench.pairs import Pair
from chat.lite import dictionaries
from tests.lite.books import Book
from tests.lite.device import Device, Refused
from tests.lite.frames import Entry, Error, Head, Marks, Sent, pack
from tests.lite.post import NotTaken, Post

SLOT = 1
WORRY, TODAY = 5, 0  # a reason and an urgency, in their places on the page


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with House(database="sqlite", layer=False) as running:
        yield running


@pytest.fixture(scope="module")
def pairs(house: House) -> Iterator[Pair]:
    """A new pair for each test."""
    return iter(house.seat(20))


@pytest.fixture
def pair(pairs: Iterator[Pair]) -> Pair:
    return next(pairs)


@pytest.fixture
def book() -> Book:
    newest = dictionaries.newest("nl")
    return Book(newest.name, newest.data)


@pytest.fixture
async def fatima(house: House, pair: Pair, book: Book) -> AsyncIterator[Device]:
    async with Device(house.maatje.socket_url, pair.seats[0].token, books=[book], ack_seconds=0.2) as device:
        yield device


@pytest.fixture
async def annemie(house: House, pair: Pair, book: Book) -> AsyncIterator[Device]:
    async with Device(house.maatje.socket_url, pair.seats[1].token, books=[book], ack_seconds=0.2) as device:
        yield device


@pytest.fixture
def visitor(house: House, pair: Pair, book: Book, annemie: Device) -> Post:
    """Annemie's phone, without its socket."""
    return Post(house.maatje.url, pair.seats[1].token, books=[book], memory=annemie.memory)


async def entry(device: Device, seq: int) -> Entry:
    return await device.wait_for(lambda frame: frame if isinstance(frame, Entry) and frame.seq == seq else None)


def log(device: Device) -> list[str | None]:
    return [line.body for line in device.memory.talks[SLOT].log.values()]


class TestWelcome:
    async def test_starts_a_new_phone_afresh(self, fatima: Device) -> None:
        card = fatima.memory.talks[SLOT].card

        assert fatima.memory.life is not None
        assert card is not None and card.kind == "pair" and card.state == "open"
        assert [member.number for member in card.members] == [1, 2]

    async def test_tells_a_phone_that_knows_everything_only_the_time(self, fatima: Device, annemie: Device) -> None:
        await annemie.send(SLOT, "Dag Fatima!")
        await entry(fatima, 1)
        await asyncio.sleep(1)  # marks rise
        await fatima.close()
        await fatima.connect()
        await fatima.close()

        await fatima.connect()

        assert [len(payload) for payload in fatima.payloads] == [7]
        assert log(fatima) == ["Dag Fatima!"]

    async def test_brings_what_was_missed_in_the_same_message(self, fatima: Device, annemie: Device) -> None:
        await fatima.close()
        for text in ("een", "twee", "drie"):
            await annemie.send(SLOT, text)

        await fatima.connect()

        assert len(fatima.payloads) == 1
        assert log(fatima) == ["een", "twee", "drie"]


class TestTalking:
    @pytest.mark.parametrize("text", ["Tot morgen!", "x", "ça va 👋🏽", "مرحبا", "Zullen we " * 150])
    async def test_says_the_same_at_both_ends(self, fatima: Device, annemie: Device, text: str) -> None:
        sent = await annemie.send(SLOT, text)

        arrived = await entry(fatima, sent.seq)
        assert (arrived.body, arrived.author, arrived.at) == (text, 2, sent.at)
        assert log(annemie) == log(fatima) == [text]

    async def test_sends_a_draft_once_however_often_it_is_tried(self, fatima: Device, annemie: Device) -> None:
        tries = [await annemie.send(SLOT, "Ja", draft=70_000) for _ in range(3)]

        assert {(one.seq, one.at) for one in tries} == {(tries[0].seq, tries[0].at)}
        with pytest.raises(Refused, match="draft_reused"):
            await annemie.send(SLOT, "Nee", draft=70_000)

    async def test_edits_retracts_and_pages(self, fatima: Device, annemie: Device) -> None:
        await annemie.send(SLOT, "Om tien uur")
        await annemie.edit(SLOT, 1, "Om elf uur")
        await annemie.send(SLOT, "Oeps")
        await annemie.retract(SLOT, 3)

        await entry(fatima, 4)
        page = await fatima.history(SLOT, limit=3)

        assert [(one.seq, one.kind, one.target) for one in page.entries] == [(2, "edit", 1), (3, "message", None), (4, "retract", 3)]
        assert page.more
        assert page.entries[1].retracted_seq == 4 and page.entries[1].body is None

    async def test_marks_rise(self, fatima: Device, annemie: Device) -> None:
        sent = await fatima.send(SLOT, "Dag")
        await entry(annemie, sent.seq)
        await annemie.read(SLOT, sent.seq, wants_answer=True)

        def look(frame: Any) -> Marks | None:
            return frame if isinstance(frame, Marks) and (2, 1, 1) in frame.marks else None

        await fatima.wait_for(look)
        await fatima.ping()

    async def test_refuses_in_words(self, fatima: Device) -> None:
        with pytest.raises(Refused) as problem:
            await fatima.send(SLOT, "")
        assert problem.value.code == "body_empty"

        await fatima.write_raw(pack([99, 7, 70_001, "dag"]))
        error = await fatima.wait_for(lambda frame: frame if isinstance(frame, Error) and frame.ref == 7 else None)
        assert error.code == "conversation_not_found"


class TestSafety:
    async def test_offers_the_numbers_of_help_to_who_writes_of_a_crisis(self, fatima: Device, annemie: Device) -> None:
        sent = await fatima.send(SLOT, "ik wil niet meer leven")

        assert sent.help == "crisis"
        assert (await fatima.send(SLOT, "tot morgen")).help is None
        assert (await entry(annemie, sent.seq)).body == "ik wil niet meer leven"

    async def test_says_when_a_flag_and_a_call_for_a_professional_are_answered(self, fatima: Device, annemie: Device) -> None:
        said = await fatima.send(SLOT, "Dag")
        await entry(annemie, said.seq)

        flagged = await annemie.flag(SLOT, WORRY, target=said.seq, words="Het gaat niet goed")
        escalated = await annemie.escalate(SLOT, TODAY, "Bel haar")

        assert flagged.at <= escalated.at
        assert flagged.at < flagged.answer_by and escalated.at < escalated.answer_by
        assert escalated.name
        with pytest.raises(Refused, match="_not_found"):
            await annemie.flag(SLOT, WORRY, target=99)


class TestMeetings:
    async def test_are_seen_alike_at_both_ends_and_move_no_cursor_before_they_come(self, fatima: Device, annemie: Device) -> None:
        day = (datetime.now(UTC) + timedelta(days=9)).strftime("%Y-%m-%d")
        sent = await annemie.meet(
            SLOT, act="propose", times=[{"start": f"{day}T14:00", "minutes": 90}], place="De Krook", repeat="FREQ=WEEKLY", purpose="leisure"
        )

        theirs, own = await entry(fatima, sent.seq), await entry(annemie, sent.seq)
        assert theirs.meeting == own.meeting
        assert own.meeting is not None and own.draft == annemie.memory.draft(annemie.memory.drafts)
        assert {name: own.meeting[name] for name in ("act", "state", "place", "repeat", "purpose", "yes")} == {
            "act": "propose", "state": "proposed", "place": "De Krook", "repeat": "FREQ=WEEKLY", "purpose": "leisure", "yes": [2],
        }  # fmt: skip
        assert own.meeting["times"][0]["start"] == f"{day}T14:00"

    async def test_are_answered_in_a_post_and_by_date(self, fatima: Device, annemie: Device, visitor: Post) -> None:
        day = (datetime.now(UTC) + timedelta(days=9)).strftime("%Y-%m-%d")
        await fatima.meet(SLOT, act="propose", times=[{"start": f"{day}T14:00"}], repeat="FREQ=WEEKLY;INTERVAL=2", online=True)
        await entry(annemie, 1)
        await annemie.close()
        visitor.meet(SLOT, act="accept", meeting=1, version=1)
        visitor.meet(SLOT, act="cancel", meeting=1, date=day)

        heard = await asyncio.to_thread(visitor.exchange)
        last = await entry(fatima, 3)

        assert last.meeting is not None and last.meeting["changes"] == [{"date": day, "cancelled": True}]
        assert last.meeting["date"] == day and last.meeting["state"] == "agreed"
        assert [line.meeting for line in heard if isinstance(line, Entry)][-1] == last.meeting
        assert list(annemie.memory.talks[SLOT].log) == [1, 2, 3]

    async def test_that_cannot_be_are_refused(self, fatima: Device) -> None:
        with pytest.raises(Refused, match="meeting_not_found"):
            await fatima.meet(SLOT, act="accept", meeting=1, version=1)
        with pytest.raises(Refused, match="time_is_past"):
            await fatima.meet(SLOT, act="propose", times=[{"start": "2020-01-01T14:00"}])


class TestPost:
    async def test_sends_receives_and_acks_in_one_exchange(self, fatima: Device, annemie: Device, visitor: Post) -> None:
        await annemie.close()
        await fatima.send(SLOT, "Ben je daar?")
        visitor.send(SLOT, "Ja!")

        heard = await asyncio.to_thread(visitor.exchange)

        assert {type(frame) for frame in heard} >= {Entry, Sent}
        assert not any(isinstance(frame, Head) for frame in heard)
        assert log(annemie) == ["Ben je daar?", "Ja!"]
        assert (await entry(fatima, 2)).body == "Ja!"

    async def test_says_little_when_there_is_nothing(self, annemie: Device, visitor: Post) -> None:
        await annemie.close()
        await asyncio.to_thread(visitor.exchange)

        await asyncio.to_thread(visitor.exchange)

        assert visitor.got == 7

    async def test_refuses_what_does_not_begin_with_resume(self, house: House, pair: Pair) -> None:
        stranger = Post(house.maatje.url, "nobody")

        with pytest.raises(NotTaken) as problem:
            await asyncio.to_thread(stranger.exchange)

        assert problem.value.status == 401
