"""Entries, cards and frames to test the phone with."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from phone.kept import Kept, Person
from phone.planned import Meeting, MeetingTime
from phone.wire import Card, Entry, Member

EPOCH = UUID("019ab0c4-6e00-7a22-990f-a4684602f7c3")
HERE = UUID("019ab0c4-7a10-7c3e-9d51-0b6f3a2e8c01")
FATIMA = UUID("019ab0c4-6f02-7d13-9768-75a54fd07b3b")
ANNEMIE = UUID("019ab0c4-6f02-7d13-9768-75a54fd07b3c")
NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # nine in Brussels


def at(seq: int) -> datetime:
    return NINE + timedelta(minutes=seq)


def message(seq: int, body: str | None = "dag", *, author: int = 2, **more: Any) -> Entry:
    return Entry(seq=seq, kind="message", author=author, at=at(seq), body=body, **more)


def edit(seq: int, target: int, body: str | None, *, author: int = 2) -> Entry:
    return Entry(seq=seq, kind="edit", author=author, at=at(seq), target=target, body=body)


def retract(seq: int, target: int, *, author: int = 2) -> Entry:
    return Entry(seq=seq, kind="retract", author=author, at=at(seq), target=target)


def hide(seq: int, target: int) -> Entry:
    return Entry(seq=seq, kind="hide", author=0, at=at(seq), target=target)


def restore(seq: int, target: int, body: str | None = None, **more: Any) -> Entry:
    return Entry(seq=seq, kind="restore", author=0, at=at(seq), target=target, body=body, **more)


def planned(seq: int, act: str, *, author: int = 2, **more: Any) -> Entry:
    """Something done with the first meeting, which Annemie proposed for a Wednesday at two."""
    said = {"number": 1, "version": 1, "state": "proposed", "proposer": 2, "zone": "Europe/Brussels", "yes": [2], **more}
    return Entry(seq=seq, kind="meeting", author=author, at=at(seq), meeting=meeting(act=act, **said))


def meeting(**said: Any) -> Meeting:
    times = said.pop("times", [MeetingTime("2026-11-25T14:00", 90)])
    return Meeting(times=times, **said)


def join(seq: int, member: int) -> Entry:
    return Entry(seq=seq, kind="join", author=0, at=at(seq), member=member)


def member(number: int, name: str, **more: Any) -> Member:
    person = {1: FATIMA, 2: ANNEMIE}.get(number, UUID(int=number))
    return Member(number=number, person=person, name=name, role=more.pop("role", "buddy"), **more)


def card(**more: Any) -> Card:
    """Fatima's card of her pair with Annemie; empty unless said otherwise."""
    pair = [member(1, "Fatima", role="participant"), member(2, "Annemie")]
    return Card(**{"id": HERE, "kind": "pair", "state": "open", "you": 1, "first_seq": 1, "last_seq": 0, "members": pair, **more})


def fatimas_phone(**more: Any) -> Kept:
    """A phone that knows nothing yet."""
    who = Person(FATIMA, "Fatima", "participant", more.pop("language", "nl"), "Europe/Brussels")
    return Kept(server="http://127.0.0.1:1", token="mtj_x", person=who, **more)


def frame(kind: str, **fields: Any) -> str:
    """A frame as the server writes it."""
    return json.dumps({"type": kind, **fields}, default=str)
