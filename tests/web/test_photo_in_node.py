"""Browsers that do not turn a photo as the camera was held leave it to the page: what it reads in the photo, asked in Node."""

import json
import shutil
import subprocess

import pytest

from tests.contracts.protocol_page import ROOT
from tests.media.pictures import exif, photo

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is missing")

PAGE = ROOT / "web" / "page" / "photo.js"
ASK = """
const document = {}, getComputedStyle = () => ({imageOrientation: 'none'});
for (const hex of HEXES) console.log(await turnsOf(new Blob([Buffer.from(hex, 'hex')])).catch(() => 'none'));
"""


def turns_of(*photos: bytes) -> list[str]:
    """Quarter turns to the right, as the page reads them."""
    source = PAGE.read_text(encoding="utf-8")
    turns = next(line for line in source.splitlines() if "TURNS = " in line)
    function = source[source.index("async function turnsOf") :]
    script = f"{turns}\n{function}\nconst HEXES = {json.dumps([data.hex() for data in photos])};\n{ASK}"
    done = subprocess.run(["node", "--input-type=module", "-"], input=script, capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.split()


@pytest.mark.parametrize("endian", ["<", ">"])
def test_it_reads_how_the_camera_was_held(endian: str) -> None:
    assert b"II*\0" in photo(40, 30, exif=exif(endian="<")) and b"MM\0*" in photo(40, 30, exif=exif(endian=">"))
    assert turns_of(*(photo(40, 30, exif=exif(orientation=way, endian=endian)) for way in (1, 3, 6, 8))) == ["0", "2", "1", "3"]


def test_it_leaves_what_says_nothing_as_it_is() -> None:
    nothing = photo(40, 30)

    assert set(turns_of(nothing, nothing[:20], photo(40, 30, format="PNG"), photo(40, 30, format="WEBP"), b"")) == {"none"}
