"""Each instrument works here, for a second; how fast it finds us is not this test's business."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.services.maatje import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def run(*arguments: str) -> dict[str, Any]:
    """Run an instrument, and read its last line; 1 only says that something was over its budget."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", *arguments, "--json"], cwd=ROOT, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


class TestSend:
    @pytest.mark.parametrize(("server", "database"), [("daphne", "postgres"), ("uvicorn", "sqlite")])
    def test_measures_ours_beside_the_plain_one(self, server: str, database: str) -> None:
        found = run("send", "--server", server, "--database", database, "--pairs", "2", "--seconds", "1", "--rounds", "1")

        measured = {"messages_per_second", "p50_ms", "p99_ms", "cpu_us_per_message", "baseline_cpu_us_per_message", "ratio"}
        assert measured <= found.keys()
        assert all(found[key] > 0 for key in measured)
        assert measured <= found["spread"].keys()
        assert found["budget"] == {"cpu_us_per_message": 500, "p99_ms": 100, "ratio": 0.2}


class TestBytes:
    def test_weighs_what_a_file_says(self, tmp_path: Path) -> None:
        (tmp_path / "phrases.tsv").write_text("nl\tTot morgen!\nnl\tIk kom om tien uur naar de markt.\n", encoding="utf-8")

        found = run("bytes", "--phrases", str(tmp_path / "phrases.tsv"), "--database", "sqlite")

        assert found["messages"] == 2
        assert 0 < found["lite_median_bytes"] < found["json_median_bytes"]
        assert found["languages"].keys() == {"nl"}
        assert found["budget"] == {
            "lite_median_bytes": 28, "lite_later_median_bytes": 28, "lite_p95_bytes": 48, "bytes_per_text_byte": 0.75,
            "resume_bytes": 16, "idle_hour_bytes": 1400, "app_bytes": 14000, "app_total_bytes": 40000, "no_script_page_bytes": 1500,
            "month_megabytes": 1.0,
        }  # fmt: skip

    def test_says_what_is_wrong_with_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "phrases.tsv").write_text("nl Tot morgen!\n", encoding="utf-8")

        done = subprocess.run(
            [sys.executable, "-m", "bench", "bytes", "--phrases", str(tmp_path / "phrases.tsv")], cwd=ROOT, capture_output=True, text=True,
            timeout=30, check=False,
        )  # fmt: skip

        assert done.returncode != 0
        assert "line 1: no tab" in done.stderr
        assert "Traceback" not in done.stderr


class TestSockets:
    def test_counts_what_a_socket_costs_and_how_soon_all_are_back(self) -> None:
        found = run("sockets", "--count", "12")

        assert {"kib_per_socket", "connects_per_second", "resume_all_seconds"} <= found.keys()
        assert found["connects_per_second"] > 0
        assert found["resume_all_seconds"] > 0


class TestCrash:
    def test_finds_every_acked_draft_once_and_in_order(self) -> None:
        found = run("crash", "--kills", "2", "--database", "sqlite")

        assert found["acked"] > 0
        assert {key: found[key] for key in ("kills", "lost", "duplicated", "out_of_order", "holes")} == {
            "kills": 2, "lost": 0, "duplicated": 0, "out_of_order": 0, "holes": 0,
        }  # fmt: skip
        assert found["passed"]
