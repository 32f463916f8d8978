"""Houses: our servers as an operator runs them, on real databases and layers, shared by all delivery tests of a run."""

import shutil
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from tests.promises.device import Device
from tests.promises.office import Office, environment
from tests.promises.rest import Rest
from tests.services.maatje import Maatje
from tests.services.postgres import Postgres
from tests.services.process import free_port
from tests.services.valkey import Valkey

SETTINGS = {"MAATJE_ATTEMPTS_PER_ADDRESS": "100000"}  # all tests come from one address
COMBINATIONS = [("daphne", "sqlite"), ("uvicorn", "sqlite"), ("daphne", "postgres"), ("uvicorn", "postgres")]

_built: list["House"] = []
_valkeys: list[Valkey] = []


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
        maker: type[Maatje] = Maatje,
        **settings: str,
    ) -> None:
        self.name = name
        self.postgres = postgres
        self.layer = layer
        self.folder = Path(tempfile.mkdtemp(prefix=f"maatje-{name}-"))
        self.database_url = postgres.database(name) if postgres else ""
        self.settings = {**SETTINGS, **settings}
        _built.append(self)
        redis_urls = [layer.url] if layer else redis_urls
        urls = [redis_urls[index % len(redis_urls)] for index in range(len(servers))]
        self._maker = maker
        self.servers = [self._serve(servers[0], urls[0], migrate=True)]
        with ThreadPoolExecutor(4) as together:
            self.servers += together.map(lambda pair: self._serve(*pair, migrate=False), zip(servers[1:], urls[1:], strict=True))
        database = {"DATABASE_URL": self.database_url} if postgres else {}
        self.office = Office(environment(MAATJE_DATA=str(self.folder), **database, **self.settings), log=self.folder / "office.log")

    def _serve(self, server: str, redis_url: str, *, migrate: bool) -> Maatje:
        return self._maker(
            self.folder,
            server=server,
            database_url=self.database_url,
            redis_url=redis_url,
            demo=False,
            migrate=migrate,
            **self.settings,
        )

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
        return "".join(log.read_text(errors="replace") for log in sorted(self.folder.glob("*.log")))

    def close(self) -> None:
        self.office.close()
        for server in self.servers:
            server.kill()


@cache
def postgres() -> Postgres:
    return Postgres()


@cache
def valkey() -> Valkey:
    """For the houses that nothing happens to."""
    return Valkey()


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
    own = Valkey()
    _valkeys.append(own)
    return House("row", servers=["daphne", "uvicorn", "daphne", "uvicorn"], postgres=postgres(), layer=own)


@cache
def without_a_layer() -> House:
    """Two processes that were promised a layer which was never there."""
    return House("without_a_layer", servers=["daphne", "uvicorn"], redis_urls=[f"redis://127.0.0.1:{free_port()}/0"])


def close_all() -> None:
    """Leave nothing behind."""
    for built in _built:
        built.close()
        shutil.rmtree(built.folder, ignore_errors=True)
    for own in _valkeys:
        own.remove()
    for service in (valkey, postgres):
        if service.cache_info().currsize:
            service().remove()
    _built.clear()
    _valkeys.clear()
    for known in (valkey, postgres, house, row, without_a_layer):
        known.cache_clear()
