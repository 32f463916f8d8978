"""Tell by the first bytes what an upload is; nothing else about it is believed."""

from media.errors import MediaUnknownKind
from media.workshop.results import Kind

_PHOTOS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_STILLS_IN_MP4 = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis", b"jxl "}


def kind_of(data: bytes) -> Kind:
    """:raises MediaUnknownKind:"""
    if data.startswith(_PHOTOS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "photo"
    container_of(data)
    return "voice"


def container_of(data: bytes) -> str:
    """The one demuxer that may look at a voice note. :raises MediaUnknownKind:"""
    if data.startswith(b"OggS"):
        return "ogg"
    if data.startswith(b"\x1aE\xdf\xa3"):
        return "matroska"
    if data[4:8] == b"ftyp" and data[8:12] not in _STILLS_IN_MP4:
        return "mp4"
    raise MediaUnknownKind
