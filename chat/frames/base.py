"""What all frames are made of, and how much fits."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

PROTOCOL = "maatje.v1.json"
LITE = "maatje.v1.lite"
MAX_BODY = 2_000  # code points
MAX_FRAME = 16 * 1024  # bytes, both ways
MAX_CURSORS = 200
PAGE_LIMIT = 50
MAX_WAIT = 50  # seconds of a long poll
SILENT = -1  # the `ref` of a command whose answer nobody waits for; JSON has none such

Ref = Annotated[int, Meta(ge=0, le=2**31 - 1, description="Chosen by the device; the reply carries it as `reply_to`.")]
Seq = Annotated[int, Meta(ge=1, le=2**53 - 1)]
SeqOrZero = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Limit = Annotated[int, Meta(ge=1, le=PAGE_LIMIT)]
EntryKind = Literal["message", "edit", "retract", "hide", "restore", "join", "leave", "close", "meeting"]


class Frame(Struct, frozen=True, omit_defaults=True, tag_field="type", gc=False):
    """Base of all frames; `type` names the frame."""
