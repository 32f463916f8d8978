"""The servers that a bench starts for itself, and ends."""

import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Literal, Self

from bench import cpu
from bench.pairs import Pair, read_pairs
from tests.services.maatje import ROOT, Maatje
from tests.services.postgres import Postgres
from tests.services.process import Process, free_port
from tests.services.valkey import Valkey

Server = Literal["daphne", "uvicorn"]
Database = Literal["postgres", "sqlite"]
# The load is a few people who write like thousands: only the rate of the token bucket is raised, its code runs.
BUSY = {
    "MAATJE_COMMANDS_PER_SECOND": "1000000",
    "MAATJE_COMMANDS_BURST": "1000000",
    "MAATJE_TEXT_BYTES_PER_SECOND": "1000000000",
    "MAATJE_TEXT_BYTES_BURST": "1000000000",
}


class House:
    """A folder with a database server, a layer and ours beside each other; all of it is gone afterwards."""

    def __init__(self, *, server: Server = "daphne", database: Database = "postgres", layer: bool = True, **settings: str) -> None:
        self.server = server
        self.folder = Path(tempfile.mkdtemp(prefix="maatje-bench-"))
        self._ends = ExitStack()
        self._ends.callback(shutil.rmtree, self.folder, ignore_errors=True)
        with ExitStack() as started:  # what started is ended also when the next thing does not start
            started.push(self._ends)
            self._start(database, {**BUSY, **settings}, layer=layer)
            started.pop_all()

    def _start(self, database: Database, settings: dict[str, str], *, layer: bool) -> None:
        self.postgres = Postgres() if database == "postgres" else None
        if self.postgres:
            self._ends.callback(self.postgres.remove)
        self.valkey = Valkey() if layer else None
        if self.valkey:
            self._ends.callback(self.valkey.remove)
        self.maatje = Maatje(
            self.folder / "data",
            server=self.server,
            database_url=self.postgres.database("maatje", is_migrated=True) if self.postgres else "",
            redis_url=self.valkey.url if self.valkey else "",
            demo=False,
            **settings,  # type: ignore[arg-type]  # names of settings, never of its own arguments
        )
        self._ends.callback(self.maatje.kill)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    @property
    def pairs_file(self) -> Path:
        return self.folder / "pairs.json"

    def seat(self, pairs: int) -> list[Pair]:
        """Seed pairs with devices."""
        command = [sys.executable, "-m", "bench.seed", "--pairs", str(pairs), "--to", str(self.pairs_file)]
        subprocess.run(command, env=self.maatje.env, cwd=ROOT, check=True)  # our own program
        return read_pairs(self.pairs_file)

    def serve_baseline(self) -> tuple[Process, str]:
        """Start the plain consumer beside ours; gives its process and the address of its sockets."""
        port = free_port()
        env = {
            **self.maatje.env,
            "BASELINE_DATABASE_URL": self.postgres.database("baseline") if self.postgres else f"sqlite:///{self.folder}/baseline.sqlite3",
            "BASELINE_REDIS_URL": self.valkey.url if self.valkey else "",
        }
        command = [sys.executable, "-m", "bench.baseline", str(self.pairs_file), str(port), self.server]
        process = Process(command, log=self.folder / "baseline.log", env=env, cwd=ROOT)
        self._ends.callback(process.kill)
        process.wait_until(lambda: _answers(port))
        return process, f"ws://127.0.0.1:{port}/chat"

    def cpu_seconds(self, server: Process) -> float:
        """What this server, the database server and the layer used together until now."""
        backing = [service.process for service in (self.postgres, self.valkey) if service]
        return sum(cpu.seconds(process.pid) for process in [server, *backing])


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2):  # loopback
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
