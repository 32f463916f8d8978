"""What an upload is, its first bytes say."""

import pytest

from media.errors import MediaUnknownKind
from media.workshop.kinds import container_of, kind_of
from tests.media.pictures import HEIC, PAGE, SVG, photo, written
from tests.media.sounds import voice


class TestKinds:
    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
    def test_photos(self, format: str) -> None:
        assert kind_of(photo(40, 30, format=format)) == "photo"

    @pytest.mark.parametrize(("container", "demuxer"), [("ogg", "ogg"), ("webm", "matroska"), ("mp4", "mp4")])
    def test_voice_notes_and_who_may_read_them(self, container: str, demuxer: str) -> None:
        recorded = voice(container)

        assert kind_of(recorded) == "voice"
        assert container_of(recorded) == demuxer

    @pytest.mark.parametrize(
        "data", [b"", b"\xff\xd8", HEIC, SVG, PAGE, b"GIF89a" + bytes(40), b"%PDF-1.7", b"RIFF\0\0\0\0WAVEfmt ", b"PK\x03\x04", b"{}"]
    )
    def test_everything_else_is_unknown(self, data: bytes) -> None:
        with pytest.raises(MediaUnknownKind):
            kind_of(data)

    def test_a_photo_of_tomorrow_is_unknown_too(self) -> None:
        from PIL import Image

        with pytest.raises(MediaUnknownKind):
            kind_of(written(Image.new("RGB", (40, 30)), format="AVIF"))
