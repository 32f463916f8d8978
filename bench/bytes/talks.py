"""Two people of one language on lite phones: each phrase is sent once, and what arrives is weighed."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgspec

from bench import chrome
from bench.bytes.plain_json import JsonDevice
from tests.lite.books import Book
from tests.lite.device import Device, Refused
from tests.lite.frames import Entry, pack, unpack

GAP = 300  # seconds: the gap that `later` supposes between a message and what was before it
BATCH = 5
BATCHES = 2
SETTLED = 1.0  # seconds in which marks that rise are told
_SENT = -2  # the number of the frame
HELD = 2.6  # in low-data mode events wait for each other up to 2 s


class Seats(msgspec.Struct, frozen=True):
    """Tokens of one pair."""

    language: str
    sender: str
    reader: str
    json_reader: str
    browser: str


@dataclass(slots=True)
class Weights:
    """Bytes above WebSocket, an item a repetition."""

    texts: list[int] = field(default_factory=list)  # UTF-8
    json: list[int] = field(default_factory=list)
    lite: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)  # lite, five minutes after the message before
    send: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)  # ack and read mark together
    batched: list[float] = field(default_factory=list)  # of a message among five
    resume: list[int] = field(default_factory=list)
    ping: list[int] = field(default_factory=list)
    pong: list[int] = field(default_factory=list)
    upgrade: list[int] = field(default_factory=list)  # HTTP request and answer


async def weigh(url: str, seats: Seats, book: Book, phrases: list[str], *, version: str) -> Weights:
    """Talk, come back, beat, and talk with low data."""
    found = Weights()
    sender = Device(url, seats.sender, books=[book], page=version)
    reader = Device(
        url, seats.reader, books=[book], page=version, origin=f"http://{urlsplit(url).netloc}",
        additional_headers=chrome.OF_A_SOCKET, user_agent_header=chrome.USER_AGENT,
    )  # fmt: skip
    other = JsonDevice(url, seats.json_reader)
    await asyncio.gather(sender.connect(), reader.connect(), other.connect())
    (slot,) = reader.memory.talks
    for text in phrases:
        await _one(sender, reader, other, slot, text, found)
    await other.close()
    await _come_back(reader, slot, found)
    before = len(reader.payloads)
    await reader.ping()
    found.ping.append(reader.written[-1])
    found.pong.append(sum(map(len, reader.payloads[before:])))
    await sender.close()
    await reader.close()
    return found


async def weigh_batches(url: str, seats: Seats, book: Book, phrases: list[str], *, version: str) -> list[float]:
    """The bytes of a message among five that are sent one after the other to a phone in low-data mode."""
    sender, reader = (Device(url, token, books=[book], page=version) for token in (seats.sender, seats.reader))
    await asyncio.gather(sender.connect(), reader.connect())
    (slot,) = reader.memory.talks
    await asyncio.sleep(HELD)
    found = []
    for number in range(BATCHES):
        await reader.ack()
        before = len(reader.payloads)
        for at in range(BATCH):
            await sender.send(slot, phrases[(BATCH * number + at) % len(phrases)])
        await asyncio.sleep(HELD)
        found.append(sum(map(len, reader.payloads[before:])) / BATCH)
    await sender.close()
    await reader.close()
    return found


async def _one(sender: Device, reader: Device, other: JsonDevice, slot: int, text: str, found: Weights) -> None:
    heard, written, answered, arrived = len(reader.frames), len(sender.written), len(sender.payloads), len(reader.payloads)
    try:
        reply = await sender.send(slot, text)
    except Refused as problem:
        raise SystemExit(f"{text!r}: the server refuses it ({problem.code}).") from None

    def look(frame: Any) -> Entry | None:
        return frame if isinstance(frame, Entry) and frame.seq == reply.seq else None

    entry = await reader.wait_for(look, since=heard)
    if entry.body != text:
        raise SystemExit(f"{text!r} arrived as {entry.body!r}.")
    found.texts.append(len(text.encode()))
    found.send.append(sum(sender.written[written:]))
    found.sent.append(sum(len(payload) for payload in sender.payloads[answered:] if _SENT in (frame[0] for frame in unpack(payload))))
    size, gap = next((len(payload), gap) for payload in reader.payloads[arrived:] if (gap := _gap_in(payload)) is not None)
    found.lite.append(size)
    found.later.append(size - len(pack([gap])) + len(pack([GAP])))
    found.json.append(await other.size_of(text))


async def _come_back(reader: Device, slot: int, found: Weights) -> None:
    """See all, settle, and come back twice: the first time brings the marks that nobody told, the second time nothing is new."""
    await asyncio.sleep(SETTLED)
    last = reader.memory.talks[slot].last
    assert last is not None  # it heard all phrases
    await reader.ack()
    await reader.read(slot, last)
    await asyncio.sleep(SETTLED)
    found.seen.append(len(pack([-3, len(reader.payloads)], [-4, slot, last])))
    for _ in range(2):
        await reader.close()
        await reader.connect()
        await asyncio.sleep(SETTLED)
    found.resume.append(sum(map(len, reader.payloads)))
    found.upgrade.append(reader.upgrade_size)


def _gap_in(payload: bytes) -> int | None:
    """The instant of the first entry in a message."""
    return next((frame[1] for frame in unpack(payload) if frame[0] >= 0), None)
