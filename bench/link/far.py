"""The product at the far end of an emulated link: one process on SQLite, a TLS end in front, and a pair that may talk."""

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import msgspec

from bench.link.link import Link
from bench.link.namespaces import SERVER
from bench.link.sockets import PORT
from bench.pairs import Pair, read_pairs
from bench.verdict import Logged
from tests.services.maatje import ROOT, Maatje
from tests.services.process import Process


class FarMaatje(Maatje):
    """Our server in the namespace behind the link; its files are here."""

    def __init__(self, link: Link, folder: Path, *, server: str, **settings: str) -> None:
        self._link = link
        super().__init__(folder, server=server, demo=False, **settings)  # type: ignore[arg-type]  # names of settings, never of its own arguments

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = Process(self._link.at("server", *self.command), log=self.folder / "serve.log", env=self.env, cwd=ROOT)
        self.process.wait_until(lambda: "Maatje is at" in self.process.said())


class Far:
    """Everything of one run; gone afterwards."""

    def __init__(self, profile: str, *, server: str, seed: int) -> None:
        with ExitStack() as started:  # what started is ended also when the next thing does not start
            self.folder = Path(started.enter_context(tempfile.TemporaryDirectory(prefix="maatje-link-", ignore_cleanup_errors=True)))
            self.link = started.enter_context(Link(profile, self.folder, seed=seed))
            self.maatje = FarMaatje(self.link, self.folder / "data", server=server, MAATJE_HOSTS=f"{SERVER},127.0.0.1")
            started.callback(self.maatje.kill)
            end = [sys.executable, "-m", "bench.link.tls_end", SERVER, str(PORT), str(self.maatje.port), str(self.folder)]
            tls_end = Process(self.link.at("server", *end), log=self.folder / "tls.log", cwd=ROOT)
            started.callback(tls_end.kill)
            tls_end.wait_until(lambda: "TLS is at" in tls_end.said())
            self._ends = started.pop_all()

    def seat(self) -> Pair:
        """A pair with a phone each, in low-data mode."""
        file = self.folder / "pairs.json"
        command = [sys.executable, "-m", "bench.seed", "--pairs", "1", "--low-data", "--to", str(file)]
        subprocess.run(command, env=self.maatje.env, cwd=ROOT, check=True)  # our own program
        return read_pairs(file)[0]

    def log(self) -> dict[str, list[Logged]]:
        """The whole log, opened."""
        said = subprocess.run([sys.executable, "-m", "bench.ledger"], env=self.maatje.env, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        return msgspec.json.decode(said.stdout, type=dict[str, list[Logged]])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()
