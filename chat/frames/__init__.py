"""Every frame of the wire, defined once: *command* in, *reply* and *event* out.

From these structs come the JSON of `maatje.v1.json`, the REST bodies, the OpenAPI and AsyncAPI documents and the
contract tests. A receiver ignores fields it does not know, so that an older device and a newer server agree.
Sizes and counts are in docs/protocol.md; `seq` is 1, 2, 3 … without holes within a conversation.
"""

from chat.frames.base import (
    LITE,
    MAX_BODY,
    MAX_CURSORS,
    MAX_FRAME,
    MAX_WAIT,
    PAGE_LIMIT,
    PROTOCOL,
    SILENT,
    EntryKind,
    Frame,
    Limit,
    Ref,
    Seq,
    SeqOrZero,
)
from chat.frames.commands import (
    Ack,
    Command,
    Edit,
    History,
    Leave,
    ListConversations,
    Marked,
    Mute,
    Ping,
    Poll,
    Read,
    Resume,
    Retract,
    Send,
)
from chat.frames.events import Budget, Bye, Changed, Entries, Event, Head, Marks, Polled, Upgrade, Welcome
from chat.frames.meetings import (
    MAX_NOTE,
    MAX_PLACE,
    MOST_TIMES,
    Act,
    AskedAct,
    AskedTime,
    DateChange,
    Day,
    Held,
    Meet,
    Meeting,
    MeetingState,
    MeetingTime,
    Number,
    Purpose,
    Start,
)
from chat.frames.parts import Card, Entry, Mark, Media, Member
from chat.frames.replies import Done, Error, Page, Pong, Reply, Resumed, Sent
from chat.frames.safety import MOST_WORDS, Escalate, Escalated, Flag, Flagged, FlagReason, Help, Statements, Urgency, Waiting

__all__ = ["LITE", "MAX_BODY", "MAX_CURSORS", "MAX_FRAME", "MAX_NOTE", "MAX_PLACE", "MAX_WAIT", "MOST_TIMES", "MOST_WORDS", "PAGE_LIMIT", "PROTOCOL", "SILENT", "Ack", "Act", "AskedAct", "AskedTime", "Budget", "Bye", "Card", "Changed", "Command", "DateChange", "Day", "Done", "Edit", "Entries", "Entry", "EntryKind", "Error", "Escalate", "Escalated", "Event", "Flag", "FlagReason", "Flagged", "Frame", "Head", "Held", "Help", "History", "Leave", "Limit", "ListConversations", "Mark", "Marked", "Marks", "Media", "Meet", "Meeting", "MeetingState", "MeetingTime", "Member", "Mute", "Number", "Page", "Ping", "Poll", "Polled", "Pong", "Purpose", "Read", "Ref", "Reply", "Resume", "Resumed", "Retract", "Send", "Sent", "Seq", "SeqOrZero", "Start", "Statements", "Upgrade", "Urgency", "Waiting", "Welcome"]  # fmt: skip
