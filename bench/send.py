"""What a message costs and how long it takes to reach the other phone, beside the plain consumer in the same run."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from bench.cpu import Neighbours
from bench.houses import Database, House, Server
from bench.progress import Steps, progress
from bench.report import Figure, Report
from tests.services.maatje import ROOT
from tests.services.process import Process

MOST_RATIO, MOST_CPU_US, MOST_P99_MS = 0.2, 500, 100
PACE = 50  # sends a second, over all pairs
UNDER_WAY = 2  # drafts that each person keeps under way in the saturated phase


@dataclass(frozen=True, slots=True)
class Round:
    """One measured phase."""

    per_second: float
    cpu_us: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Turns:
    """The rounds of ours and the plain one, saturated and paced."""

    mine: list[Round] = field(default_factory=list)
    theirs: list[Round] = field(default_factory=list)
    my_pace: list[Round] = field(default_factory=list)
    their_pace: list[Round] = field(default_factory=list)


class Side:
    """One of the two servers with its load process."""

    def __init__(self, house: House, kind: str, server: Process, url: str) -> None:
        self._house = house
        self._server = server
        command = [sys.executable, "-m", "bench.load", kind, url, str(house.pairs_file), str(UNDER_WAY)]
        self._load = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self._wait_for("open")

    def run(self, phase: str, **options: float) -> Round:
        """Let the load do one phase and give what it and the operating system measured."""
        assert self._load.stdin is not None  # piped
        self._load.stdin.write(json.dumps({"phase": phase, **options}) + "\n")
        self._load.stdin.flush()
        self._wait_for("begin")
        before = self._house.cpu_seconds(self._server)
        end = self._wait_for("end")
        used = self._house.cpu_seconds(self._server) - before
        self._wait_for("settled")
        latencies = sorted(end["ms"])
        return Round(end["messages"] / end["seconds"], 1e6 * used / end["messages"], _at(latencies, 0.5), _at(latencies, 0.99))

    def _wait_for(self, mark: str) -> dict[str, Any]:
        assert self._load.stdout is not None  # piped
        for line in self._load.stdout:
            said: dict[str, Any] = json.loads(line)
            if said["mark"] == mark:
                return said
        raise SystemExit(f"The load process ended early. The server's last words:\n{self._server.said()[-2000:]}")

    def close(self) -> None:
        assert self._load.stdin is not None  # piped
        self._load.stdin.close()
        self._load.wait(10)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measure(*, server: Server, database: Database, pairs: int, seconds: float, rounds: int) -> Report:
    """Ours and the plain one take turns, so that both meet the same noise."""
    with progress(4 * rounds + 2) as steps, House(server=server, database=database) as house:
        steps.now(f"seating {pairs} pairs")
        house.seat(pairs)
        steps.step()
        steps.now("opening sockets")
        ours = Side(house, "ours", house.maatje.process, house.maatje.socket_url)
        plain = Side(house, "plain", *house.serve_baseline())
        steps.step()
        neighbours = Neighbours()
        turns = _take_turns(ours, plain, seconds=seconds, rounds=rounds, steps=steps)
        busy = neighbours.share()
        ours.close()
        plain.close()
    return _report(turns, busy=busy, server=server, database=database, pairs=pairs)


def _take_turns(ours: Side, plain: Side, *, seconds: float, rounds: int, steps: Steps) -> Turns:
    turns = Turns()
    for number in range(1, rounds + 1):
        for side, phase, kept, options in (
            (ours, "saturated", turns.mine, {}),
            (plain, "saturated", turns.theirs, {}),
            (ours, "paced", turns.my_pace, {"rate": PACE}),
            (plain, "paced", turns.their_pace, {"rate": PACE}),
        ):
            steps.now(f"round {number}: {'ours' if side is ours else 'plain'}, {phase}")
            kept.append(side.run(phase, seconds=seconds, **options))
            steps.step()
    return turns


def _report(turns: Turns, *, busy: float, server: str, database: str, pairs: int) -> Report:
    mine, theirs, paced = turns.mine, turns.theirs, turns.my_pace
    return Report(
        f"bench send: {pairs} pairs on {server} and {database}, to the other phone's socket",
        [
            Figure.of("messages_per_second", [r.per_second for r in mine]),
            Figure.of("p50_ms", [r.p50 for r in paced], "ms"),
            Figure.of("p99_ms", [r.p99 for r in paced], "ms", most=MOST_P99_MS),
            Figure.of("p50_ms_saturated", [r.p50 for r in mine], "ms"),
            Figure.of("p99_ms_saturated", [r.p99 for r in mine], "ms"),
            Figure.of("cpu_us_per_message", [r.cpu_us for r in mine], "µs", most=MOST_CPU_US),
            Figure.of("baseline_cpu_us_per_message", [r.cpu_us for r in theirs], "µs"),
            Figure.of("baseline_messages_per_second", [r.per_second for r in theirs]),
            Figure.of("baseline_p99_ms", [r.p99 for r in turns.their_pace], "ms"),
            Figure.of("ratio", [a.cpu_us / b.cpu_us for a, b in zip(mine, theirs, strict=True)], most=MOST_RATIO),
        ],
        notes=[
            f"others used {busy:.0%} of this machine meanwhile: CPU and ratio bear that, rates and milliseconds do not",
            f"p50_ms and p99_ms at {PACE} sends a second; *_saturated, rates and CPU with {UNDER_WAY} drafts of each person always under way",
            "CPU of server, database and layer together, from the operating system; the load process is not in it",
            "all rules on; only the rate of the token bucket is raised, for few people write like many",
        ],
        facts={
            "bench": "send",
            "server": server,
            "database": database,
            "pairs": pairs,
            "rounds": len(mine),
            "others_share": round(busy, 2),
        },
    )
