"""Frames of safety: flagging, asking for a professional, and what the writer of a message may need."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from chat.frames.base import Frame, Ref, Seq

MOST_WORDS = 1_000  # code points of what somebody adds

FlagReason = Literal["unsafe", "harassment", "hate", "sexual", "money", "worry"]
Urgency = Literal["today", "two_days", "next_contact"]
Help = Literal["crisis", "threat", "sexual", "hate", "money", "contact"]
Words = Annotated[str, Meta(max_length=MOST_WORDS)]
MemberNumber = Annotated[int, Meta(ge=1, le=2**31 - 1, description="A member's number within the conversation, as its card lists them.")]


class Flag(Frame, tag="flag", frozen=True, omit_defaults=True):
    """Report an entry (`target`) or a person (`member`, their number): one of the two. Nothing changes for anybody.

    `flag_id` is made by the device: the same flag may be sent again until it is answered.
    """

    ref: Ref
    conversation: UUID
    flag_id: UUID
    reason: FlagReason
    target: Seq | None = None
    member: MemberNumber | None = None
    words: Words = ""


class Escalate(Frame, tag="escalate", frozen=True, omit_defaults=True):
    """Ask for the professional who answers for this circle. `escalation_id` is made by the device, as a `draft_id` is."""

    ref: Ref
    conversation: UUID
    escalation_id: UUID
    urgency: Urgency
    words: Words = ""


class Flagged(Frame, tag="flagged", frozen=True, omit_defaults=True):
    """The receipt: the flag is kept. Somebody looks before `answer_by`; `on_duty` says whether somebody is there now."""

    reply_to: int
    flag_id: UUID
    at: datetime
    answer_by: datetime
    on_duty: bool = False


class Escalated(Frame, tag="escalated", frozen=True, omit_defaults=True):
    """The receipt: it went to `name`, who answers before `answer_by`; `on_duty` says whether they are there now."""

    reply_to: int
    escalation_id: UUID
    at: datetime
    answer_by: datetime
    name: str | UnsetType = UNSET
    on_duty: bool = False


class Waiting(Frame, tag="waiting", frozen=True, omit_defaults=True):
    """The message waits for a moderator, at most until `until`; then, or when it is let through, it comes as an entry with its `draft_id`.

    The device need not send it again; when it does, it gets this reply, or `sent` once it went through.
    """

    reply_to: int
    conversation: UUID
    draft_id: UUID
    until: datetime
    help: Help | UnsetType = UNSET


class Statements(Frame, tag="statements", frozen=True, omit_defaults=True):
    """There are letters for this person that were not read yet: GET /api/v1/statements. Comes after `resumed` and when the number changes."""

    unread: int
