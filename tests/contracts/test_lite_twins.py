"""One story, told as JSON, on the lite socket, and in POSTs: the same answers, the same log, the same cards."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID, uuid4

import pytest

from chat import frames
from chat.lite import dictionaries
from tests.contracts.lite_line import ACTS, PURPOSES, REASONS, URGENCIES, LiteLine, LitePost, Wire, lite_line
from tests.contracts.wire import Line, line
from tests.promises.houses import House

pytestmark = pytest.mark.delivery

TOMORROW = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
SOON, LATER = (f"{TOMORROW + timedelta(days=days):%Y-%m-%dT15:00}" for days in (3, 5))
FATIMA, ANNEMIE = 0, 1
NOBODYS = "nobody's"
Frame = dict[str, Any]

# Who, which command, with what. `draft` is a name; the same name is the same draft.
STORY: list[tuple[int, str, Frame]] = [
    (FATIMA, "send", {"draft": "a", "body": "Dag Annemie"}),
    (FATIMA, "send", {"draft": "a", "body": "Dag Annemie"}),
    (FATIMA, "send", {"draft": "a", "body": "Iets anders"}),
    (ANNEMIE, "send", {"draft": "b", "body": "Dag Fatima! Hoe gaat het met je? 🙂"}),
    (FATIMA, "send", {"draft": "c", "body": ""}),
    (FATIMA, "send", {"draft": "d", "body": "x" * 2_001}),
    (FATIMA, "send", {"draft": "e", "body": "x" * 2_000}),
    (FATIMA, "send", {"draft": "f", "body": "\a"}),
    (FATIMA, "send", {"draft": "g", "body": "Dag", "conversation": NOBODYS}),
    (FATIMA, "send", {"draft": "h", "body": "Dag", "media": UUID(int=7)}),
    (ANNEMIE, "edit", {"draft": "i", "target": 2, "body": "Dag Fatima! Alles goed?"}),
    (FATIMA, "edit", {"draft": "j", "target": 2, "body": "Niet van mij"}),
    (FATIMA, "edit", {"draft": "k", "target": 99, "body": "Nergens"}),
    (ANNEMIE, "read", {"seq": 1}),
    (ANNEMIE, "read", {"seq": 1, "conversation": NOBODYS}),
    (FATIMA, "read", {"seq": 4}),
    (FATIMA, "retract", {"draft": "l", "target": 1}),
    (FATIMA, "retract", {"draft": "m", "target": 1}),
    (FATIMA, "edit", {"draft": "n", "target": 1, "body": "Toch"}),
    (FATIMA, "history", {}),
    (FATIMA, "history", {"before": 3, "limit": 1}),
    (ANNEMIE, "history", {"after": 1, "limit": 2}),
    (ANNEMIE, "history", {"after": 1, "before": 4}),
    (ANNEMIE, "history", {"conversation": NOBODYS}),
    (ANNEMIE, "history", {"limit": 51}),
    (FATIMA, "read", {"seq": 0}),
    (FATIMA, "mute", {"until": TOMORROW + timedelta(days=400)}),
    (FATIMA, "mute", {"until": TOMORROW}),
    (FATIMA, "conversations", {}),
    (
        ANNEMIE,
        "meet",
        {"draft": "q", "act": "propose", "times": [{"start": SOON}], "purpose": "work", "repeat": "FREQ=WEEKLY", "place": "Bib 🙂"},
    ),
    (
        ANNEMIE,
        "meet",
        {"draft": "q", "act": "propose", "times": [{"start": SOON}], "purpose": "work", "repeat": "FREQ=WEEKLY", "place": "Bib 🙂"},
    ),
    (ANNEMIE, "meet", {"draft": "q", "act": "propose", "times": [{"start": SOON}]}),
    (FATIMA, "meet", {"draft": "r", "act": "accept", "meeting": 1, "version": 1}),
    (FATIMA, "send", {"draft": "ra", "body": "Fijn!"}),
    (FATIMA, "meet", {"draft": "s", "act": "accept", "meeting": 1, "version": 7}),
    (FATIMA, "meet", {"draft": "t", "act": "move", "meeting": 1, "date": SOON[:10], "times": [{"start": LATER, "minutes": 45, "fold": 0}]}),
    (FATIMA, "meet", {"draft": "u", "act": "propose", "times": []}),
    (
        FATIMA,
        "meet",
        {"draft": "v", "act": "propose", "times": [{"start": SOON}, {"start": LATER}], "zone": "Europe/London", "online": True},
    ),
    (ANNEMIE, "meet", {"draft": "w", "act": "counter", "meeting": 2, "version": 1, "times": [{"start": LATER}]}),
    (ANNEMIE, "meet", {"draft": "x", "act": "decline", "meeting": 9, "version": 1}),
    (ANNEMIE, "meet", {"draft": "y", "act": "cancel", "meeting": 2, "conversation": NOBODYS}),
    (ANNEMIE, "meet", {"draft": "z", "act": "cancel", "meeting": 2}),
    (FATIMA, "held", {"meeting": 1, "took_place": True, "date": SOON[:10]}),
    (FATIMA, "held", {"meeting": 3, "took_place": False, "note": "Ziek"}),
    (FATIMA, "flag", {"flag": "fa", "reason": "money", "target": 2, "words": "Nu"}),
    (FATIMA, "flag", {"flag": "fa", "reason": "money", "target": 2, "words": "Nu"}),
    (FATIMA, "flag", {"flag": "fa", "reason": "hate", "target": 2}),
    (FATIMA, "flag", {"flag": "fb", "reason": "worry", "member": 2}),
    (FATIMA, "flag", {"flag": "fc", "reason": "worry", "member": 1}),
    (ANNEMIE, "flag", {"flag": "fd", "reason": "hate", "target": 99}),
    (ANNEMIE, "flag", {"flag": "fe", "reason": "hate", "target": 1, "conversation": NOBODYS}),
    (ANNEMIE, "escalate", {"question": "ea", "urgency": "two_days"}),
    (ANNEMIE, "escalate", {"question": "ea", "urgency": "today"}),
    (FATIMA, "history", {"limit": 12}),
    (FATIMA, "ping", {}),
]
FAREWELL: list[tuple[int, str, Frame]] = [
    (FATIMA, "mute", {}),
    (ANNEMIE, "leave", {"conversation": NOBODYS}),
    (ANNEMIE, "leave", {}),
    (ANNEMIE, "leave", {}),
    (ANNEMIE, "send", {"draft": "o", "body": "Toch nog iets"}),
    (ANNEMIE, "history", {"after": 0, "limit": 50}),
    (FATIMA, "send", {"draft": "p", "body": "Ben je daar?"}),
    (FATIMA, "history", {"after": 0, "limit": 50}),
]


class Talks(Protocol):
    heard: list[Frame]

    def ask(self, kind: str, **fields: Any) -> Frame: ...


class Phone:
    """One of the two, on one of the wires. What it hears is told without what differs from house to house."""

    def __init__(self, talks: Talks, conversation: str) -> None:
        self.talks = talks
        self.conversation = conversation
        self.drafts: dict[str, int] = {}

    def tell(self, kind: str, fields: Frame) -> Frame:
        said = dict(fields)
        if kind not in {"ping", "conversations"}:
            whose = said.get("conversation", self.conversation)
            said["conversation"] = self.nobodys() if whose == NOBODYS else whose
        if "draft" in said:
            name = said.pop("draft")
            said["draft_id"] = self.draft(self.drafts.setdefault(name, len(self.drafts) + 1))
        for name, field in (("flag", "flag_id"), ("question", "escalation_id")):
            if name in said:
                said[field] = self.draft(self.drafts.setdefault(said.pop(name), len(self.drafts) + 1))
        return self.plain(self.talks.ask(kind, **self.spelled(said)))

    def plain(self, frame: Frame) -> Frame:
        kept = {name: value for name, value in frame.items() if name in {"type", "code", "seq", "more", "retry_after", "entries"}}
        return {**kept, "entries": [self.entry(entry) for entry in kept["entries"]]} if "entries" in kept else kept

    def entry(self, entry: Frame) -> Frame:
        plain = {name: value for name, value in entry.items() if name != "at"}
        if "draft_id" in plain:
            numbers = {str(self.as_uuid(number)): name for name, number in self.drafts.items()}
            plain["draft_id"] = numbers[str(plain["draft_id"])]
        return plain

    def told(self) -> list[Frame]:
        """Every entry that came as an event."""
        return [self.entry(entry) for frame in self.talks.heard if frame["type"] == "entries" for entry in frame["entries"]]

    def card(self) -> Frame:
        """The card, without whose and when; what has its default is left out."""
        self.talks.ask("conversations")
        card = [frame["card"] for frame in self.talks.heard if frame["type"] == "conversation"][-1]
        members = [{name: value for name, value in member.items() if name != "person" and value is not False} for member in card["members"]]
        plain = {name: value for name, value in card.items() if name != "id" and value}
        return {
            **plain,
            "members": [{"delivered_seq": 0, **member} for member in members],
            "muted_until": _seconds(card.get("muted_until")),
        }

    def nobodys(self) -> Any:
        raise NotImplementedError

    def draft(self, number: int) -> Any:
        raise NotImplementedError

    def as_uuid(self, number: int) -> UUID:
        raise NotImplementedError

    def spelled(self, fields: Frame) -> Frame:
        raise NotImplementedError

    def settle(self) -> None:
        raise NotImplementedError


def _seconds(instant: Any) -> Any:
    return int(datetime.fromisoformat(instant).timestamp()) if isinstance(instant, str) else instant


class JsonPhone(Phone):
    talks: Line

    def nobodys(self) -> str:
        return str(uuid4())

    def draft(self, number: int) -> str:
        return str(self.as_uuid(number))

    def as_uuid(self, number: int) -> UUID:
        return UUID(int=UUID(self.conversation).int ^ number ^ id(self))

    def spelled(self, fields: Frame) -> Frame:
        return {name: str(value).replace(" ", "T") if isinstance(value, UUID | datetime) else value for name, value in fields.items()}

    def settle(self) -> None:
        self.talks.ask("ping")
        self.talks.connection.send(json.dumps({"type": "ack", "n": len(self.talks.heard)}))


class LitePhone(Phone):
    talks: LiteLine | LitePost

    def nobodys(self) -> int:
        return 4_000_000_000

    def draft(self, number: int) -> int:
        return number

    def as_uuid(self, number: int) -> UUID:
        return self.talks.wire.draft(number)

    def spelled(self, fields: Frame) -> Frame:
        spelled = {name: int(value.timestamp()) if isinstance(value, datetime) else value for name, value in fields.items()} | _numbers(
            fields
        )
        return {name: value.bytes if isinstance(value, UUID) else value for name, value in spelled.items()}

    def settle(self) -> None:
        self.talks.settle()
        self.talks.settle()


def _numbers(fields: Frame) -> Frame:
    """What is asked of a meeting, as lite spells it."""
    numbers: Frame = {}
    if "act" in fields:
        numbers["act"] = ACTS.index(fields["act"])
    if "purpose" in fields:
        numbers["purpose"] = PURPOSES.index(fields["purpose"]) + 1
    if "date" in fields:
        numbers["date"] = _seconds(f"{fields['date']}T00:00Z") // 86_400
    if "reason" in fields:
        numbers["reason"] = REASONS.index(fields["reason"])
    if "urgency" in fields:
        numbers["urgency"] = URGENCIES.index(fields["urgency"])
    if "times" in fields:
        numbers["times"] = [[_seconds(f"{time['start']}Z") // 60, time.get("minutes"), time.get("fold")] for time in fields["times"]]
    return numbers


class Told(NamedTuple):
    """What one telling of the story came to."""

    replies: list[Frame]
    cards: list[Frame]
    farewell: list[Frame]
    last_cards: list[Frame]
    events: list[list[Frame]]


def tell_on(phones: list[Phone]) -> Told:
    replies = [phones[who].tell(kind, fields) for who, kind, fields in STORY]
    cards = _settled_cards(phones)
    farewell = [phones[who].tell(kind, fields) for who, kind, fields in FAREWELL]
    return Told(replies, cards, farewell, _settled_cards(phones), [phone.told() for phone in phones])


def _settled_cards(phones: list[Phone]) -> list[Frame]:
    """The cards once everything is delivered to all who are still there."""
    end = time.monotonic() + 10
    while True:
        for phone in phones:
            phone.settle()
        cards = [phone.card() for phone in phones]
        delivered = {member["delivered_seq"] for card in cards for member in card["members"] if "left" not in member and "left" not in card}
        if delivered == {cards[0]["last_seq"]} or time.monotonic() > end:
            return cards
        time.sleep(0.1)


def two_headers(house: House) -> tuple[list[Mapping[str, str]], str]:
    made = house.office.ask_now("circle")
    return [{"Authorization": f"Bearer {person['token']}"} for person in made["people"]], made["conversation"]


@pytest.fixture(scope="module")
def as_json(daphne_house: House) -> Told:
    headers, conversation = two_headers(daphne_house)
    with ExitStack() as opened:
        return tell_on([JsonPhone(opened.enter_context(line(daphne_house.server.port, one)), conversation) for one in headers])


@pytest.fixture(params=["socket", "socket with a dictionary", "post", "post with a dictionary"])
def in_lite(request: pytest.FixtureRequest, daphne_house: House) -> Iterator[tuple[str, Told]]:
    headers, conversation = two_headers(daphne_house)
    port, way = daphne_house.server.port, request.param
    books = {"nl1": dictionaries.newest("nl").data} if "dictionary" in way else {}
    with ExitStack() as opened:
        talks: list[LiteLine | LitePost] = (
            [opened.enter_context(lite_line(port, one, wire=Wire(books))) for one in headers]
            if "socket" in way
            else [LitePost(port, one, wire=Wire(books)) for one in headers]
        )
        yield way, tell_on([LitePhone(one, conversation) for one in talks])


class TestTwins:
    def test_tell_every_command(self) -> None:
        commands = {command.__struct_config__.tag for command in frames.Command.__args__}

        assert {kind for _, kind, _ in STORY + FAREWELL} | {"ack", "resume"} == commands

    def test_agree_in_everything_but_the_spelling(self, as_json: Told, in_lite: tuple[str, Told]) -> None:
        way, lite = in_lite

        for step, mine, theirs in zip(STORY + FAREWELL, lite.replies + lite.farewell, as_json.replies + as_json.farewell, strict=True):
            assert mine == theirs, step
        assert lite.cards == as_json.cards
        assert lite.last_cards == as_json.last_cards
        if "socket" in way:
            assert lite.events == as_json.events
        else:  # what changed between two visits comes as it is by then
            assert [entry["seq"] for entry in lite.events[0]] == sorted({entry["seq"] for entry in lite.events[0]})

    def test_refuse_what_they_refuse_for_many_reasons(self, as_json: Told) -> None:
        codes = {reply["code"] for reply in as_json.replies + as_json.farewell if reply["type"] == "error"}

        assert codes >= {
            "draft_reused", "body_empty", "body_too_long", "body_invalid", "conversation_not_found", "not_yours", "entry_not_found",
            "already_retracted", "bad_range", "malformed", "media_not_found", "meeting_changed", "wrong_number_of_times", "meeting_not_found",
            "not_over_yet",
        }  # fmt: skip
