"""Every frame of the wire, defined once: *command* in, *reply* and *event* out.

From these structs come the JSON of `maatje.v1.json`, the REST bodies, the OpenAPI and AsyncAPI documents and the
contract tests. A receiver ignores fields it does not know, so that an older device and a newer server agree.
Sizes and counts are in docs/protocol.md; `seq` is 1, 2, 3 … without holes within a conversation.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

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


# Commands: from the device.


class Resume(Frame, tag="resume", frozen=True, omit_defaults=True):
    """Say how far this device got; must come before all others but `ping` and `ack`. Events start after the reply.

    A conversation without a cursor starts with its newest 20 entries; with cursor 0 it starts at its beginning.
    """

    ref: Ref
    epoch: UUID | None = None
    cursors: Annotated[dict[UUID, SeqOrZero], Meta(max_length=MAX_CURSORS)] = {}
    cards: bool = True


class Send(Frame, tag="send", frozen=True, omit_defaults=True):
    """Send one message. The same `draft_id` may be sent again until it is answered.

    `media` names a photo or voice note that this person uploaded to this conversation; with it `body` may be empty.
    """

    ref: Ref
    conversation: UUID
    draft_id: UUID
    body: str
    media: UUID | None = None


class Edit(Frame, tag="edit", frozen=True, omit_defaults=True):
    """Replace the body of an own message, within 15 minutes."""

    ref: Ref
    conversation: UUID
    draft_id: UUID
    target: Seq
    body: str


class Retract(Frame, tag="retract", frozen=True, omit_defaults=True):
    """Take back an own message; its body is gone for everyone."""

    ref: Ref
    conversation: UUID
    draft_id: UUID
    target: Seq


class Ack(Frame, tag="ack", frozen=True, omit_defaults=True):
    """Everything up to the server's `n`-th frame on this socket is stored on the device. Has no reply."""

    n: SeqOrZero


class Read(Frame, tag="read", frozen=True, omit_defaults=True):
    """The person has seen everything up to `seq`."""

    ref: Ref
    conversation: UUID
    seq: Seq


class History(Frame, tag="history", frozen=True, omit_defaults=True):
    """Ask for a page: the entries just before `before`, or just after `after`; with neither, the newest."""

    ref: Ref
    conversation: UUID
    before: Seq | None = None
    after: SeqOrZero | None = None
    limit: Limit = 20


class ListConversations(Frame, tag="conversations", frozen=True, omit_defaults=True):
    """Ask for the card of every conversation of this person: they come as `conversation` events, then `done`."""

    ref: Ref


class Mute(Frame, tag="mute", frozen=True, omit_defaults=True):
    """No notices of this conversation until then; `null` ends it."""

    ref: Ref
    conversation: UUID
    until: datetime | None = None


class Leave(Frame, tag="leave", frozen=True, omit_defaults=True):
    """Leave the conversation for good; only a coordinator can bring a person back."""

    ref: Ref
    conversation: UUID


class Ping(Frame, tag="ping", frozen=True, omit_defaults=True):
    """The device's heartbeat; answered by `pong`."""

    ref: Ref


class Marked(Struct, frozen=True, omit_defaults=True):
    """The body of a REST mark: the device stored everything up to `delivered`, the person saw everything up to `read`."""

    delivered: SeqOrZero = 0
    read: SeqOrZero = 0


class Poll(Struct, frozen=True, omit_defaults=True):
    """The body of a long poll: as `resume`, and how many seconds to wait for news when there is none."""

    epoch: UUID | None = None
    cursors: Annotated[dict[UUID, SeqOrZero], Meta(max_length=MAX_CURSORS)] = {}
    cards: bool = True
    wait: Annotated[int, Meta(ge=0, le=MAX_WAIT)] = 0


Command = Resume | Send | Edit | Retract | Ack | Read | History | ListConversations | Mute | Leave | Ping


# Parts of replies and events.


class Media(Struct, frozen=True, omit_defaults=True, gc=False):
    """A photo or a voice note of a message, before anybody asked for its bytes.

    `small` and `large` are the bytes of a photo at 320 and 640 pixels (the larger of AVIF and WebP); a voice note has
    `small` alone and lasts `seconds`. `preview` is 20 cells of colour in 30 bytes; in low-data mode it stays away.
    """

    kind: Literal["photo", "voice"]
    small: int
    large: int = 0
    preview: bytes = b""
    width: int = 0
    height: int = 0
    seconds: int = 0


class Entry(Struct, frozen=True, omit_defaults=True, gc=False):
    """One line of a conversation's log.

    `author` is a member's number, 0 for the organisation. A message that was edited or retracted carries the `seq` of
    the newest such entry in `edited_seq` or `retracted_seq`; its `body` is the newest one, or absent once it is gone.
    `concealed` stands for a message of somebody this person blocked. `draft_id` is shown to its author alone.
    """

    seq: int
    kind: EntryKind
    author: int
    at: datetime
    body: str | UnsetType = UNSET
    target: int | UnsetType = UNSET
    member: int | UnsetType = UNSET
    edited_seq: int | UnsetType = UNSET
    retracted_seq: int | UnsetType = UNSET
    concealed: bool = False
    draft_id: UUID | UnsetType = UNSET
    media: Media | UnsetType = UNSET


