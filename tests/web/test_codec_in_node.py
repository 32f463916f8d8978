"""The page's codec, run by node: the shared vectors, a fuzz, and what it squeezes is what the server expands."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import brotli
import pytest

from chat.errors import MalformedFrame
from chat.lite import dictionaries
from chat.lite.dictionaries import Dictionary
from chat.lite.squeezing import expand, squeeze
from tests.chat.lite.test_squeezing import HELD_OUT
from tests.vectors.make import SMALL

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")

PAGE = Path("web/page")


@pytest.fixture(scope="module")
def outcome() -> dict[str, Any]:
    """What node says, having also squeezed the held-out messages."""
    command = ["node", "tests/web/codec.mjs", *(text for _, text in HELD_OUT)]
    ran = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return dict(json.loads(ran.stdout))


def named(name: str) -> Dictionary:
    return SMALL if name == "small" else dictionaries.offered()[name]


class TestTheCodecOfThePage:
    def test_passes_its_checks(self, outcome: dict[str, Any]) -> None:
        assert outcome["wrong"] == []

    def test_squeezes_what_the_server_expands(self, outcome: dict[str, Any]) -> None:
        squeezed = [item for item in outcome["squeezed"] if item["hex"] is not None]

        assert len(squeezed) > 1_000
        for item in squeezed:
            assert expand(bytes.fromhex(item["hex"]), named(item["dictionary"])) == item["text"]

    def test_squeezes_about_as_well_as_the_server(self, outcome: dict[str, Any]) -> None:
        own = {(dictionaries.newest(language).name, text) for language, text in HELD_OUT}
        here = sum(len(squeeze(text, named(name)) or text.encode()) for name, text in own)
        there = sum(
            len(bytes.fromhex(item["hex"]) if item["hex"] else item["text"].encode())
            for item in outcome["squeezed"]
            if (item["dictionary"], item["text"]) in own
        )

        assert there < 1.03 * here

    def test_judges_changed_bytes_as_the_server_does(self, outcome: dict[str, Any]) -> None:
        for verdict in outcome["verdicts"]:
            data = bytes.fromhex(verdict["hex"])
            if data and verdict["text"] is None and data[0] >> 1 & 3 == 2:
                continue  # codes made to measure: the server reads them, the page need not
            try:
                text = expand(data, named(verdict["dictionary"]))
            except MalformedFrame:
                text = None
            assert text == verdict["text"], verdict

    def test_is_small(self) -> None:
        lines = {name: (PAGE / name).read_text(encoding="utf-8").splitlines() for name in ("pack.js", "squeeze.js")}
        served = ["\n".join(line.strip() for line in each if line.strip() and line.strip()[:2] != "//") for each in lines.values()]

        assert sum(len(brotli.compress(each.encode(), quality=11)) for each in served) <= 2_450
