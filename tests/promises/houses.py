"""Houses: our servers as an operator runs them, on real databases and layers, shared by all delivery tests of a run."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from tests.promises.device import Device
from tests.promises.office import Office, environment
from tests.promises.rest import Rest
from tests.promises.wire_tap import WireTap
from tests.services.maatje import Maatje
from tests.services.postgres import Postgres
from tests.services.process import free_port
from tests.services.valkey import Valkey

SETTINGS = {
    "MAATJE_ATTEMPTS_PER_ADDRESS": "100000",  # all tests come from one address
    "MAATJE_TEXT_BYTES_PER_SECOND": "100000000",  # and write faster than anybody types
    "MAATJE_TEXT_BYTES_BURST": "100000000",
}
COMBINATIONS = [("daphne", "sqlite"), ("uvicorn", "sqlite"), ("daphne", "postgres"), ("uvicorn", "postgres")]
EITHER = [("daphne", "postgres"), ("uvicorn", "sqlite")]  # for what depends on the server or the database, not on the two together

_built: list["House"] = []
_valkeys: list[Valkey] = []
taps: list[WireTap] = []


class WrongClock(Maatje):
    """A server process on a machine whose clock is off; the variable says by how many hours."""

    def start(self) -> None:
        self.command[1] = str(Path(__file__).with_name("shifted.py"))
        super().start()


class House:
    """One installation: a database, a layer or none, one or more server processes, and the office."""

    def __init__(
        self,
        name: str,
        *,
        servers: Sequence[str],
        postgres: Postgres | None = None,
        redis_urls: Sequence[str] = ("",),
        layer: Valkey | None = None,
        clocks: Sequence[int] = (),
        **settings: str,
    ) -> None:
        self.name = name
        self.postgres = postgres
        self.layer = layer
        self.folder = Path(tempfile.mkdtemp(prefix=f"maatje-{name}-"))
        self.database_url = postgres.database(name, is_migrated=True) if postgres else ""
        self.settings = {**SETTINGS, **settings}
        _built.append(self)
        redis_urls = [layer.url] if layer else redis_urls
        self._clocks = clocks
        self._redis_urls = [redis_urls[place % len(redis_urls)] for place in range(len(servers))]
        self.servers = [self._serve(0, servers[0])]
        with ThreadPoolExecutor(4) as together:
            self.servers += together.map(self._serve, range(1, len(servers)), servers[1:])
        self.office = self._open_office()

    def _serve(self, place: int, server: str) -> Maatje:
        settings: dict[str, Any] = dict(self.settings)
        if self._clocks:
            settings["TESTS_CLOCK_IS_WRONG_BY_HOURS"] = str(self._clocks[place])
        return (WrongClock if self._clocks else Maatje)(
            self.folder,
            server=server,
            database_url=self.database_url,
            redis_url=self._redis_urls[place],
            demo=False,
            migrate=place == 0 and not self.postgres,
            **settings,
        )

    def _open_office(self) -> Office:
        database = {"DATABASE_URL": self.database_url} if self.postgres else {}
        return Office(environment(MAATJE_DATA=str(self.folder), **database, **self.settings), log=self.folder / "office.log")

    def back_up(self) -> None:
        """Keep a copy of the database, as it is at this moment, and go on."""
        with self._closed():
            if self.postgres:
                self.postgres.dump(self.name, self._backup)
            else:
                self._backup.mkdir()
                for file in self.folder.glob("maatje.sqlite3*"):
                    shutil.copy(file, self._backup)

    def restore(self) -> None:
        """Put the copy back, and go on: with fewer lives behind it than the data folder remembers."""
        with self._closed():
            if self.postgres:
                self.postgres.restore(self.name, of=self._backup)
            else:
                for file in self.folder.glob("maatje.sqlite3*"):
                    file.unlink()
                for file in self._backup.iterdir():
                    shutil.copy(file, self.folder)

    @property
    def _backup(self) -> Path:
        return Path(tempfile.gettempdir()) / f"{self.folder.name}-backup"

    @contextmanager
    def _closed(self) -> Iterator[None]:
        self.office.close()
        for server in self.servers:
            server.kill()
        yield
        self.office = self._open_office()
        for server in self.servers:
            server.start()

    @property
    def server(self) -> Maatje:
        return self.servers[0]

    def device(self, holder: dict[str, Any], *conversations: str, at: int = 0, **how: Any) -> Device:
        """A phone of somebody; it shows these conversations from their beginning."""
        return Device(self.servers[at % len(self.servers)].socket_url, holder, from_start=conversations, **how)

    def rest(self, holder: dict[str, Any] | None = None, *, at: int = 0) -> Rest:
        return Rest(self.servers[at % len(self.servers)].port, holder["token"] if holder else None)

    def start_postgres_again(self) -> None:
        """After kill -9 the orphans need a moment to notice that their parent is gone."""
        assert self.postgres is not None  # asked only of houses that have one
        for _ in range(20):
            try:
                self.postgres.start_again()
            except RuntimeError:
                time.sleep(0.2)
            else:
                return
        raise RuntimeError("PostgreSQL did not come back")

    def memory(self, at: int = 0) -> float:
        """What a server process holds, in MB."""
        return float(psutil.Process(self.servers[at].process.pid).memory_info().rss / 1e6)

    def logs(self) -> str:
        """What all server processes wrote since the house was built."""
        return "".join(log.read_text(errors="replace") for log in sorted(self.folder.glob("serve-*.log")))

    def close(self) -> None:
        self.office.close()
        for server in self.servers:
            server.kill()
        if self._backup.is_dir():
            shutil.rmtree(self._backup)
        self._backup.unlink(missing_ok=True)


@cache
def postgres() -> Postgres:
    return Postgres(is_durable=False)


def _tapped_valkey() -> Valkey:
    """One whose every published word is kept for the test that looks for ours."""
    made = Valkey()
    _valkeys.append(made)
    taps.append(WireTap(made.port))
    return made


@cache
def valkey() -> Valkey:
    """For the houses that nothing happens to."""
    return _tapped_valkey()


@cache
def house(server: str, store: str) -> House:
    """One process; with PostgreSQL also a layer, as an operator would have."""
    name = f"{server}_{store}"
    if store == "sqlite":
        return House(name, servers=[server])
    return House(name, servers=[server], postgres=postgres(), layer=valkey())


@cache
def row() -> House:
    """Four processes side by side, two on each server, with a Valkey of their own that may be ill-treated."""
    return House("row", servers=["daphne", "uvicorn", "daphne", "uvicorn"], postgres=postgres(), layer=_tapped_valkey())


@cache
def generous(server: str) -> House:
    """One process that lets people speak as fast as they like, but waits only two seconds for an ack."""
    return House(
        f"generous_{server}",
        servers=[server],
        MAATJE_COMMANDS_PER_SECOND="100000",
        MAATJE_COMMANDS_BURST="100000",
        MAATJE_ACK_TIMEOUT="2",
        MAATJE_SWEEP_SECONDS="1",
    )


@cache
def with_wrong_clocks() -> House:
    """Three processes whose clocks are a day ahead, a day behind and right."""
    return House("wrong_clocks", servers=["daphne", "uvicorn", "daphne"], postgres=postgres(), layer=valkey(), clocks=[24, -24, 0])


@cache
def on_every_layer() -> House:
    """Each server with no layer, with a live one and with a dead one, all on one database."""
    urls = ["", "", valkey().url, valkey().url, *[f"redis://127.0.0.1:{free_port()}/0"] * 2]
    return House("on_every_layer", servers=["daphne", "uvicorn"] * 3, redis_urls=urls)


@cache
def without_a_layer() -> House:
    """Two processes that were promised a layer which was never there."""
    return House("without_a_layer", servers=["daphne", "uvicorn"], redis_urls=[f"redis://127.0.0.1:{free_port()}/0"])


def standing() -> list[House]:
    """Every house that was built in this run."""
    return list(_built)


def close_all() -> None:
    """Leave nothing behind."""
    for built in _built:
        built.close()
        shutil.rmtree(built.folder, ignore_errors=True)
    for own in _valkeys:
        own.remove()
    if postgres.cache_info().currsize:
        postgres().remove()
    for kept in (_built, _valkeys, taps):
        kept.clear()
    for known in (valkey, postgres, house, row, generous, with_wrong_clocks, on_every_layer, without_a_layer):
        known.cache_clear()