class Member(Struct, frozen=True, omit_defaults=True, gc=False):
    """Somebody in a conversation. `read_seq` is absent when this person keeps it to themselves."""

    number: int
    person: UUID
    name: str
    role: str
    delivered_seq: int = 0
    read_seq: int | UnsetType = UNSET
    left: bool = False


class Card(Struct, frozen=True, omit_defaults=True, gc=False):
    """What a device shows of a conversation in its list.

    `state` is `open`, `paused` or `closed`; one that is `open` with `closes_at` takes messages until then.
    `first_seq` and `last_seq` bound what this person may see; `you` is this person's number in it.
    """

    id: UUID
    kind: str
    state: Literal["open", "paused", "closed"]
    you: int
    first_seq: int
    last_seq: int
    members: list[Member]
    closes_at: datetime | UnsetType = UNSET
    muted_until: datetime | UnsetType = UNSET
    left: bool = False
    read_seq: int = 0


class Mark(Struct, frozen=True, omit_defaults=True, gc=False):
    """How far a member got. `read_seq` is absent when this person keeps it to themselves."""

    number: int
    delivered_seq: int
    read_seq: int | UnsetType = UNSET


# Replies: to the device that asked; each carries `reply_to`.


class Resumed(Frame, tag="resumed", frozen=True, omit_defaults=True):
    """Cards follow as `conversation` events (when asked), then the missed entries as `entries` events.

    `resync` true: forget the stored log and marks, they belong to another epoch; what follows starts afresh.
    """

    reply_to: int
    epoch: UUID
    resync: bool = False


class Sent(Frame, tag="sent", frozen=True, omit_defaults=True):
    """The entry is stored for good. Every retry of the draft gets this same reply."""

    reply_to: int
    conversation: UUID
    draft_id: UUID
    seq: int
    at: datetime


class Page(Frame, tag="page", frozen=True, omit_defaults=True):
    """Entries in rising `seq`; `more` says whether there are others in the direction asked."""

    reply_to: int
    conversation: UUID
    entries: list[Entry]
    more: bool


class Done(Frame, tag="done", frozen=True, omit_defaults=True):
    reply_to: int


class Pong(Frame, tag="pong", frozen=True, omit_defaults=True):
    reply_to: int


class Error(Frame, tag="error", frozen=True, omit_defaults=True):
    """A refusal. `code` is stable; `message` is for the developer; `retry_after` is in seconds."""

    code: str
    message: str
    reply_to: int | UnsetType = UNSET
    retry_after: int | UnsetType = UNSET


Reply = Resumed | Sent | Page | Done | Pong | Error


# Events: told by the server.


class Welcome(Frame, tag="welcome", frozen=True, omit_defaults=True):
    """The first frame of every socket."""

    epoch: UUID
    person: UUID
    device: UUID
    now: datetime
    heartbeat: int
    window: int


class Entries(Frame, tag="entries", frozen=True, omit_defaults=True):
    """The next entries of a conversation; the first one follows the last one this device was given."""

    conversation: UUID
    entries: list[Entry]


class Head(Frame, tag="head", frozen=True, omit_defaults=True):
    """There is more, up to `seq`; it comes once this device has acked enough."""

    conversation: UUID
    seq: int


class Marks(Frame, tag="marks", frozen=True, omit_defaults=True):
    """Delivered and read marks that rose."""

    conversation: UUID
    marks: list[Mark]


class Changed(Frame, tag="conversation", frozen=True, omit_defaults=True):
    """A conversation is new, or something of its card changed."""

    card: Card


class Bye(Frame, tag="bye", frozen=True, omit_defaults=True):
    """The server closes this socket with `code`; come back after `retry_after` seconds, or not at all when it is absent."""

    code: int
    retry_after: int | UnsetType = UNSET


class Budget(Frame, tag="budget", frozen=True, omit_defaults=True):
    """This month's data passed a step: `step` is 50, 80 or 100 per cent of the person's `budget`. Both sizes are in bytes."""

    step: int
    used: int
    budget: int


class Upgrade(Frame, tag="upgrade", frozen=True, omit_defaults=True):
    """The server serves a newer page than the one this device said it runs."""

    version: str


class Polled(Struct, frozen=True, omit_defaults=True):
    """The answer to a poll. `more`: ask again at once, there is more than fitted."""

    epoch: UUID
    conversations: list[Card]
    news: list[Entries]
    resync: bool = False
    more: bool = False


Event = Welcome | Entries | Head | Marks | Changed | Budget | Upgrade | Bye
