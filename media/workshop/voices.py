"""A voice note as Ogg Opus, mono, at 12 kbit/s or so: sound, and nothing else of the file it came in."""

import importlib
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO

import av
from av import AudioResampler
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from media.errors import MediaBroken, MediaTooLong, MediaUnknownKind
from media.workshop import opus
from media.workshop.kinds import container_of
from media.workshop.results import Form, Made

MOST_SECONDS = 60
BITS_PER_SECOND = 12_000
_MOST_BITS_KEPT = 16_000
_SLACK = 1  # seconds: a recorder that stops at 60 stops a little later
_CODECS = {"opus", "vorbis", "aac", "alac", "mp3"}  # what recorders of browsers and phones make
_RATE = opus.SAMPLES_PER_SECOND
_CLOCK = Fraction(1, _RATE)
_ENCODER = {"application": "voip", "frame_duration": "60"}
_NAMELESS = {"fflags": "+bitexact"}  # no name of the program that wrote it

av.logging.set_level(None)
for _module in ("subtitles.stream", "subtitles.codeccontext", "video.stream", "video.codeccontext"):
    importlib.import_module(f"av.{_module}")  # PyAV would do it at the first stream, when no file may be opened any more


@dataclass(slots=True)
class _Heard:
    """A voice note as it was read: its packets, and what they sound like at 48 kHz."""

    packets: list[bytes] = field(default_factory=list)
    frames: list[AudioFrame] = field(default_factory=list)
    samples: int = 0

    def add(self, packet: bytes) -> None:
        """Keep what is no mere end of the stream."""
        if packet:
            self.packets.append(packet)

    @property
    def bits_per_second(self) -> int:
        return sum(map(len, self.packets)) * 8 * _RATE // self.samples


def make(data: bytes) -> Made:
    """:raises MediaTooLong: :raises MediaUnknownKind: :raises MediaBroken: and others, for what cannot be decoded."""
    try:
        heard, is_fit = _read(data)
    except av.FFmpegError:
        raise MediaBroken from None
    written = _written(heard, as_it_is=is_fit and heard.bits_per_second <= _MOST_BITS_KEPT)
    seconds = -(-heard.samples // _RATE)
    return Made("voice", [Form(0, "audio/ogg", written)], seconds=min(seconds, MOST_SECONDS))


def _read(data: bytes) -> tuple[_Heard, bool]:
    """What was heard, and whether it is Opus in mono already."""
    with av.open(BytesIO(data), "r", format=container_of(data), metadata_errors="ignore") as container:
        stream = _only_sound(container)
        is_fit = stream.codec_context.codec.canonical_name == "opus" and stream.codec_context.channels == 1
        return _hear(container, stream), is_fit


def _only_sound(container: InputContainer) -> AudioStream:
    streams = list(container.streams)
    if len(streams) != 1 or not isinstance(streams[0], AudioStream) or streams[0].codec_context.codec.canonical_name not in _CODECS:
        raise MediaUnknownKind
    streams[0].codec_context.thread_count = 1
    return streams[0]


def _hear(container: InputContainer, stream: AudioStream) -> _Heard:
    """Decode packet by packet, and stop when it has lasted too long: what headers and timestamps say may be anything."""
    heard = _Heard()
    resampler = AudioResampler(format="s16", layout="mono", rate=_RATE)
    for packet in container.demux(stream):
        for frame in packet.decode():
            for resampled in resampler.resample(frame):
                heard.samples += resampled.samples
                heard.frames.append(resampled)
        if heard.samples > (MOST_SECONDS + _SLACK) * _RATE:
            raise MediaTooLong
        heard.add(bytes(packet))
    if not heard.samples:
        raise MediaBroken
    return heard


def _written(heard: _Heard, *, as_it_is: bool) -> bytes:
    """A new file with these sounds on a clock of our own."""
    file = BytesIO()
    with av.open(file, "w", format="ogg", options=_NAMELESS) as container:
        stream = container.add_stream("libopus", rate=_RATE, layout="mono", options=_ENCODER)
        stream.bit_rate = BITS_PER_SECOND
        at = 0
        if as_it_is:
            stream.codec_context.open()
        for sound in heard.packets if as_it_is else ():
            packet = Packet(sound)
            packet.stream, packet.time_base, packet.pts, packet.dts = stream, _CLOCK, at, at
            packet.duration = opus.samples_of(sound)
            at += packet.duration
            container.mux(packet)
        for frame in () if as_it_is else heard.frames:
            frame.time_base, frame.pts = _CLOCK, at
            at += frame.samples
            container.mux(stream.encode(frame))
        if not as_it_is:
            container.mux(stream.encode(None))
    return file.getvalue()
