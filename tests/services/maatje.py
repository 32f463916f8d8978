"""Our own server as an operator runs it: `manage.py serve` in a process of its own."""

import os
import re
import sys
import urllib.request
from pathlib import Path

from tests.services import migrated
from tests.services.process import Process, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
_CODE = re.compile(r"^  ([2-9A-Z]{10})  (\S+)\s+(\w+)$", re.MULTILINE)


class Maatje:
    """One server process; several may share a database, a layer and a data folder.

    `silent`: its demo people said nothing yet. `migrate`: nobody made the tables yet. On SQLite they come with a copy of a database where every migration ran.
    """

    def __init__(
        self,
        folder: Path,
        *,
        server: str = "daphne",
        database_url: str = "",
        redis_url: str = "",
        demo: bool = True,
        silent: bool = False,
        migrate: bool = True,
        port: int | None = None,
        **settings: str,
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.env = {**os.environ, "MAATJE_DATA": str(folder), "PYTHONUNBUFFERED": "1", **settings}
        if database_url:
            self.env["DATABASE_URL"] = database_url
        if redis_url:
            self.env["REDIS_URL"] = redis_url
        self.command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(self.port), "--server", server]
        self.command += [] if demo else ["--empty"]
        self.command += ["--silent"] if silent else []
        self.command += [] if migrate and database_url else ["--no-migrate"]
        folder.mkdir(parents=True, exist_ok=True)
        if migrate and not database_url:
            migrated.lay_sqlite(folder / "maatje.sqlite3")
        self.start()

    def start(self) -> None:
        """Start (again) on the same port and data."""
        log = self.folder / f"serve-{self.port}-{len(list(self.folder.glob('serve-*')))}.log"
        self.process = Process(self.command, log=log, env=self.env, cwd=ROOT)
        self.process.wait_until(lambda: "Maatje is at" in self.process.said())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/api/v1/socket"

    def codes(self) -> dict[str, str]:
        """The invite codes of the demo people that this start printed, by name."""
        return {name: code for code, name, _ in _CODE.findall(self.process.said())}

    def answers(self, path: str = "/healthz") -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=2) as response:  # loopback
                return bool(response.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        self.process.kill()

    def stop(self) -> int:
        return self.process.stop()
