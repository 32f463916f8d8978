"""Who may do what in a conversation. Every door (socket, REST, command line) asks here and nowhere else."""

from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from accounts.errors import Suspended
from chat.errors import (
    AlreadyRetracted,
    ConversationClosed,
    ConversationErased,
    ConversationNotFound,
    ConversationPaused,
    EntryHidden,
    EntryNotFound,
    NotReachable,
    NotYours,
    TooLateToEdit,
)
from chat.frames import Meeting
from chat.models import Entry, EntryKind

State = Literal["open", "paused", "closed"]
EDIT_WINDOW = timedelta(minutes=15)


class Standing(Protocol):
    """What these rules ask of a conversation."""

    @property
    def is_pair(self) -> bool: ...
    @property
    def paused_at(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def data_key_id(self) -> UUID | None: ...


class Seat(Protocol):
    """What these rules ask of a present member."""

    @property
    def number(self) -> int: ...
    @property
    def joined_seq(self) -> int: ...
    @property
    def is_suspended(self) -> bool: ...


def ensure_may_write(conversation: Standing | None, member: Seat | None, *, is_blocked: bool, now: datetime) -> None:
    """Who may write in a conversation: a present member who is not suspended, while it is open and not paused, and nobody in a pair blocked the other.

    :raises ConversationNotFound: no such conversation, or this person is not (or no longer) in it.
    :raises Suspended: :raises ConversationErased: :raises ConversationClosed: :raises ConversationPaused: :raises NotReachable:
    """
    if conversation is None or member is None:
        raise ConversationNotFound
    if member.is_suspended:
        raise Suspended
    if conversation.data_key_id is None:
        raise ConversationErased
    if is_closed(conversation, now=now):
        raise ConversationClosed
    if conversation.paused_at is not None:
        raise ConversationPaused
    if is_blocked and conversation.is_pair:
        raise NotReachable


def is_closed(conversation: Standing, *, now: datetime) -> bool:
    """Closed for good, or its grace is over."""
    return conversation.closed_at is not None or (conversation.closes_at is not None and now >= conversation.closes_at)


def ensure_may_change(target: Entry | None, member: Seat) -> None:
    """Who may change a message: its author, during the same stay, as long as it was not taken back.

    :raises EntryNotFound: :raises NotYours: :raises AlreadyRetracted:
    """
    if target is None or target.seq < member.joined_seq or target.kind != EntryKind.MESSAGE:
        raise EntryNotFound
    if target.author_number != member.number:
        raise NotYours
    if target.retracted_seq is not None:
        raise AlreadyRetracted


def ensure_not_hidden(target: Entry) -> None:
    """What a moderator hid is not written over, so that it comes back as it was; taking it back is its author's at all times.

    :raises EntryHidden:
    """
    if target.hidden_seq is not None:
        raise EntryHidden


def ensure_still_editable(target: Entry, *, now: datetime) -> None:
    """:raises TooLateToEdit: more than 15 minutes after it was sent."""
    if now - target.at > EDIT_WINDOW:
        raise TooLateToEdit


def may_see_read_marks_of(*, shows: bool, is_self: bool) -> bool:
    """Read marks are a person's choice; their own devices always know."""
    return shows or is_self


def may_see_meeting(meeting: Meeting, reader: Seat, *, blocked_proposer: bool) -> bool:
    """Whoever blocked the one who asks reads nothing of what is asked, whoever answers it; but what they said yes to, they see."""
    return not blocked_proposer or reader.number in meeting.yes


def state_of(conversation: Standing, *, now: datetime) -> State:
    """What a card shows: `open`, `paused` or `closed`."""
    if is_closed(conversation, now=now):
        return "closed"
    return "paused" if conversation.paused_at is not None else "open"
