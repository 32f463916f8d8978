"""A voice note comes out as Ogg Opus that lasts a minute at most."""

import pytest

from media.errors import MediaBroken, MediaTooLong, MediaUnknownKind
from media.workshop import opus, voices
from tests.media.sounds import film, heard, hour, packets, voice

RECORDINGS = [("webm", "libopus"), ("ogg", "libopus"), ("mp4", "aac"), ("mp4", "libopus")]


class TestWhatComesOut:
    @pytest.mark.parametrize(("container", "codec"), RECORDINGS)
    @pytest.mark.parametrize("layout", ["mono", "stereo"])
    def test_is_ogg_opus_in_mono_whatever_came_in(self, container: str, codec: str, layout: str) -> None:
        made = voices.make(voice(container, codec, layout=layout, bits=64_000))

        (form,) = made.forms
        name, channels, seconds, _ = heard(form.data)
        assert form.data[:4] == b"OggS" and form.content_type == "audio/ogg"
        assert (name, channels) == ("opus", 1)
        assert seconds == pytest.approx(2, abs=0.1)
        assert made.seconds in {2, 3}
        assert made.small == len(form.data) < 2.1 * 1.2 * 12_000 / 8 + 400

    def test_is_the_same_sound_when_it_was_small_already(self) -> None:
        recorded = voice("webm", bits=10_000)

        made = voices.make(recorded)

        (form,) = made.forms
        assert packets(form.data) == packets(recorded)
        assert heard(form.data)[2] == pytest.approx(2, abs=0.05)

    @pytest.mark.parametrize("bits", [10_000, 40_000])
    def test_says_nothing_of_who_spoke_where(self, bits: int) -> None:
        recorded = voice("ogg", bits=bits, about={"title": "At the doctor", "artist": "Fatima"})
        assert b"Fatima" in recorded

        (form,) = voices.make(recorded).forms

        assert b"Fatima" not in form.data and b"doctor" not in form.data
        assert not {"title", "artist"} & {name.lower() for name in heard(form.data)[3]}


class TestRefusals:
    def test_an_hour_is_not_decoded_to_its_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        counted: list[bytes] = []
        monkeypatch.setattr(voices._Heard, "add", lambda heard, packet: counted.append(packet))

        with pytest.raises(MediaTooLong):
            voices.make(hour())

        assert len(counted) < 65 * 50

    def test_a_minute_is_taken(self) -> None:
        assert voices.make(voice(seconds=60, rate=16_000, bits=6_000, is_silent=True)).seconds == 60

    def test_a_file_with_pictures_is_no_voice_note(self) -> None:
        with pytest.raises(MediaUnknownKind):
            voices.make(film())

    def test_nor_is_one_with_two_voices(self) -> None:
        with pytest.raises(MediaUnknownKind):
            voices.make(voice(streams=2))

    def test_nor_is_music_without_loss(self) -> None:
        with pytest.raises(MediaUnknownKind):
            voices.make(voice("ogg", "flac"))

    @pytest.mark.parametrize("cut", [30, 100])
    def test_a_head_without_sound_is_broken(self, cut: int) -> None:
        with pytest.raises((MediaBroken, OSError, ValueError, IndexError, MediaUnknownKind)):
            voices.make(voice("ogg")[:cut])


class TestOpusPackets:
    @pytest.mark.parametrize(
        ("packet", "samples"),
        [(b"\x08\x00", 960), (b"\x18\x00", 2_880), (b"\x19\x00", 5_760), (b"\x78\x00", 960), (b"\x80\x00", 120), (b"\xfb\x03", 2_880)],
    )
    def test_last_as_long_as_their_first_bytes_say(self, packet: bytes, samples: int) -> None:
        assert opus.samples_of(packet) == samples

    @pytest.mark.parametrize("packet", [b"", b"\xfb"])
    def test_are_never_this_short(self, packet: bytes) -> None:
        with pytest.raises(ValueError):
            opus.samples_of(packet)
