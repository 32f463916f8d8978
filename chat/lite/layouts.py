"""Which number each frame has in lite, and in which order its fields come. Nothing else says what lite looks like.

A field is left out at the end, and nil in the middle, when it has its default. A test holds that every field of every
frame stands here or among `LEFT_OUT`, with the reason.
"""

from typing import Any, NamedTuple

import msgspec

from chat import frames


class Layout(NamedTuple):
    """A frame as an array: its number, then its fields; `defaults` are lite's own, beside those of the struct."""

    number: int
    frame: type[msgspec.Struct]
    fields: tuple[str, ...]
    defaults: dict[str, Any] = {}  # never changed


ACK = -3
MEET = (
    "ref", "conversation", "act", "draft_id", "meeting", "version", "times", "choice", "date", "zone", "place", "online", "purpose",
    "repeat", "on_holidays",
)  # fmt: skip
UP: dict[int, Layout] = {
    layout.number: layout
    for layout in (
        Layout(-1, frames.Edit, ("ref", "conversation", "draft_id", "target", "body")),
        Layout(-2, frames.Retract, ("ref", "conversation", "draft_id", "target")),
        Layout(ACK, frames.Ack, ("n",)),
        Layout(-4, frames.Read, ("conversation", "seq", "ref"), {"ref": frames.SILENT}),
        Layout(-5, frames.History, ("ref", "conversation", "limit", "before", "after")),
        Layout(-6, frames.ListConversations, ("ref",)),
        Layout(-7, frames.Mute, ("ref", "conversation", "until")),
        Layout(-8, frames.Leave, ("ref", "conversation")),
        Layout(-9, frames.Ping, ("ref",), {"ref": 0}),
        Layout(-11, frames.Meet, MEET),
        Layout(-12, frames.Held, ("ref", "conversation", "meeting", "took_place", "date", "note")),
        Layout(-13, frames.Flag, ("ref", "conversation", "flag_id", "reason", "target", "member", "words")),
        Layout(-14, frames.Escalate, ("ref", "conversation", "escalation_id", "urgency", "words")),
    )
}
SEND = Layout(0, frames.Send, ("conversation", "ref", "draft_id", "body", "media"), {"body": ""})  # its number is its slot
RESUME = -10

DOWN: dict[type[msgspec.Struct], Layout] = {
    layout.frame: layout
    for layout in (
        Layout(-2, frames.Sent, ("reply_to", "seq", "at", "help")),
        Layout(-4, frames.Done, ("reply_to",)),
        Layout(-5, frames.Pong, ("reply_to",), {"reply_to": 0}),
        Layout(-6, frames.Error, ("code", "reply_to", "retry_after")),
        Layout(-7, frames.Head, ("conversation", "seq")),
        Layout(-10, frames.Bye, ("code", "retry_after")),
        Layout(-11, frames.Budget, ("step", "used", "budget")),
        Layout(-12, frames.Upgrade, ("version",)),
        Layout(-13, frames.Flagged, ("reply_to", "at", "answer_by", "on_duty")),
        Layout(-14, frames.Escalated, ("reply_to", "at", "answer_by", "name", "on_duty")),
        Layout(-15, frames.Waiting, ("reply_to", "until", "help")),
        Layout(-16, frames.Statements, ("unread",)),
    )
}
WELCOME, PAGE, MARKS, CARD = -1, -3, -8, -9  # written by hand in `codec`: they hold lists, or what the frame has not
ENTRY = (  # its number is its slot
    "at", "body", "author", "kind", "seq", "target", "member", "edited_seq", "retracted_seq", "concealed", "draft_id", "media", "meeting",
    "hidden_seq",
)  # fmt: skip
MEDIA = ("kind", "small", "large", "preview", "width", "height", "seconds")
MEDIA_KINDS = ("photo", "voice")
MEETING = (
    "number", "version", "act", "state", "proposer", "times", "zone", "purpose", "place", "online", "repeat", "on_holidays", "changes",
    "yes", "no", "date",
)  # fmt: skip
CHANGE = ("date", "cancelled", "time", "yes", "no")
USUAL_ZONE = "Europe/Brussels"  # what a meeting need not say
STATES = ("open", "paused", "closed")
KINDS = ("message", "edit", "retract", "hide", "restore", "join", "leave", "close", "meeting")

LEFT_OUT = {
    (frames.Sent, "conversation"): "the device knows which draft it asked about by `ref`",
    (frames.Sent, "draft_id"): "the same",
    (frames.Flagged, "flag_id"): "the device knows it by `ref`",
    (frames.Escalated, "escalation_id"): "the same",
    (frames.Waiting, "conversation"): "the same",
    (frames.Waiting, "draft_id"): "the same",
    (frames.Error, "message"): "for developers; they have the code",
}
