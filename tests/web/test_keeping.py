"""What a start makes of the page is there for the next one, as long as nothing of it changed."""

from pathlib import Path

import pytest

from web import keeping

FILES = {"app.js": "let a = 1;\n"}
MADE = {"app.js": "let e=1;"}


class Maker:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, str]:
        self.times += 1
        return MADE


@pytest.fixture
def make() -> Maker:
    return Maker()


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with sources of its own, in which Python may keep what it makes."""
    for name in keeping.MAKERS:
        (tmp_path / name).write_text(f"# {name}\n", encoding="utf-8")
    monkeypatch.setattr(keeping, "HERE", tmp_path)
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    return tmp_path


class TestKept:
    def test_is_made_once(self, make: Maker) -> None:
        assert [keeping.kept(FILES, ("app.js",), make) for _ in range(3)] == [MADE] * 3
        assert make.times == 1

    def test_is_made_anew_of_another_page(self, make: Maker) -> None:
        keeping.kept(FILES, ("app.js",), make)

        keeping.kept({"app.js": "let a = 2;\n"}, ("app.js",), make)
        keeping.kept(FILES, ("app.js", "list.js"), make)

        assert make.times == 3

    @pytest.mark.parametrize("name", keeping.MAKERS)
    def test_is_made_anew_by_another_maker(self, make: Maker, house: Path, name: str) -> None:
        keeping.kept(FILES, ("app.js",), make)
        (house / name).write_text("# does it better\n", encoding="utf-8")

        keeping.kept(FILES, ("app.js",), make)

        assert make.times == 2

    def test_is_kept_of_a_few_pages_and_no_more(self, make: Maker, house: Path) -> None:
        for number in range(keeping.MOST + 2):
            keeping.kept({"app.js": f"let a = {number};\n"}, ("app.js",), make)

        assert len(list(house.glob("__pycache__/*"))) == keeping.MOST

    def test_is_made_anew_where_only_half_is_there(self, make: Maker, house: Path) -> None:
        keeping.kept(FILES, ("app.js",), make)
        [there] = house.glob("__pycache__/*")
        there.write_text('{"app.js": "let', encoding="utf-8")

        assert keeping.kept(FILES, ("app.js",), make) == MADE

    def test_is_not_kept_where_python_keeps_nothing(self, make: Maker, house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.dont_write_bytecode", True)

        assert keeping.kept(FILES, ("app.js",), make) == MADE
        assert not list(house.glob("__pycache__"))

    def test_is_made_where_nothing_can_be_kept(self, make: Maker, house: Path) -> None:
        (house / "__pycache__").write_text("no folder", encoding="utf-8")

        assert keeping.kept(FILES, ("app.js",), make) == MADE
