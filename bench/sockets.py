"""What an open socket costs in memory, how fast they open, and how long a whole crowd takes to come back after a crash."""

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench import cpu
from bench.device import Device
from bench.houses import Database, House, Server
from bench.pairs import Pair
from bench.progress import Steps, progress
from bench.report import Figure, Report
from tests.services.maatje import ROOT

MOST_KIB = 60
SPARE_FILES = 500  # what a process opens besides its sockets
SETTLE = 4.0  # seconds: one sweep and every ack
WARM_UP = 100
PATIENCE = 300.0


def ensure_files(count: int) -> None:
    """Let this process and its children open that many sockets. :raises SystemExit: with what to do."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = count + SPARE_FILES
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise SystemExit(
            f"A process may open {hard} files here and {count} sockets need {needed}: raise it (`ulimit -Hn {needed}` as root), or ask for --count {hard - SPARE_FILES}."
        )
    if soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


class Crowd:
    """The process that holds all the devices."""

    def __init__(self, process: subprocess.Popen[str], steps: Steps) -> None:
        self._process = process
        self._steps = steps

    def wait_until(self, what: str, least: int, total: int) -> None:
        """Until every device has resumed `least` times and all are here."""
        assert self._process.stdout is not None  # piped
        end = time.monotonic() + PATIENCE
        for line in self._process.stdout:
            said: dict[str, Any] = json.loads(line)
            self._steps.now(what, done=said["total"])
            if said["least"] >= least and said["here"] == total:
                return
            if time.monotonic() > end:
                raise SystemExit(f"Only {said['here']} of {total} sockets after {PATIENCE:.0f} seconds.")
        raise SystemExit("The client process ended early.")


@contextmanager
def _crowd(house: House, count: int, steps: Steps) -> Iterator[Crowd]:
    command = [sys.executable, "-m", "bench.crowd", house.maatje.socket_url, str(house.pairs_file), str(count)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield Crowd(process, steps)
    finally:
        process.kill()
        process.wait()


async def _warm_up(url: str, pairs: list[Pair]) -> None:
    """Let the server import and cache what the first sockets make it import and cache; they are gone before it counts."""
    for pair in pairs:
        device = Device(url, pair.seats[0].token, heard=lambda frame: None)
        await device.resume()
        await asyncio.sleep(0.02)
        device.wire.abort()
    await asyncio.sleep(1)


def measure(*, server: Server, database: Database, count: int) -> Report:
    ensure_files(count)
    with progress(2 * count) as steps, House(server=server, database=database) as house:
        steps.now(f"seating {count} people")
        pairs = house.seat((count + 1) // 2)
        asyncio.run(_warm_up(house.maatje.socket_url, pairs[:WARM_UP]))
        before = cpu.resident_kib(house.maatje.process.pid)
        neighbours = cpu.Neighbours()
        used, begin = house.cpu_seconds(house.maatje.process), time.monotonic()
        with _crowd(house, count, steps) as crowd:
            crowd.wait_until("connecting", 1, count)
            connecting = time.monotonic() - begin
            used = house.cpu_seconds(house.maatje.process) - used
            time.sleep(SETTLE)
            after = cpu.resident_kib(house.maatje.process.pid)
            killed_at = time.monotonic()
            house.maatje.kill()
            house.maatje.start()
            started = time.monotonic() - killed_at
            crowd.wait_until("coming back", 2, count)
            resuming = time.monotonic() - killed_at
            busy = neighbours.share()
    return Report(
        f"bench sockets: {count} devices on {server} and {database}",
        [
            Figure("kib_per_socket", (after - before) / count, "KiB", MOST_KIB),
            Figure("connects_per_second", count / connecting),
            Figure("cpu_us_per_connect", 1e6 * used / count, "µs"),
            Figure("resume_all_seconds", resuming, "s"),
            Figure("restart_seconds", started, "s"),
            Figure("server_mib", after / 1024, "MiB"),
        ],
        notes=[
            f"others used {busy:.0%} of this machine meanwhile, which is in every second here",
            "each device is another person, resumed, with one conversation; memory is resident memory, from the operating system",
            "resume_all_seconds counts from the kill -9: restart_seconds until the server listens, then all resume at once with 1 s of jitter",
        ],
        facts={"bench": "sockets", "server": server, "database": database, "count": count, "others_share": round(busy, 2)},
    )
