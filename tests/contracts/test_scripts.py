"""The scripts do what they say, and every error of theirs ends with its remedy.

Not run here: `script/lock`, which asks an index, and apt-get in `.ci/run`.
"""

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from privacy import key_material
from tests.services.maatje import ROOT
from tests.services.process import free_port

SCRIPTS = sorted([*(ROOT / "script").iterdir(), ROOT / ".ci" / "run", ROOT / "deploy" / "maatje", ROOT / "deploy" / "backup"])
TOOLS = (
    "bash",
    "env",
    "cat",
    "cmp",
    "cp",
    "cut",
    "dirname",
    "grep",
    "head",
    "mkdir",
    "mktemp",
    "rm",
    "tail",
    "openssl",
    "printf",
    "setpriv",
)


def program(path: Path, *lines: str) -> Path:
    """A small shell program to stand in for a real one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)
    return path


class Machine:
    """A computer with a copy of the house, a PATH of our choosing, and no other environment."""

    def __init__(self, folder: Path) -> None:
        self.house = folder / "house"
        self.bin = folder / "bin"
        for path in (self.house / "script", self.bin):
            path.mkdir(parents=True)
        for name in TOOLS:
            if found := shutil.which(name):
                (self.bin / name).symlink_to(found)

    def bring(self, *names: str) -> None:
        for name in names:
            (self.house / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, self.house / name)

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run without any rights beyond a user's, also as root."""
        unprivileged = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 and shutil.which("setpriv") else []
        return subprocess.run(
            [*unprivileged, *command],
            cwd=self.house, env={"PATH": str(self.bin), "HOME": str(self.house), **env}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def remedy(self, *command: str, **env: str) -> str:
        """The last line that a failing command says."""
        done = self.run(*command, **env)
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stderr.splitlines()[-1]

    def python(self, name: str, *, version: str, lacks: str = "nothing") -> Path:
        """A Python of a version, as far as set-up asks."""
        path = self.bin / name
        return program(
            path, f'case "$*" in *{lacks}*) exit 1 ;; *version_info*) echo {version}; exit ;; esac', f'exec {sys.executable} "$@"'
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.bring("script/setup", "requirements.txt", "requirements-dev.txt")
    return machine


class TestEveryScript:
    @pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
    def test_can_be_run(self, script: Path) -> None:
        shell = "bash" if script.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n") else "sh"

        assert script.stat().st_mode & stat.S_IXUSR
        subprocess.run([shell, "-n", str(script)], check=True)

    @pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
    def test_needs_no_newer_bash_than_macos_has(self, script: Path) -> None:
        newer = r"declare -A|local -n|mapfile|readarray|\$\{[^}]*(,,|\^\^)[^}]*\}|&>>|\|&|;;&|coproc|wait -n|\$EPOCH"

        assert not re.search(newer, script.read_text(encoding="utf-8"))

    def test_ends_in_the_one_that_tests_everything(self) -> None:
        assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("exec ./script/test")


class TestSetup:
    def test_refuses_a_python_that_is_too_old(self, machine: Machine) -> None:
        old = machine.python("old", version="3.8")

        assert machine.remedy("script/setup", PYTHON=str(old)).endswith("is Python 3.8. Point it at Python 3.11 or newer, or unset it.")

    def test_refuses_a_python_that_does_not_start(self, machine: Machine) -> None:
        assert "does not start" in machine.remedy("script/setup", PYTHON="/nowhere/python")

    def test_says_which_python_it_needs_when_all_are_too_old(self, machine: Machine) -> None:
        machine.python("python3", version="3.9")

        assert "3.11 or newer is needed, and Python 3.9 is here" in machine.remedy("script/setup")

    def test_says_which_python_it_needs_when_there_is_none(self, machine: Machine) -> None:
        assert "3.11 or newer is needed, and none is here" in machine.remedy("script/setup")

    def test_passes_over_a_name_that_does_not_start(self, machine: Machine) -> None:
        program(machine.bin / "python3", "echo 'pyenv: python3: command not found' >&2", "exit 127")
        machine.python("python3.12", version="3.12", lacks="ensurepip")

        assert "python3.12-venv" in machine.remedy("script/setup")

    def test_names_the_package_that_debian_keeps_apart(self, machine: Machine) -> None:
        machine.python("python3", version="3.13", lacks="ensurepip")

        assert "apt install python3.13-venv" in machine.remedy("script/setup")
        assert not (machine.house / ".venv").exists()

    def test_says_that_it_may_not_write(self, machine: Machine) -> None:
        machine.python("python3", version="3.11")
        machine.house.chmod(0o555)
        try:
            assert machine.remedy("script/setup").startswith("setup: You may not write in ")
        finally:
            machine.house.chmod(0o755)

    def test_knows_no_other_kinds(self, machine: Machine) -> None:
        assert machine.remedy("script/setup", "everything").endswith("Say ./script/setup or ./script/setup dev.")

    @pytest.mark.slow
    def test_says_that_there_is_no_network(self, machine: Machine) -> None:
        (machine.bin / "python3").symlink_to(sys.executable)
        nobody = {"PIP_INDEX_URL": f"http://127.0.0.1:{free_port()}/", "PIP_CONFIG_FILE": "/dev/null", "PIP_RETRIES": "1"}

        assert machine.remedy("script/setup", **nobody).endswith("Check the internet connection and run this again.")


class TestRequirements:
    @pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
    def test_name_no_index_and_hash_everything(self, name: str) -> None:
        text = (ROOT / name).read_text(encoding="utf-8")
        named = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\n(?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n)+", text, re.MULTILINE)

        assert not re.search(r"https?:|file:|index.url|find.links", text)
        assert len(named) == len(re.findall(r"^[a-z0-9][^\n]*==", text, re.MULTILINE)) > 40

    def test_hold_all_that_the_project_names(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

        assert pinned("requirements.txt").keys() >= set(map(bare, project["project"]["dependencies"]))
        assert pinned("requirements-dev.txt").keys() >= set(map(bare, project["dependency-groups"]["dev"]))

    def test_agree_with_each_other(self) -> None:
        assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()


def bare(requirement: str) -> str:
    """`psycopg[binary,pool]>=3.2` is psycopg."""
    return re.split(r"[\[<>=~!; ]", requirement)[0].lower().replace("_", "-")


def pinned(name: str) -> dict[str, str]:
    """Each package and its version."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    return {package.lower().replace("_", "-"): version for package, version in lines}


class TestSecrets:
    @pytest.fixture(autouse=True)
    def folder(self, machine: Machine) -> Path:
        machine.bring("script/secrets", "deploy/Caddyfile")
        return machine.house / "deploy" / "secrets"

    def test_make_a_keyring_and_one_password(self, machine: Machine, folder: Path) -> None:
        assert machine.run("script/secrets").returncode == 0

        material = key_material.parse((folder / "keys.json").read_text(encoding="ascii"), source="keys.json")
        assert list(material.keys) == [material.current]
        assert f":{(folder / 'database-password').read_text()}@" in (folder / "database-url").read_text()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_are_never_made_over(self, machine: Machine, folder: Path) -> None:
        machine.run("script/secrets")
        before = (folder / "keys.json").read_bytes()

        assert "Keep it" in machine.remedy("script/secrets")
        assert (folder / "keys.json").read_bytes() == before


class TestTheCommandOfTheUnits:
    def test_runs_manage_py_as_the_unit_does(self, machine: Machine, tmp_path: Path) -> None:
        machine.bring("deploy/maatje")
        program(machine.bin / "runuser", 'echo "$MAATJE_DATA $MAATJE_HOSTS $PWD $*"')
        (tmp_path / "environment").write_text('MAATJE_HOSTS="chat.example.org,www.example.org"\n')

        done = machine.run("deploy/maatje", "health", "--worker", MAATJE_ENVIRONMENT=f"{tmp_path}/environment", MAATJE_HOME=str(tmp_path))

        said = f"/var/lib/maatje chat.example.org,www.example.org {tmp_path} -u maatje -- .venv/bin/python manage.py health --worker"
        assert done.stdout.strip() == said


class TestBackup:
    @pytest.fixture(autouse=True)
    def python(self, machine: Machine) -> None:
        machine.bring("deploy/backup")
        program(machine.house / ".venv/bin/python", f'exec {sys.executable} "$@"')

    def test_copies_what_is_committed_while_somebody_writes(self, machine: Machine, tmp_path: Path) -> None:
        database = sqlite3.connect(tmp_path / "database", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "CREATE TABLE t (n)",
            "INSERT INTO t VALUES (1)",
            "BEGIN IMMEDIATE",
            "INSERT INTO t VALUES (2)",
        ):
            database.execute(statement)

        done = machine.run("deploy/backup", str(tmp_path / "database"), str(tmp_path / "copy"))

        assert done.returncode == 0, done.stderr
        assert sqlite3.connect(tmp_path / "copy").execute("SELECT n FROM t").fetchall() == [(1,)]
        assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
        assert not list(tmp_path.glob("*.part"))

    def test_says_how_when_there_is_no_such_database(self, machine: Machine) -> None:
        assert machine.remedy("deploy/backup", "nowhere", "copy").startswith("backup: say which database")


class TestTest:
    @pytest.fixture(autouse=True)
    def tools(self, machine: Machine) -> Path:
        """Tools that are content with everything, and write down that they were asked."""
        machine.bring("script/test")
        program(machine.house / "script" / "setup")
        asked = machine.house / "asked"
        for name in ("python", "ruff", "lint-imports", "yamllint"):
            program(machine.house / ".venv/bin" / name, f'echo "{name} $*" >>{asked}')
        asked.touch()
        return asked

    def test_asks_everybody_and_sums_up(self, machine: Machine, tools: Path) -> None:
        done = machine.run("script/test")

        assert done.returncode == 0, done.stdout + done.stderr
        assert re.fullmatch(r"script/test: all \d+ steps are good, in \d+ s\.", done.stdout.splitlines()[-1])
        for tool in (
            "ruff check",
            "ruff format --check",
            "python -m mypy",
            "lint-imports",
            "makemigrations --check",
            "check --deploy",
            "tests/promises",
            "-m delivery",
        ):
            assert tool in tools.read_text(encoding="utf-8")

    def test_goes_on_after_a_failure_and_names_it_at_the_end(self, machine: Machine, tools: Path) -> None:
        program(machine.house / ".venv/bin/lint-imports", "echo 'chat leans on backend'", "exit 1")

        done = machine.run("script/test")

        assert done.returncode == 1
        assert "chat leans on backend" in done.stdout
        assert "- layers:" in done.stdout.splitlines()[-1]
        assert "-m delivery" in tools.read_text(encoding="utf-8")

    def test_runs_only_the_tests_that_are_named(self, machine: Machine, tools: Path) -> None:
        machine.run("script/test", "tests/chat", "-k", "two words")

        assert tools.read_text(encoding="utf-8") == "python -m pytest tests/chat -k two words\n"

    def test_misses_the_browser_where_nobody_looks(self, machine: Machine) -> None:
        done = machine.run("script/test", CI="true")

        assert done.returncode == 1
        assert "No chromium" in done.stdout
