"""One message at a time over a slow link, and one visit at a time: seconds that a person waits, and bytes that a person pays."""

import asyncio
import time
from typing import Any

from bench.link.loading import Load, load_app
from bench.link.phones import LinkPhone, Task, say
from tests.lite.frames import Entry

QUIET = 1.3  # seconds in which the last receipt of TCP enters the link
MESSAGES = 12
VISITS = 3
LOADS = 2
LONGEST = 60.0
FRESH_PHONE = 2


async def run(task: Task) -> dict[str, list[float]]:
    """Two phones, all of it in turn; every list holds one value a repetition."""
    loads = [await _load(task, number) for number in range(LOADS)]
    annemie, fatima = (LinkPhone(task, number, page=loads[0].version, ack_seconds=LONGEST) for number in (0, 1))
    say(step="connecting")
    await asyncio.gather(_come(annemie), _come(fatima))
    slot = next(iter(annemie.memory.talks))
    found: dict[str, list[float]] = {key: [] for key in ("send_to_ack", "sent_wire", "message_wire", "ack_wire", "ping_wire")}
    for number in range(MESSAGES):
        say(step=f"message {number + 1} of {MESSAGES}")
        await _send(annemie, fatima, slot, task.phrases[number % len(task.phrases)], found)
    for number in range(3):
        say(step=f"heartbeat {number + 1} of 3")
        before = fatima.count
        await fatima.ping()
        await asyncio.sleep(QUIET)
        found["ping_wire"].append(fatima.count.since(before).both)
    found |= await _visits(fatima)
    await annemie.close()
    return {
        **found,
        "first_load": [load.seconds for load in loads],
        "first_shown": [load.shown_after for load in loads],
        "first_load_wire": [load.wire for load in loads],
    }


async def _load(task: Task, number: int) -> Load:
    """Each time a browser that was never here."""
    say(step=f"first load {number + 1} of {LOADS}")
    stranger = LinkPhone(task, number=0)
    return await load_app(phone=FRESH_PHONE, tls=stranger.tls, counts=stranger.counts, language=task.language, dictionary=task.book_url)


async def _come(phone: LinkPhone) -> None:
    """Connect however often it takes."""
    for _ in range(5):
        try:
            await phone.connect()
            return
        except OSError:
            continue
    raise SystemExit("The server cannot be reached over the link.")


async def _send(sender: LinkPhone, reader: LinkPhone, slot: int, text: str, found: dict[str, list[float]]) -> None:
    before, heard, began = (sender.count, reader.count), len(reader.frames), time.monotonic()
    sent = await sender.send(slot, text)
    found["send_to_ack"].append(time.monotonic() - began)

    def look(frame: Any) -> bool | None:
        return True if isinstance(frame, Entry) and frame.seq == sent.seq else None

    await reader.wait_for(look, since=heard, seconds=LONGEST)
    await asyncio.sleep(QUIET)
    found["sent_wire"].append(sender.count.since(before[0]).both)
    found["message_wire"].append(reader.count.since(before[1]).both)
    before_ack = reader.count
    await reader.ack()
    await asyncio.sleep(QUIET)
    found["ack_wire"].append(reader.count.since(before_ack).both)


async def _visits(phone: LinkPhone) -> dict[str, list[float]]:
    """Leave and come back: with TLS from the beginning, then with its ticket."""
    found: dict[str, list[float]] = {}
    for kind, resumes in (("cold", False), ("warm", True)):
        seconds, wires, payloads = found.setdefault(f"{kind}_resume", []), found.setdefault(f"{kind}_wire", []), []
        for number in range(VISITS):
            say(step=f"{kind} visit {number + 1} of {VISITS}")
            await phone.ack()
            await asyncio.sleep(QUIET)
            await phone.close()
            await asyncio.sleep(QUIET)
            phone.tls.resumes = resumes
            before, began = phone.count, time.monotonic()
            await _come(phone)
            seconds.append(time.monotonic() - began)
            await asyncio.sleep(QUIET)
            wires.append(phone.count.since(before).both)
            payloads.append(float(len(phone.payloads[0])))
        found[f"{kind}_payload"] = payloads
    before = phone.count
    await phone.close()
    await asyncio.sleep(QUIET)
    found["close_wire"] = [float(phone.count.since(before).both)]
    await _come(phone)
    await asyncio.sleep(QUIET)
    before = phone.count
    await phone.drop()
    await asyncio.sleep(2 * QUIET)
    return {**found, "drop_wire": [float(phone.count.since(before).both)]}
