"""Dictionaries are made of phrases: always the same of the same, under a new number when they change."""

from io import StringIO
from pathlib import Path

import brotli
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from chat.lite import building, dictionaries
from chat.lite.dictionaries import Dictionary
from chat.management.commands import build_dictionaries

PHRASES = [
    f"{greeting} {name}, {question}" for greeting in ("hello", "good morning") for name in "ABCD" for question in ("how are you?", "here?")
]


class TestBuilding:
    def test_makes_the_same_of_the_same(self) -> None:
        assert building.build(PHRASES) == building.build(iter(PHRASES))

    def test_puts_what_is_often_said_into_table_and_text(self) -> None:
        dictionary = Dictionary("xx1", building.build(PHRASES))

        assert len(dictionary.table.encode("how are you?")) <= 4
        assert b"good morning" in dictionary.data.partition(b"\n\n")[2]

    def test_always_has_digits(self) -> None:
        assert set("0123456789") <= set(Dictionary("xx1", building.build(PHRASES)).table.strings)

    def test_stays_within_what_may_be_served(self, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = len(brotli.compress(building.build(PHRASES), quality=11))
        monkeypatch.setattr(building, "MOST_SERVED", whole - 20)

        assert len(brotli.compress(building.build(PHRASES), quality=11)) <= whole - 20

    def test_leaves_out_what_tells_about_the_list(self) -> None:
        assert building.phrases_of("# about\n\nhello\n") == ["hello"]


class TestTheCommand:
    def test_finds_the_committed_ones_up_to_date(self) -> None:
        assert "up to date" in run("--check")

    def test_gives_new_words_a_new_number_and_leaves_the_old_file(self, folder: Path) -> None:
        run()
        first = (folder / "nl1.bin").read_bytes()
        write(folder, [*PHRASES, "hello again, how are you?"])

        said = run()

        assert "nl2" in said
        assert (folder / "nl1.bin").read_bytes() == first
        assert list(dictionaries.read(folder)) == ["nl1", "nl2"]

    def test_changes_nothing_when_nothing_changed(self, folder: Path) -> None:
        run()
        before = {path.name: path.read_bytes() for path in folder.iterdir()}

        assert "up to date" in run()
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    def test_makes_no_new_number_of_the_same_words_in_another_list(self, folder: Path) -> None:
        run()
        write(folder, ["# a new line about the list", *PHRASES])

        run()

        assert list(dictionaries.read(folder)) == ["nl1"]
        assert "up to date" in run("--check")

    def test_keeps_three(self, folder: Path) -> None:
        for more in range(5):
            write(folder, [*PHRASES, *[f"number {number} is here" for number in range(more)]])
            run()

        assert list(dictionaries.read(folder)) == ["nl3", "nl4", "nl5"]
        assert not (folder / "nl2.bin").exists()

    def test_says_which_are_old(self, folder: Path) -> None:
        with pytest.raises(CommandError, match="nl"):
            run("--check")
        assert not list(folder.glob("*.bin"))

    def test_refuses_to_touch_a_file_that_is_there(self, folder: Path) -> None:
        (folder / "nl1.bin").write_bytes(b"somebody's")

        with pytest.raises(FileExistsError):
            run()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where dictionaries go, with one list of phrases beside it."""
    (tmp_path / "phrases").mkdir()
    (tmp_path / "dictionaries").mkdir()
    monkeypatch.setattr(dictionaries, "FOLDER", tmp_path / "dictionaries")
    monkeypatch.setattr(build_dictionaries, "PHRASES", tmp_path / "phrases")
    write(tmp_path / "dictionaries", PHRASES)
    return tmp_path / "dictionaries"


def write(folder: Path, phrases: list[str]) -> None:
    (folder.with_name("phrases") / "nl.txt").write_text("\n".join(phrases) + "\n", encoding="utf-8")


def run(*options: str) -> str:
    said = StringIO()
    call_command("build_dictionaries", *options, stdout=said)
    return said.getvalue()
