"""Commands: from the device."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from chat.frames.base import MAX_CURSORS, MAX_WAIT, Frame, Limit, Ref, Seq, SeqOrZero
from chat.frames.meetings import Held, Meet
from chat.frames.safety import Escalate, Flag


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


Command = Resume | Send | Edit | Retract | Ack | Read | History | ListConversations | Mute | Leave | Ping | Meet | Held | Flag | Escalate
