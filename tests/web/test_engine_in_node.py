"""The page's engine, run by node: the vectors of the wire, and what it promises against a small server of the same protocol."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from chat.lite import layouts

VECTORS = json.loads(Path("tests/vectors/frames.json").read_text(encoding="utf-8"))


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
class TestTheEngineOfThePage:
    def test_keeps_its_promises(self) -> None:
        ran = subprocess.run(["node", "tests/web/engine.mjs"], capture_output=True, check=False, text=True, timeout=120)

        assert ran.returncode == 0, ran.stdout + ran.stderr


class TestTheVectors:
    def test_have_every_frame(self) -> None:
        said = {
            frame["type"] for vector in VECTORS for frame in ([vector["means"]] if isinstance(vector["means"], dict) else vector["means"])
        }

        assert len(said) == len(layouts.UP) + len(("send", "resume")) + len(layouts.DOWN) + len(
            ("welcome", "page", "marks", "card", "entry")
        )
