"""kill -9 at random moments under load, and then: is everything that was acked still there, once, in order?"""

import json
import random
import subprocess
import sys
import threading
import time
from typing import Any

import msgspec

from bench.houses import Database, House, Server
from bench.progress import Steps, progress
from bench.report import Figure, Report
from bench.verdict import Logged, Memory, Verdict, judge
from tests.services.maatje import ROOT
from tests.services.postgres import Postgres

PAIRS = 6
DATABASE_EVERY = 10
PATIENCE = 60.0
MOST_WAIT = 1.0  # seconds of load before a kill, at random
KILL_WHILE_COMING_BACK = 0.25  # share of kills that do not wait until anybody was answered again


class Witnesses:
    """The process of the clients, which outlives every server."""

    def __init__(self, house: House) -> None:
        command = [sys.executable, "-m", "bench.witness", house.maatje.socket_url, str(house.pairs_file)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self._now: dict[str, Any] = {"here": 0, "acked": 0}
        self._last = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None  # piped
        for line in self._process.stdout:
            self._last = line
            if line.startswith("{"):
                self._now = json.loads(line)

    @property
    def acked(self) -> int:
        return int(self._now["acked"])

    def wait_for_more(self) -> None:
        """Until somebody was answered again."""
        before, end = self.acked, time.monotonic() + PATIENCE
        while self.acked <= before:
            if time.monotonic() > end or self._process.poll() is not None:
                raise SystemExit(f"Nobody was answered within {PATIENCE:.0f} seconds.")
            time.sleep(0.05)

    def testify(self) -> list[Memory]:
        """Stop writing, wait until all is settled, and say what happened."""
        assert self._process.stdin is not None  # piped
        self._process.stdin.close()
        self._process.wait(2 * PATIENCE)
        self._reader.join(PATIENCE)
        return msgspec.json.decode(self._last, type=list[Memory])

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def measure(*, server: Server, database: Database, kills: int, chance: random.Random) -> Report:
    """Kill so many times while people write, and judge what they hold against the log."""
    with progress(kills) as steps, House(server=server, database=database) as house:
        house.seat(PAIRS)
        witnesses = Witnesses(house)
        try:
            witnesses.wait_for_more()
            for number in range(1, kills + 1):
                _kill(house, number, chance, steps)
                if chance.random() > KILL_WHILE_COMING_BACK:
                    witnesses.wait_for_more()
                time.sleep(chance.uniform(0, MOST_WAIT))
                steps.step()
            steps.now("comparing every list with the log")
            memories = witnesses.testify()
        finally:
            witnesses.end()
        verdict = judge(memories, _ledger(house))
    return _report(verdict, kills=kills, server=server, database=database)


def _kill(house: House, number: int, chance: random.Random, steps: Steps) -> None:
    """The server; every tenth time PostgreSQL, and every other of those both."""
    is_databases_turn = house.postgres is not None and number % DATABASE_EVERY == 0
    if not is_databases_turn or chance.random() < 0.5:
        steps.now(f"kill {number}: the server")
        house.maatje.kill()
    if is_databases_turn and house.postgres is not None:
        steps.now(f"kill {number}: PostgreSQL")
        house.postgres.process.kill()
        time.sleep(chance.uniform(0, MOST_WAIT))
        _start_again(house.postgres)
    if house.maatje.process.popen.poll() is not None:
        house.maatje.start()


def _start_again(postgres: Postgres) -> None:
    """The children of a killed PostgreSQL take a moment to notice; until then a new one refuses."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            postgres.start_again()
        except RuntimeError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def _ledger(house: House) -> dict[str, list[Logged]]:
    command = [sys.executable, "-m", "bench.ledger"]
    said = subprocess.run(command, env=house.maatje.env, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return msgspec.json.decode(said.stdout, type=dict[str, list[Logged]])


def _report(verdict: Verdict, *, kills: int, server: str, database: str) -> Report:
    return Report(
        f"bench crash: {kills} times kill -9 under load on {server} and {database}",
        [
            Figure("kills", kills),
            Figure("acked", verdict.acked),
            Figure("lost", verdict.lost, most=0),
            Figure("duplicated", verdict.duplicated, most=0),
            Figure("out_of_order", verdict.out_of_order, most=0),
            Figure("holes", verdict.holes, most=0),
            Figure("repeated", verdict.repeated),
        ],
        notes=[
            f"{2 * PAIRS} people write through every crash and keep each draft until it is answered; every tenth kill is PostgreSQL",
            "lost: acked but not at that place in the log, or never answered; holes: missing in the log, or in anybody's list",
            "repeated: came again although the device had it; it ignores those (docs/protocol.md, Order), so they only cost bytes",
        ],
        facts={"bench": "crash", "server": server, "database": database},
    )
