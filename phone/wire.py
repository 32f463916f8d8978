"""The frames of `maatje.v1.json`, as far as this client uses them. Fields it does not know are left unread."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from phone.planned import Act, AskedTime, Meeting

PROTOCOL = "maatje.v1.json"
MOST_CURSORS = 200

DraftKind = Literal["message", "edit", "retract", "meeting", "safety"]


class Frame(Struct, omit_defaults=True, tag_field="type"):
    """Base of all frames; `type` names the frame."""


# Parts.


class Entry(Struct, frozen=True, omit_defaults=True):
    """One line of a log. Kinds that this client does not know are kept and not shown."""

    seq: int
    kind: str
    author: int
    at: datetime
    body: str | None = None
    target: int | None = None
    member: int | None = None
    edited_seq: int | None = None
    retracted_seq: int | None = None
    concealed: bool = False
    draft_id: UUID | None = None
    meeting: Meeting | None = None
    hidden_seq: int | None = None

    @property
    def is_out_of_sight(self) -> bool:
        return self.retracted_seq is not None or self.hidden_seq is not None


class Member(Struct, frozen=True, omit_defaults=True):
    number: int
    person: UUID
    name: str
    role: str
    delivered_seq: int = 0
    read_seq: int | None = None
    left: bool = False


class Card(Struct, frozen=True, omit_defaults=True):
    id: UUID
    kind: str
    state: str
    you: int
    first_seq: int
    last_seq: int
    members: list[Member]
    closes_at: datetime | None = None
    muted_until: datetime | None = None
    left: bool = False
    read_seq: int = 0


class Mark(Struct, frozen=True, omit_defaults=True):
    number: int
    delivered_seq: int = 0
    read_seq: int | None = None


# Commands: what a device sends.


class Resume(Frame, tag="resume"):
    ref: int
    epoch: UUID | None = None
    cursors: dict[UUID, int] = {}


class Send(Frame, tag="send"):
    ref: int
    conversation: UUID
    draft_id: UUID
    body: str


class Edit(Frame, tag="edit"):
    ref: int
    conversation: UUID
    draft_id: UUID
    target: int
    body: str


class Retract(Frame, tag="retract"):
    ref: int
    conversation: UUID
    draft_id: UUID
    target: int


class Meet(Frame, tag="meet"):
    ref: int
    conversation: UUID
    draft_id: UUID
    act: Act
    meeting: int | None = None
    version: int | None = None
    times: list[AskedTime] = []
    choice: int = 1
    date: str | None = None
    place: str | None = None
    online: bool | None = None
    repeat: str | None = None


class Flag(Frame, tag="flag"):
    ref: int
    conversation: UUID
    flag_id: UUID
    reason: str
    target: int | None = None
    member: int | None = None
    words: str = ""


class Escalate(Frame, tag="escalate"):
    ref: int
    conversation: UUID
    escalation_id: UUID
    urgency: str
    words: str = ""


class Ack(Frame, tag="ack"):
    n: int


class Read(Frame, tag="read"):
    ref: int
    conversation: UUID
    seq: int


class History(Frame, tag="history"):
    ref: int
    conversation: UUID
    before: int
    limit: int = 20


class ListConversations(Frame, tag="conversations"):
    ref: int


class Ping(Frame, tag="ping"):
    ref: int


Command = Resume | Send | Edit | Retract | Meet | Flag | Escalate | Ack | Read | History | ListConversations | Ping


# Replies and events: what a device hears.


class Resumed(Frame, tag="resumed"):
    reply_to: int
    epoch: UUID
    resync: bool = False


class Sent(Frame, tag="sent"):
    reply_to: int
    conversation: UUID
    draft_id: UUID
    seq: int
    at: datetime
    help: str | None = None


class Flagged(Frame, tag="flagged"):
    reply_to: int
    answer_by: datetime
    on_duty: bool = False


class Escalated(Frame, tag="escalated"):
    reply_to: int
    answer_by: datetime
    name: str | None = None
    on_duty: bool = False


class Waiting(Frame, tag="waiting"):
    reply_to: int
    until: datetime
    help: str | None = None


class Statements(Frame, tag="statements"):
    unread: int


class Page(Frame, tag="page"):
    reply_to: int
    conversation: UUID
    entries: list[Entry]
    more: bool


class Done(Frame, tag="done"):
    reply_to: int


class Pong(Frame, tag="pong"):
    reply_to: int


class Error(Frame, tag="error"):
    code: str
    message: str = ""
    reply_to: int | None = None
    retry_after: int | None = None


class Welcome(Frame, tag="welcome"):
    epoch: UUID
    person: UUID
    device: UUID
    now: datetime
    heartbeat: int
    window: int


class Entries(Frame, tag="entries"):
    conversation: UUID
    entries: list[Entry]


class Head(Frame, tag="head"):
    conversation: UUID
    seq: int


class Marks(Frame, tag="marks"):
    conversation: UUID
    marks: list[Mark]


class Changed(Frame, tag="conversation"):
    card: Card


class Bye(Frame, tag="bye"):
    code: int
    retry_after: int | None = None


class Unknown(Struct):
    """A frame of a newer server: counted and acked like every other, and otherwise left alone."""


Heard = (
    Resumed
    | Sent
    | Flagged
    | Escalated
    | Waiting
    | Statements
    | Page
    | Done
    | Pong
    | Error
    | Welcome
    | Entries
    | Head
    | Marks
    | Changed
    | Bye
)

_decoder: msgspec.json.Decoder[Heard] = msgspec.json.Decoder(Heard)
_encoder = msgspec.json.Encoder()


def encode(command: Command) -> str:
    return _encoder.encode(command).decode()


def decode(text: str | bytes) -> Heard | Unknown:
    """Read one frame; one that cannot be read is `Unknown`."""
    try:
        return _decoder.decode(text)
    except msgspec.MsgspecError:
        return Unknown()
