"""Every figure of the low-data promise, beside its budget and beside what others need."""

import asyncio
import subprocess
import sys
from functools import partial
from math import ceil
from pathlib import Path
from statistics import mean, median
from typing import Any

import msgspec

from bench import month
from bench.bytes import browsing
from bench.bytes.app import set_low_data
from bench.bytes.phrases import Phrases, read_phrases
from bench.bytes.talks import GAP, Seats, Weights, weigh, weigh_batches
from bench.houses import Database, House, Server
from bench.progress import Steps, progress
from bench.report import Figure, Report
from chat.lite import dictionaries
from tests.lite.books import Book
from tests.services.maatje import ROOT

OTHERS = {"Rocket.Chat": 495, "Matrix": 856, "XMPP": 482, "MTProto": 153}  # median bytes of one text message, payload alone
SETTLED_HEARTBEAT = 840
PAGE_ENTRIES = 20


def measure(*, server: Server, database: Database, phrases: Path | None) -> Report:
    said = read_phrases(phrases)
    with progress(4) as steps, House(server=server, database=database, layer=False) as house:
        steps.now("seating people")
        seats = _seat(house, said)
        steps.step()
        weights = asyncio.run(_talk(house, seats, said, steps))
        steps.now("loading the app")
        app = browsing.weigh_app(house, seats)
        steps.step()
    return _report(weights, app, server=server, database=database)


def _seat(house: House, said: Phrases) -> list[Seats]:
    file = house.folder / "seats.json"
    command = [sys.executable, "-m", "bench.bytes.seats", "--languages", ",".join(said), "--to", str(file)]
    subprocess.run(command, env=house.maatje.env, cwd=ROOT, check=True)  # our own program
    return msgspec.json.decode(file.read_bytes(), type=list[Seats])


async def _talk(house: House, seats: list[Seats], said: Phrases, steps: Steps) -> dict[str, Weights]:
    """All languages at the same time; each has people of its own."""
    url, version = house.maatje.socket_url, await asyncio.to_thread(browsing.version, house)
    books = {one.language: _book(one.language) for one in seats}
    steps.now("talking")
    weighed = await asyncio.gather(*(weigh(url, one, books[one.language], said[one.language], version=version) for one in seats))
    steps.step()
    steps.now("talking with low data")
    for one in seats:
        await asyncio.to_thread(set_low_data, house.maatje.url, one.reader)
    batches = await asyncio.gather(*(weigh_batches(url, one, books[one.language], said[one.language], version=version) for one in seats))
    steps.step()
    for weights, batched in zip(weighed, batches, strict=True):
        weights.batched = batched
    return {one.language: weights for one, weights in zip(seats, weighed, strict=True)}


def _book(language: str) -> Book:
    newest = dictionaries.newest(language)
    return Book(newest.name, newest.data)


def _at(ordered: list[int], share: float) -> int:
    return ordered[min(len(ordered) - 1, ceil(share * len(ordered)) - 1)]


def _sums(of: Weights) -> dict[str, float]:
    return {
        "json_median_bytes": median(of.json),
        "lite_median_bytes": median(of.lite),
        "lite_p95_bytes": _at(sorted(of.lite), 0.95),
        "bytes_per_text_byte": round(sum(of.lite) / sum(of.texts), 3),
    }


def _together(weights: dict[str, Weights]) -> Weights:
    """All languages as one."""
    names = Weights.__dataclass_fields__
    return Weights(**{name: [item for one in weights.values() for item in getattr(one, name)] for name in names})


def _report(weights: dict[str, Weights], app: browsing.App, *, server: str, database: str) -> Report:
    every = _together(weights)
    sums = _sums(every)
    ping, pong = max(every.ping), max(every.pong)
    measured = month.Measured(
        message=mean(every.later), batched=mean(every.batched), send=mean(every.send), sent=mean(every.sent), seen=mean(every.seen),
        ping=ping, pong=pong, resume=max(every.resume), upgrade=max(every.upgrade), first_load=app.first + app.heads,
        worker_checks=app.checks_a_day,
    )  # fmt: skip
    spent, apart = month.month(measured), month.month(measured, found_open=0)
    beside = ", ".join(f"{name} {size}" for name, size in OTHERS.items())
    size = partial(Figure, unit="B")
    return Report(
        f"bench bytes: {len(every.lite)} messages in {len(weights)} languages on {server} and {database}",
        [
            size("json_median_bytes", sums["json_median_bytes"]),
            size("lite_median_bytes", sums["lite_median_bytes"], most=28, beside=beside),
            size("lite_p95_bytes", sums["lite_p95_bytes"], most=48),
            Figure("bytes_per_text_byte", sums["bytes_per_text_byte"], most=0.75),
            size("lite_later_median_bytes", median(every.later), most=28, beside=f"the same, {GAP // 60} minutes after the message before"),
            size("resume_bytes", max(every.resume), most=16),
            size("idle_hour_bytes", month.idle_hour(ping=ping, pong=pong, heartbeat=SETTLED_HEARTBEAT), most=1_400),
            size("batch_of_5_bytes_per_message", mean(every.batched)),
            size("app_bytes", app.first, most=14_000),
            size("app_total_bytes", app.total, most=40_000),
            size("no_script_page_bytes", app.page_of_20, most=1_500),
            Figure("month_megabytes", spent.megabytes, "MB", most=1.0, beside=str(spent)),
            Figure("month_apart_megabytes", apart.megabytes, "MB", beside="with a connection of its own for each of the 8 visits a day"),
            Figure("month_today_megabytes", spent.megabytes_today, "MB", beside="with a post-quantum key share in each handshake"),
        ],
        notes=_notes(weights, every, app),
        facts={
            "bench": "bytes", "server": server, "database": database, "messages": len(every.lite), "others": OTHERS,
            "languages": {language: _sums(one) for language, one in weights.items()}, "month": msgspec.to_builtins(spent),
        },
    )  # fmt: skip


def _notes(weights: dict[str, Weights], every: Weights, app: browsing.App) -> list[str]:
    def line(language: str, sums: dict[str, Any]) -> str:
        return (
            f"{language}: lite {sums['lite_median_bytes']:g} (p95 {sums['lite_p95_bytes']:g}), {sums['bytes_per_text_byte']:g} a byte of text,"
            f" JSON {sums['json_median_bytes']:g}"
        )

    return [
        *(line(language, _sums(one)) for language, one in weights.items()),
        "payload of the websocket message in which each message arrived; others: payload of the same kind of message, as published or rebuilt",
        f"messages follow each other at once: a gap up to 127 s takes one byte; {GAP} s to 18 h take three, which is lite_later_median_bytes",
        f"text itself: median {median(every.texts):g} bytes in UTF-8; a send is {mean(every.send):.1f} bytes up and its answer {mean(every.sent):.1f} down",
        f"idle hour: heartbeat of {SETTLED_HEARTBEAT} s, ping {max(every.ping)} and pong {max(every.pong)} bytes, on the wire with WebSocket, TLS 1.3, TCP/IP and receipts",
        f"app_bytes: bodies as served (br), of the language with most; their headers are {app.heads:,} bytes more and count in the month",
        f"app_total_bytes: every file of the page that a phone in one language can fetch, and its dictionary; what the other four languages add is {app.others:,} bytes",
        f"no_script_page_bytes: GET /t/1, {PAGE_ENTRIES} entries, of the language with most",
        f"month: {' '.join((month.__doc__ or '').split())}",
    ]
