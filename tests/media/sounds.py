"""Voice notes as browsers and phones record them, and as nobody should."""

import array
import math
from collections.abc import Mapping
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
from av.audio.stream import AudioStream


def voice(
    container: str = "webm",
    codec: str = "libopus",
    *,
    seconds: float = 2,
    rate: int = 48_000,
    layout: str = "mono",
    bits: int = 24_000,
    is_silent: bool = False,
    about: Mapping[str, str] | None = None,
    streams: int = 1,
) -> bytes:
    file = BytesIO()
    with av.open(file, "w", format=container) as written:
        written.metadata.update(about or {})
        made = [written.add_stream(codec, rate=rate, layout=layout) for _ in range(streams)]
        for stream in made:
            assert isinstance(stream, AudioStream)
            stream.bit_rate = bits
            for frame in _frames(seconds, rate=rate, layout=layout, is_silent=is_silent):
                written.mux(stream.encode(frame))
            written.mux(stream.encode(None))
    return file.getvalue()


def _frames(seconds: float, *, rate: int, layout: str, is_silent: bool) -> Any:
    channels = 2 if layout == "stereo" else 1
    total = int(seconds * rate)
    for start in range(0, total, rate):
        samples = min(rate, total - start)
        frame = av.AudioFrame(format="s16", layout=layout, samples=samples)
        frame.sample_rate, frame.pts = rate, start
        sound = bytes(2 * samples * channels) if is_silent else _hum(start, samples, channels)
        frame.planes[0].update(sound.ljust(frame.planes[0].buffer_size, b"\0"))
        yield frame


def _hum(start: int, samples: int, channels: int) -> bytes:
    wave = (int(8_000 * math.sin((start + at) * 0.03)) for at in range(samples))
    return array.array("h", [value for value in wave for _ in range(channels)]).tobytes()


def hour() -> bytes:
    """A file of a few bytes a second that sounds for an hour: one packet of silence, again and again."""
    with av.open(BytesIO(voice("ogg", seconds=1, is_silent=True)), "r") as one:
        silence = [bytes(packet) for packet in one.demux()][-2]
    file = BytesIO()
    with av.open(file, "w", format="ogg") as written:
        stream = written.add_stream("libopus", rate=48_000, layout="mono")
        stream.codec_context.open()
        for at in range(0, 3_600 * 48_000, 960):
            packet = av.Packet(silence)
            packet.stream, packet.time_base, packet.pts, packet.dts, packet.duration = stream, Fraction(1, 48_000), at, at, 960
            written.mux(packet)
    return file.getvalue()


def film() -> bytes:
    """A WebM with pictures beside the sound."""
    file = BytesIO()
    with av.open(file, "w", format="webm") as written:
        pictures = written.add_stream("libvpx", rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        sound = written.add_stream("libopus", rate=48_000, layout="mono")
        written.mux(pictures.encode(av.VideoFrame(64, 48, "yuv420p")))
        written.mux(pictures.encode(None))
        for frame in _frames(1, rate=48_000, layout="mono", is_silent=True):
            written.mux(sound.encode(frame))
        written.mux(sound.encode(None))
    return file.getvalue()


def packets(data: bytes) -> list[bytes]:
    with av.open(BytesIO(data), "r") as container:
        return [bytes(packet) for packet in container.demux() if packet.size]


def heard(data: bytes) -> tuple[str, int, float, dict[str, str]]:
    """Codec, channels, seconds and what the file says about itself."""
    with av.open(BytesIO(data), "r") as container:
        (stream,) = container.streams.audio
        samples = sum(frame.samples / frame.sample_rate for frame in container.decode(stream))
        return stream.codec_context.codec.canonical_name, stream.codec_context.channels, samples, {**container.metadata, **stream.metadata}
