"""The compiled lists in a file: the same engine, sooner; and never that of other lists."""

import pickle
from pathlib import Path

import pytest

from moderation.screening import keeping
from moderation.screening.engine import Engine
from moderation.screening.lists import parse

LIST = """version = 1
reviewed_on = 2026-03-01
review_by = 2026-09-01
[[rule]]
class = "hate"
severity = 2
reason = "slur"
any = ["kwibus*"]
"""


@pytest.fixture
def engine() -> Engine:
    return Engine.of([parse(LIST, "nl")])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "compiled"


class TestKeeping:
    def test_gives_back_an_engine_that_sees_the_same(self, engine: Engine, path: Path) -> None:
        keeping.keep(engine, {"nl": LIST}, path=path)

        kept = keeping.load({"nl": LIST}, path=path)

        assert kept is not None
        assert [signal.reason for signal in kept.find(kept.text("jij kwibussen", "nl"), ("nl",))] == ["slur"]

    def test_gives_nothing_for_other_lists(self, engine: Engine, path: Path) -> None:
        keeping.keep(engine, {"nl": LIST}, path=path)

        assert keeping.load({"nl": LIST.replace("kwibus", "kwast")}, path=path) is None

    @pytest.mark.parametrize("left", [0, 10, 40, -1], ids=["nothing", "half-a-digest", "no-engine", "all-but-one"])
    def test_gives_nothing_of_a_file_that_was_cut_off(self, engine: Engine, path: Path, left: int) -> None:
        keeping.keep(engine, {"nl": LIST}, path=path)
        path.write_bytes(path.read_bytes()[:left])

        assert keeping.load({"nl": LIST}, path=path) is None

    def test_gives_nothing_where_there_is_none(self, path: Path) -> None:
        assert keeping.load({"nl": LIST}, path=path) is None

    def test_leaves_no_half_where_it_cannot_be_put(self, engine: Engine, path: Path) -> None:
        path.mkdir()

        with pytest.raises(OSError, match="directory"):
            keeping.keep(engine, {"nl": LIST}, path=path)

        assert list(path.parent.iterdir()) == [path]

    def test_runs_nothing_of_what_somebody_put_there(self, engine: Engine, path: Path) -> None:
        class Sly:
            def __reduce__(self) -> tuple[object, tuple[str]]:
                return Path.touch, (path.with_name("ran"),)  # type: ignore[return-value]  # what a pickle would do

        path.write_bytes(keeping.digest({"nl": LIST}) + pickle.dumps(Sly()))

        assert keeping.load({"nl": LIST}, path=path) is None
        assert not path.with_name("ran").exists()
