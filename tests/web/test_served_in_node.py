"""What browsers get, joined and with short names, run by node: that it is JavaScript at all, and does what its sources do."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.chat.lite.test_squeezing import HELD_OUT
from web import serving
from web.shortening import declared, shorten

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")

SERVED = sorted(name for name in serving.shelf().files if name.endswith(".js"))
ENGINE = serving.TOGETHER[: serving.TOGETHER.index("showing.js") + 1]  # what needs no screen
ON_FIRST_USE = ("squeeze.js", "later.js", "door.js")
_FROM_APP = re.compile(r"import\{([^}]*)\}from'\./app\.js'")
_LINKS = re.compile(r"^(?:import .*|export (?=\w))", re.MULTILINE)


def sources(*names: str) -> str:
    files = serving.as_written()
    return "\n".join(_LINKS.sub("", files[name]) for name in names)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files as served, of the joined one all that stands before the screens; it gives its own names too, behind `own_`."""
    folder = tmp_path_factory.mktemp("served")
    whole = serving.shelf().files["app.js"].plain.decode()
    marked, called = shorten(f"{sources(*ENGINE)}\n'screens';\n{sources(*serving.TOGETHER[len(ENGINE) :])}")
    engine, screens = marked.split("'screens';")
    assert f"{engine}{screens.lstrip()}".split() == whole[: whole.rindex("\nlet _")].split()  # cut from what is served, nothing else
    edition = re.findall(r"\nlet (_\w+);export", whole)[0]
    later = {name: serving.shelf().files[name].plain for name in ON_FIRST_USE}
    wanted = {said for data in later.values() for names in _FROM_APP.findall(data.decode()) for said in names.split(",")}
    engines = {called[name] for name in declared(sources(*ENGINE))}
    engine += "".join(f"\nfunction {name}(){{}}" for name in sorted(wanted - engines - {edition}))  # of the screens, which nobody calls
    own = ",".join(f"{called[name]} as own_{name}" for name in sorted(declared(sources(*ENGINE))))
    (folder / "app.js").write_text(f"{engine}\nlet {edition};export{{{','.join(sorted({edition} | wanted))},{own}}};")
    for name, data in later.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("name", SERVED)
def test_every_file_is_javascript(name: str, tmp_path: Path) -> None:
    kind = ".js" if name in {"sw.js", "old.js"} else ".mjs"  # the others are modules
    (tmp_path / f"file{kind}").write_bytes(serving.shelf().files[name].plain)

    ran = subprocess.run(["node", "--check", f"file{kind}"], cwd=tmp_path, capture_output=True, check=False, text=True, timeout=30)

    assert ran.returncode == 0, ran.stderr


def test_the_engine_keeps_its_promises(served: Path) -> None:
    ran = subprocess.run(["node", "tests/web/engine.mjs", f"--served={served}"], capture_output=True, check=False, text=True, timeout=120)

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_codec_passes_its_checks_and_squeezes_the_same(served: Path) -> None:
    ran = [
        subprocess.run(["node", "tests/web/codec.mjs", *where, HELD_OUT[0][1]], capture_output=True, check=True, timeout=60).stdout
        for where in ([f"--served={served}"], [])
    ]

    assert json.loads(ran[0])["wrong"] == []
    assert json.loads(ran[0]) == json.loads(ran[1])
