"""`manage.py screen`."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

LINES = "nl\tik wil niet meer leven\nnl\tik ga dood van het lachen\ntr\tüzgünüm\n"


def screened(monkeypatch: pytest.MonkeyPatch, lines: str, **options: object) -> list[str]:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines.encode()), encoding="utf-8"))
    call_command("screen", stdout=out, **options)
    return out.getvalue().splitlines()


class TestScreen:
    def test_prints_one_object_a_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        first, second, third = [json.loads(line) for line in screened(monkeypatch, LINES, json=True)]

        assert first["lang"] == "nl"
        assert {(signal["class"], signal["severity"] >= 2) for signal in first["signals"]} == {("crisis", True)}
        assert set(first["signals"][0]) == {"class", "severity", "reason"}
        assert (second, third) == ({"lang": "nl", "signals": []}, {"lang": "tr", "signals": []})

    def test_prints_what_people_read_otherwise(self, monkeypatch: pytest.MonkeyPatch) -> None:
        lines = screened(monkeypatch, LINES)

        assert lines[0].startswith("nl\tcrisis")
        assert lines[1] == "nl\t-\tik ga dood van het lachen"

    def test_takes_lines_of_languages_without_a_list_and_broken_bytes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert [json.loads(line)["signals"] for line in screened(monkeypatch, "de\tGuten Tag\nnl\t\n", json=True)] == [[], []]

    def test_takes_the_language_of_a_region_and_no_empty_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        [found] = [json.loads(line) for line in screened(monkeypatch, "nl-BE\tik wil niet meer leven\n\n", json=True)]

        assert found["lang"] == "nl-BE"
        assert {signal["class"] for signal in found["signals"]} == {"crisis"}

    def test_says_what_a_line_must_be(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(CommandError, match="a language, a tab and a text"):
            screened(monkeypatch, "ik wil dood\n")

    def test_judges_labelled_phrases(self, tmp_path: Path) -> None:
        file = tmp_path / "mine_nl.tsv"
        file.write_text("crisis\tik wil niet meer leven\n-\tgoeiemorgen\nmoney\tgoeiemorgen allemaal\n", "utf-8")
        out = io.StringIO()

        call_command("screen", judge=[file], mistakes=True, stdout=out)

        assert out.getvalue().splitlines()[-1] == "nl\tis money\tseen -\tgoeiemorgen allemaal"
