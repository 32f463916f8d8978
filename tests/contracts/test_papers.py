"""What the papers name exists: files, commands, settings, constraints, and headings that are linked to."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands

from tests.contracts.protocol_page import ROOT

PAPERS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
_A_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`|`([\w-]+\.(?:md|toml|yaml|txt))`")
_NOT_IN_THE_TREE = ("application/", "text/", "deploy/secrets/", "./data")  # kinds of content have a slash too; the others are made later
_A_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(#[^)]+)?\)")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
class TestAPaper:
    def test_names_only_files_that_exist(self, paper: Path) -> None:
        named = {one or other for one, other in _A_PATH.findall(paper.read_text(encoding="utf-8"))}
        places = [ROOT, paper.parent, *(package.parent for package in ROOT.glob("*/__init__.py"))]
        files = {name for name in named if not name.startswith(_NOT_IN_THE_TREE)}

        assert [name for name in sorted(files) if not any((place / name).exists() for place in places)] == []

    def test_links_only_to_files_and_headings_that_exist(self, paper: Path) -> None:
        for path, anchor in _A_LINK.findall(paper.read_text(encoding="utf-8")):
            target = paper.parent / path

            assert target.exists(), path
            assert not anchor or anchor.removeprefix("#") in anchors(target), path + anchor

    def test_names_only_commands_that_exist(self, paper: Path) -> None:
        named = set(re.findall(r"manage\.py ([a-z_]+)", paper.read_text(encoding="utf-8")))

        assert named <= get_commands().keys()

    def test_names_only_settings_that_exist(self, paper: Path) -> None:
        text = paper.read_text(encoding="utf-8")
        readers = [ROOT / "backend" / "settings.py", ROOT / "compose.yaml", ROOT / "deploy" / "Caddyfile"]
        read = " ".join(reader.read_text(encoding="utf-8") for reader in readers)

        for name in set(re.findall(r"`(MAATJE_[A-Z_]+[A-Z])[`=]", text)):
            assert hasattr(settings, name) or re.search(rf"\b{name.removesuffix('_FILE')}\b", read), name


class TestArchitecture:
    def test_names_only_constraints_that_exist(self) -> None:
        text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
        ours = {constraint.name for model in apps.get_models() for constraint in model._meta.constraints}
        named = {name for line in re.findall(r"constraints? (`[^|]*)", text) for name in re.findall(r"`([a-z_]{12,})`", line)}

        assert named
        assert named <= ours

    def test_shows_every_app(self) -> None:
        text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
        ours = {config.name for config in apps.get_app_configs() if (ROOT / config.name).is_dir()}

        assert ours <= set(re.findall(r"^\| `(\w+)/` \|", text, re.MULTILINE))


class TestReadme:
    def test_fits_two_screens(self) -> None:
        assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 90

    def test_names_only_scripts_that_exist(self) -> None:
        named = set(re.findall(r"\./script/(\w+)", (ROOT / "README.md").read_text(encoding="utf-8")))

        assert all((ROOT / "script" / name).exists() for name in named)


def anchors(paper: Path) -> set[str]:
    """The anchors that GitHub gives to its headings."""
    headings = re.findall(r"^##+ (.+)$", paper.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
