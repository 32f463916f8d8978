"""`python -m bench notices`: thousands of notices from commit to hand-over, on both databases, with one worker, three, and kills."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.notices.receiver import Receiver
from bench.progress import Steps, progress
from bench.report import Figure, Report
from tests.services.maatje import ROOT
from tests.services.postgres import Postgres
from tests.services.process import Process

PATIENCE = 240.0
KILLS = 5  # of one setting, each while letters are under way; what each one held waits a minute
PACE, PACED_SECONDS = 20, 20  # notices a second, as on a busy evening; for how long


@dataclass(frozen=True, slots=True)
class Setting:
    database: str
    workers: int
    kills: bool = False
    is_paced: bool = False

    @property
    def name(self) -> str:
        return f"{self.database}_{self.workers}{'_kills' if self.kills else '_paced' if self.is_paced else ''}"

    @property
    def is_calm(self) -> bool:
        """Whether its pace is that of the workers, with nothing in their way."""
        return not self.kills and not self.is_paced

    def count(self, asked: int) -> int:
        return PACE * PACED_SECONDS if self.is_paced else asked


SETTINGS = [
    Setting("sqlite", 1), Setting("sqlite", 1, is_paced=True), Setting("sqlite", 3), Setting("sqlite", 3, kills=True),
    Setting("postgres", 1), Setting("postgres", 1, is_paced=True), Setting("postgres", 3), Setting("postgres", 3, kills=True),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """`repeats` came again with the id that they had; a receiver that knows ids drops those. `doubles` are what it cannot know."""

    per_second: float
    lag_p50_ms: float
    lag_p95_ms: float
    doubles: int
    lost: int
    repeats: int
    kills: int


class Workers:
    """`manage.py worker`, as often as asked, and somebody who kills one whenever so many letters arrived as chance says."""

    def __init__(
        self, setting: Setting, env: dict[str, str], folder: Path, chance: random.Random, *, arrived: Callable[[], int], count: int
    ) -> None:
        self._env, self._folder, self._chance = env, folder, chance
        self._lock = threading.Lock()
        self._running = [self._start(number) for number in range(setting.workers)]
        self._over = threading.Event()
        self._arrived = arrived
        self._moments = sorted(chance.sample(range(count * 4 // 5), min(KILLS, count * 4 // 5))) if setting.kills else []
        self.kills = 0
        self._killer = threading.Thread(target=self._kill, daemon=True) if setting.kills else None

    def _start(self, number: int) -> Process:
        command = [sys.executable, str(ROOT / "manage.py"), "worker"]
        return Process(command, log=self._folder / f"worker-{number}.log", env=self._env, cwd=ROOT)

    def wait(self) -> None:
        """Until each has begun; the kills begin then."""
        for process in self._running:
            process.wait_until(lambda process=process: "Notices go by" in process.said())  # type: ignore[misc]  # as in core.facts
        if self._killer:
            self._killer.start()

    def _kill(self) -> None:
        for moment in self._moments:
            while self._arrived() <= moment:
                if self._over.wait(0.002):
                    return
            with self._lock:
                place = self._chance.randrange(len(self._running))
                self._running[place].kill()
                self._running[place] = self._start(place)
                self.kills += 1

    def end(self) -> None:
        self._over.set()
        if self._killer and self._killer.is_alive():
            self._killer.join(10)
        with self._lock:
            for process in self._running:
                process.stop()


def measure(*, count: int, seed: int | None, only: Sequence[str] = ()) -> Report:
    """Each setting by itself, one after the other."""
    chosen = [setting for setting in SETTINGS if not only or setting.name in only]
    chance = random.Random(seed)
    outcomes: dict[str, Outcome] = {}
    with progress(len(chosen)) as steps, ExitStack() as ends:
        postgres = Postgres()
        ends.callback(postgres.remove)
        for setting in chosen:
            steps.now(f"{setting.name}: {setting.count(count)} notices")
            outcomes[setting.name] = _run(setting, setting.count(count), postgres, chance, steps)
            steps.step()
    return _report(outcomes, count)


@contextmanager
def _place(setting: Setting, postgres: Postgres, receiver: Receiver) -> Iterator[tuple[dict[str, str], Path]]:
    """A database with its tables, and a folder; both are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="maatje-notices-"))
    env = {
        **os.environ, "MAATJE_DATA": str(folder), "MAATJE_SMS_URL": receiver.url, "MAATJE_NOTICES_CONSOLE": "no", "MAATJE_LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "backend.settings",
    }  # fmt: skip
    if setting.database == "postgres":
        env["DATABASE_URL"] = postgres.database(setting.name)
    try:
        subprocess.run([sys.executable, str(ROOT / "manage.py"), "migrate", "-v0"], env=env, cwd=ROOT, check=True)
        yield env, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(setting: Setting, count: int, postgres: Postgres, chance: random.Random, steps: Steps) -> Outcome:
    with Receiver() as receiver, _place(setting, postgres, receiver) as (env, folder):
        office = subprocess.Popen(
            [sys.executable, "-m", "bench.notices.office", "post", str(count), str(PACE * setting.is_paced)], env=env, cwd=ROOT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert office.stderr is not None  # piped
        office.stderr.readline()
        workers = Workers(setting, env, folder, chance, arrived=lambda: len(receiver.arrivals), count=count)
        try:
            workers.wait()
            began = time.time()
            said, _ = office.communicate("go\n", timeout=PATIENCE)
            committed: dict[str, float] = json.loads(said)
            _wait(receiver, count, setting, steps)
        finally:
            workers.end()
        fates = json.loads(_ask(env, "sent"))
    return _judge(committed, receiver.arrivals, fates, began, workers.kills)


def _wait(receiver: Receiver, count: int, setting: Setting, steps: Steps) -> None:
    """Until every delivery arrived. What a killed worker held waits for its lease: a minute."""
    end = time.monotonic() + PATIENCE
    while len(receiver.arrivals) < count:
        if time.monotonic() > end:
            return  # what is missing is counted as lost
        time.sleep(0.1)
        steps.now(f"{setting.name}: {len(receiver.arrivals)} of {count} arrived")
    time.sleep(0.5)  # what comes twice may still be on its way


def _ask(env: dict[str, str], what: str) -> str:
    command = [sys.executable, "-m", "bench.notices.office", what]
    return subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def _judge(
    committed: dict[str, float], arrivals: dict[str, list[float]], fates: dict[str, Sequence[Any]], began: float, kills: int
) -> Outcome:
    first = {id_: min(times) for id_, times in arrivals.items()}
    notice_of = {id_: notice_id for id_, (notice_id, _) in fates.items()}
    told = Counter(notice_of.get(id_, "unknown") for id_ in first)
    lags = sorted(at - committed[notice_of[id_]] for id_, at in first.items() if notice_of.get(id_) in committed)
    return Outcome(
        per_second=len(first) / (max(first.values(), default=began + 1) - began),
        lag_p50_ms=1000 * lags[len(lags) // 2] if lags else 0,
        lag_p95_ms=1000 * lags[int(len(lags) * 0.95)] if lags else 0,
        doubles=sum(times - 1 for times in told.values()) + told["unknown"],
        lost=sum(notice_id not in told for notice_id in committed),
        repeats=sum(len(times) - 1 for times in arrivals.values()),
        kills=kills,
    )


def _report(outcomes: dict[str, Outcome], count: int) -> Report:
    figures = []
    for name, found in outcomes.items():
        figures += [
            Figure(f"{name}_per_second", found.per_second),
            Figure(f"{name}_lag_p50_ms", found.lag_p50_ms, "ms"),
            Figure(f"{name}_lag_p95_ms", found.lag_p95_ms, "ms"),
            Figure(f"{name}_doubles", found.doubles, most=0, beside=f"{found.repeats} came again with their id" if found.repeats else ""),
            Figure(f"{name}_lost", found.lost, most=0, beside=f"{found.kills} kills" if found.kills else ""),
        ]
    by_name = {setting.name: setting for setting in SETTINGS}
    calm = [found for name, found in outcomes.items() if by_name[name].is_calm] or list(outcomes.values())
    paced = [found for name, found in outcomes.items() if by_name[name].is_paced] or calm
    return Report(
        f"bench notices: {count} notices to an SMS gateway on loopback, by `manage.py worker`",
        [
            Figure("per_second", min(found.per_second for found in calm)),
            Figure("lag_p50_ms", max(found.lag_p50_ms for found in paced), "ms"),
            Figure("lag_p95_ms", max(found.lag_p95_ms for found in paced), "ms"),
            Figure("doubles", sum(found.doubles for found in outcomes.values()), most=0),
            Figure("lost", sum(found.lost for found in outcomes.values()), most=0),
            Figure("repeats_without_kills", sum(found.repeats for name, found in outcomes.items() if not by_name[name].kills), most=0),
            *figures,
        ],
        notes=[
            "per_second above: the worst of the settings without kills; all notices are written at once, as fast as one process can",
            f"lag above: the worst of the paced settings, {PACE} notices a second for {PACED_SECONDS} s by a process that nudges no worker",
            "lag: from the commit of a notice until its first arrival; with kills, what a killed worker held waits a minute for its lease",
            "doubles: one notice that came under two ids; what came again under its id is said beside it, and receivers drop that",
        ],
        facts={"bench": "notices", "count": count, "settings": {name: vars_of(found) for name, found in outcomes.items()}},
    )


def vars_of(found: Outcome) -> dict[str, float]:
    return {name: round(getattr(found, name), 1) for name in Outcome.__slots__}
