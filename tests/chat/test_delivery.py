"""From what was committed to the sockets that may hear it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from chat import frames
from chat.actions.marks import Risen
from chat.codec import encode
from chat.delivery import EntryDelivery, fan_out, fan_out_marks
from chat.drafts import Appended, Recipient
from live.hub import Hub, Outlet

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROOM, FATIMA, ANNEMIE, DRAFT = uuid4(), uuid4(), uuid4(), uuid4()


class Listener:
    """An outlet that keeps what it is offered."""

    def __init__(self, person_id: UUID, *, version: int = 0) -> None:
        self.person_id, self.device_id, self.access_version = person_id, uuid4(), version
        self.heard: list[dict[str, Any]] = []
        self.missed: list[UUID] = []
        self.rechecked = 0

    def offer_entry(self, delivery: EntryDelivery, *, conceals: bool) -> None:
        self.heard.append(json.loads(delivery.encoded_for(self.person_id, conceals=conceals)))

    def offer_marks(self, marks: frames.Marks) -> None:
        self.heard.append(json.loads(encode(marks)))

    def miss_marks(self, conversation_id: UUID) -> None:
        self.missed.append(conversation_id)

    def recheck(self) -> None:
        self.rechecked += 1

    def conversation_ids(self) -> list[UUID]:
        return [ROOM]


def listening(hub: Hub, person_id: UUID, *, version: int = 0) -> Listener:
    one = Listener(person_id, version=version)
    hub.add(cast(Outlet, one))
    return one


@pytest.fixture
def hub() -> Hub:
    return Hub()


def appended(*audience: Recipient) -> Appended:
    entry = frames.Entry(3, "message", 1, NOW, body="Dag")
    return Appended(ROOM, entry, list(audience), sender_id=FATIMA, draft_id=DRAFT)


class TestFanOut:
    def test_reaches_who_may_see_it(self, hub: Hub) -> None:
        annemie, stranger = listening(hub, ANNEMIE), listening(hub, uuid4())

        fan_out(hub, appended(Recipient(FATIMA, 0), Recipient(ANNEMIE, 0)))

        assert [entry["body"] for frame in annemie.heard for entry in frame["entries"]] == ["Dag"]
        assert stranger.heard == []

    def test_spares_the_socket_that_sent_it_alone(self, hub: Hub) -> None:
        phone, tablet = listening(hub, FATIMA), listening(hub, FATIMA)

        fan_out(hub, appended(Recipient(FATIMA, 0)), spare=phone)

        assert phone.heard == []
        assert tablet.heard[0]["entries"][0]["draft_id"] == str(DRAFT)

    def test_shows_the_draft_to_its_author_alone(self, hub: Hub) -> None:
        annemie = listening(hub, ANNEMIE)

        fan_out(hub, appended(Recipient(ANNEMIE, 0)))

        assert "draft_id" not in annemie.heard[0]["entries"][0]

    def test_conceals_the_words_from_who_blocked_their_author(self, hub: Hub) -> None:
        annemie = listening(hub, ANNEMIE)

        fan_out(hub, appended(Recipient(ANNEMIE, 0, conceals=True)))

        (entry,) = annemie.heard[0]["entries"]
        assert entry["concealed"] is True
        assert "body" not in entry

    @pytest.mark.parametrize("version", [0, 2])
    def test_gives_nothing_under_another_access_version_but_looks_again(self, hub: Hub, version: int) -> None:
        annemie = listening(hub, ANNEMIE, version=version)

        fan_out(hub, appended(Recipient(ANNEMIE, 1)))

        assert annemie.heard == []
        assert annemie.rechecked == 1


class TestFanOutMarks:
    def risen(self, *, kept: frozenset[int] = frozenset()) -> Risen:
        marks = [frames.Mark(1, 5, 4), frames.Mark(2, 3, 2)]
        return Risen(ROOM, marks, kept, {1: FATIMA, 2: ANNEMIE}, [Recipient(FATIMA, 0), Recipient(ANNEMIE, 0), Recipient(DRAFT, 0)])

    def test_tells_everybody(self, hub: Hub) -> None:
        annemie = listening(hub, ANNEMIE)

        fan_out_marks(hub, [self.risen()])

        assert annemie.heard[0]["marks"] == [
            {"number": 1, "delivered_seq": 5, "read_seq": 4},
            {"number": 2, "delivered_seq": 3, "read_seq": 2},
        ]

    def test_keeps_a_kept_read_mark_with_its_owner(self, hub: Hub) -> None:
        fatima, annemie, third = listening(hub, FATIMA), listening(hub, ANNEMIE), listening(hub, DRAFT)

        fan_out_marks(hub, [self.risen(kept=frozenset({1, 2}))])

        shown = [{mark["number"]: mark.get("read_seq") for mark in one.heard[0]["marks"]} for one in (fatima, annemie, third)]
        assert shown == [{1: 4, 2: None}, {1: None, 2: 2}, {1: None, 2: None}]

    def test_says_nothing_of_when_a_kept_read_mark_rose(self, hub: Hub) -> None:
        fatima, annemie = listening(hub, FATIMA), listening(hub, ANNEMIE)
        read_alone = replace(self.risen(kept=frozenset({1})), only_read=frozenset({1}))

        fan_out_marks(hub, [read_alone, replace(read_alone, marks=read_alone.marks[:1])])

        assert [mark["number"] for frame in fatima.heard for mark in frame["marks"]] == [1, 2, 1]
        assert [mark["number"] for frame in annemie.heard for mark in frame["marks"]] == [2]

    def test_gives_nothing_under_another_access_version(self, hub: Hub) -> None:
        annemie = listening(hub, ANNEMIE, version=1)

        fan_out_marks(hub, [self.risen()])

        assert (annemie.heard, annemie.missed) == ([], [ROOM])
