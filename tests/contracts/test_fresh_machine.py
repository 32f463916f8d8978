"""A fresh clone serves after one command, with no more installed than requirements.txt names.

Where this very house was set up from these requirements, as where all of them are tested, its packages are taken over; elsewhere they
are installed anew, as script/setup does before any test runs.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
import time
import venv
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tests.contracts.test_scripts import pinned
from tests.services.maatje import ROOT
from tests.services.process import Process, free_port

WANTED = ("requirements.txt", "requirements-dev.txt")


def tree(folder: Path) -> Path:
    """A copy of what git has or would take, as in a fresh clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def take_over_what_is_installed(house: Path) -> None:
    """Those packages that one who serves needs, and pip, in an environment of its own."""
    installed = ROOT / ".venv" / "installed"
    is_of_these = all((installed / name).exists() and (installed / name).read_bytes() == (ROOT / name).read_bytes() for name in WANTED)
    if not is_of_these or Path(sys.prefix) != ROOT / ".venv":
        return
    venv.create(house / ".venv", symlinks=True)
    [packages] = (house / ".venv").glob("lib/python3.*/site-packages")
    for name in (*pinned("requirements.txt"), "pip"):
        for place in places_of(name):
            if not (packages / place.name).exists():
                (packages / place.name).symlink_to(place)
    (house / ".venv" / "installed").mkdir()
    for name in ("requirements.txt", "python"):
        shutil.copy(installed / name, house / ".venv" / "installed")


def places_of(package: str) -> set[Path]:
    """The folders and modules that a package brought; none of one that only other Pythons need."""
    try:
        brought = distribution(package)
    except PackageNotFoundError:
        return set()
    return {Path(str(brought.locate_file(file.parts[0]))) for file in brought.files or [] if file.parts[0] not in {"..", "__pycache__"}}


@pytest.mark.slow
@pytest.mark.timeout(300)  # elsewhere it installs everything
class TestAFreshMachine:
    def test_serves_after_one_command_and_again_within_seconds(self, tmp_path: Path) -> None:
        house = tree(tmp_path / "house")
        take_over_what_is_installed(house)
        port = str(free_port())
        env = {name: value for name, value in os.environ.items() if not re.match(r"MAATJE|DJANGO|DATABASE|REDIS|PYTHON|VIRTUAL", name)}
        serve = [str(house / "script" / "serve"), "--port", port]

        first = Process(serve, log=tmp_path / "first", env=env, cwd=tmp_path)
        first.wait_until(lambda: "Maatje is at" in first.said(), seconds=280)
        busy = subprocess.run(serve, env=env, capture_output=True, text=True, check=False)
        assert first.stop() == 0
        keys = (house / "data" / "keys.json").read_bytes()

        started = time.monotonic()
        second = Process(serve, log=tmp_path / "second", env=env, cwd=tmp_path)
        second.wait_until(lambda: "Maatje is at" in second.said())
        took = time.monotonic() - started
        assert second.stop() == 0

        assert "Fatima" in first.said()
        assert "Installing" not in second.said()
        assert took < 15
        assert (house / "data" / "keys.json").read_bytes() == keys
        assert stat.S_IMODE((house / "data" / "keys.json").stat().st_mode) == 0o600
        assert busy.returncode == 1
        assert busy.stderr.strip().splitlines()[-1].endswith("Choose another with --port.")
