"""The layers of the house hold, and breaking any of them is noticed (ARCHITECTURE, Code map; the contracts stand in pyproject.toml)."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.services.maatje import ROOT

CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
PACKAGES: list[str] = CONFIGURATION["root_packages"]


def lint_imports(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={"COLUMNS": "300", "PATH": ""})


@pytest.fixture
def copied_house(tmp_path: Path) -> Path:
    """The Python of the house and its contracts, to break at will."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=lambda folder, names: {n for n in names if _is_no_code(Path(folder, n))})
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _is_no_code(path: Path) -> bool:
    return path.name == "__pycache__" or (path.is_file() and path.suffix != ".py")


class TestTheHouse:
    def test_keeps_every_contract(self) -> None:
        linted = lint_imports(ROOT)

        assert linted.returncode == 0, linted.stdout

    def test_has_no_package_that_no_contract_looks_at(self) -> None:
        packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

        assert packages == set(PACKAGES)


# A contract, the module in which somebody breaks it, and how.
VIOLATIONS = [
    ("apps", "core/ids.py", "import accounts"),
    ("apps", "privacy/fields.py", "import audit.actions"),
    ("apps", "live/hub.py", "import chat.models"),
    ("apps", "accounts/links.py", "import programmes.models"),
    ("apps", "programmes/handlers.py", "import chat.actions.entries"),
    ("apps", "chat/engine.py", "import backend.status"),
    ("modules", "chat/policy.py", "import chat.session"),
    ("modules", "chat/models.py", "import chat.actions.entries"),
    ("modules", "chat/reading/pages.py", "import chat.actions.entries"),
    ("modules", "accounts/errors.py", "import accounts.models"),
    ("modules", "programmes/actions/circles.py", "import programmes.views"),
    ("modules", "chat/utils.py", "OUGHT_TO_HAVE_A_BETTER_NAME = True"),
    ("modules", "meetings/times.py", "import meetings.plan"),
    ("firebase", "meetings/facts.py", "import firebase_admin"),
    ("transport", "chat/actions/entries.py", "import rest_framework.request"),
    ("transport", "programmes/policy.py", "import channels.layers"),
    ("transport", "accounts/models/people.py", "import rest_framework.serializers"),
    ("transport", "chat/facts.py", "import firebase_admin"),
    ("cryptography", "chat/bodies.py", "from cryptography.fernet import Fernet"),
    ("cryptography", "phone/wire.py", "import cryptography.hazmat"),
    ("phone", "phone/wire.py", "import chat.frames"),
    ("phone", "phone/wire.py", "import django.conf"),
    ("product", "chat/codec.py", "import tests.factories"),
    ("product", "backend/status.py", "import bench.report"),
]


class TestALayerThatIsBroken:
    @pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS, ids=[f"{where}-{line}" for _, where, line in VIOLATIONS])
    def test_is_noticed(self, copied_house: Path, contract: str, module: str, line: str) -> None:
        with (copied_house / module).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")

        linted = lint_imports(copied_house, "--contract", contract)

        assert linted.returncode == 1, linted.stdout
        assert "1 broken" in linted.stdout

    def test_is_tried_for_every_contract(self) -> None:
        assert {contract for contract, _, _ in VIOLATIONS} == {contract["id"] for contract in CONFIGURATION["contracts"]}
