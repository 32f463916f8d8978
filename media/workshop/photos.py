"""A photo, upright and without anything but its pixels, in the sizes and forms that phones fetch."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import AvifImagePlugin, Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from media.errors import MediaBroken, MediaTooBig, MediaUnknownKind
from media.workshop.results import SIDES, Form, Made

MOST_PIXELS = 20_000_000
MOST_SCANS = 20  # of a progressive JPEG, each of which goes over all pixels; cameras and programs write 10
MOST_SLENDER = 4  # times as long as wide: a hair of a photo would fill a whole screen of the talk it is in
_SCAN = b"\xff\xda"  # ITU-T T.81 §B.2.3; picture data has a zero behind each 0xff
_READS = [plugin.format for plugin in (JpegImagePlugin.JpegImageFile, PngImagePlugin.PngImageFile, WebPImagePlugin.WebPImageFile)]
# Of photos at 320 these are about 5, 6 and 10 kB.
_WRITES: dict[str, dict[str, Any]] = {
    "image/avif": {"format": AvifImagePlugin.AvifImageFile.format, "quality": 45, "speed": 6, "max_threads": 1},
    "image/webp": {"format": "WEBP", "quality": 40, "method": 6},
    "image/jpeg": {"format": "JPEG", "quality": 60, "optimize": True, "progressive": True},
}
_CELLS = (5, 4)

Image.preinit()
Image.MAX_IMAGE_PIXELS = None  # we count them ourselves, and refuse sooner


def make(data: bytes) -> Made:
    """:raises MediaTooBig: :raises MediaUnknownKind: :raises MediaBroken: :raises OSError: and others, for what cannot be decoded."""
    picture = _upright(_opened(data))
    forms = list(_forms(picture))
    largest = _fitted(picture, SIDES[-1])
    return Made("photo", forms, preview_of(picture), largest.width, largest.height)


def _opened(data: bytes) -> Image.Image:
    """Decode, having looked first at what it would take."""
    image = Image.open(BytesIO(data), formats=_READS)
    if image.width * image.height > MOST_PIXELS:
        raise MediaTooBig
    if image.format == "JPEG" and data.count(_SCAN) > MOST_SCANS:
        raise MediaBroken
    if getattr(image, "is_animated", False):
        raise MediaUnknownKind
    image.draft("RGB", (2 * SIDES[-1], 2 * SIDES[-1]))  # a JPEG can be decoded smaller
    image.load()
    return image


def _upright(image: Image.Image) -> Image.Image:
    """The pixels alone, on white where one could see through or where it is too slender, turned as the camera was held."""
    ImageOps.exif_transpose(image, in_place=True)
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((SIDES[-1], SIDES[-1]), Image.Resampling.LANCZOS, reducing_gap=3)
    width, height = max(image.width, -(-image.height // MOST_SLENDER)), max(image.height, -(-image.width // MOST_SLENDER))
    paper = Image.new("RGB", (width, height), "white")  # a new image has no metadata to carry along
    paper.paste(image, ((width - image.width) // 2, (height - image.height) // 2), image.getchannel("A") if image.mode == "RGBA" else None)
    return paper


def _fitted(picture: Image.Image, side: int) -> Image.Image:
    fitted = picture.copy()
    fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    return fitted


def _forms(picture: Image.Image) -> Iterator[Form]:
    """Every side in every form; a photo that is small already has one side."""
    for side in SIDES if max(picture.size) > SIDES[0] else SIDES[:1]:
        fitted = _fitted(picture, side)
        for content_type, how in _WRITES.items():
            written = BytesIO()
            fitted.save(written, **how)
            yield Form(side, content_type, written.getvalue())


def preview_of(picture: Image.Image) -> bytes:
    """Twenty cells of colour in 30 bytes: five by four, or four by five when it is taller than wide; four bits each of red, green and blue."""
    columns, rows = _CELLS if picture.width >= picture.height else _CELLS[::-1]
    cells = picture.resize((columns, rows), Image.Resampling.BOX).tobytes()
    nibbles = [(value * 15 + 127) // 255 for value in cells]
    return bytes(high << 4 | low for high, low in zip(nibbles[::2], nibbles[1::2], strict=True))
