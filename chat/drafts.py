"""What a device wants appended, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET

from chat import frames
from core.errors import DomainError

DraftKind = Literal["message", "edit", "retract", "meeting"]


@dataclass(frozen=True, slots=True)
class Draft:
    """One thing a person wants to say in a conversation; `draft_id` is made by the device and never used twice.

    A `meeting` carries what is asked of it in `meet`. `access_version` is the access under which a socket was let in.
    """

    person_id: UUID
    conversation_id: UUID
    draft_id: UUID
    kind: DraftKind = "message"
    body: str | None = None
    target: int | None = None
    media: UUID | None = None
    meet: frames.Meet | None = None
    access_version: int | None = None

    @property
    def said(self) -> str:
        """The words that others will read."""
        return (self.body if self.meet is None else self.meet.place) or ""

    @property
    def text(self) -> str | None:
        """What a retry must repeat: the words, or what is asked of a meeting."""
        return self.body if self.meet is None else msgspec.json.encode(msgspec.structs.replace(self.meet, ref=0)).decode()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who may see the entry at the moment it is committed."""

    person_id: UUID
    access_version: int
    conceals: bool = False


@dataclass(frozen=True, slots=True)
class Appended:
    """One new line of a log with those who may see it, for the live lane of this process."""

    conversation_id: UUID
    entry: frames.Entry
    audience: list[Recipient]
    sender_id: UUID | None = None
    draft_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The draft is in the log. `appended` is absent when an earlier try put it there."""

    draft: Draft
    seq: int
    at: datetime
    appended: Appended | None = None
    help: frames.Help | None = None

    def reply(self, ref: int) -> frames.Sent:
        draft = self.draft
        return frames.Sent(ref, draft.conversation_id, draft.draft_id, self.seq, self.at, help=self.help or UNSET)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The draft waits for a moderator, at most until `until`."""

    draft: Draft
    until: datetime
    help: frames.Help | None = None

    @property
    def code(self) -> str:
        return "waiting"

    def reply(self, ref: int) -> frames.Waiting:
        draft = self.draft
        return frames.Waiting(ref, draft.conversation_id, draft.draft_id, self.until, help=self.help or UNSET)


@dataclass(frozen=True, slots=True)
class Refused:
    draft: Draft
    problem: DomainError

    @property
    def code(self) -> str:
        return self.problem.code


Outcome = Sent | Waiting | Refused


def draft_of(
    command: frames.Send | frames.Edit | frames.Retract | frames.Meet, *, person_id: UUID, access_version: int | None = None
) -> Draft:
    """What a command wants appended."""
    place = (person_id, command.conversation, command.draft_id)
    match command:
        case frames.Send(body=body, media=media):
            return Draft(*place, "message", body, media=media, access_version=access_version)
        case frames.Edit(target=target, body=body):
            return Draft(*place, "edit", body, target, access_version=access_version)
        case frames.Retract(target=target):
            return Draft(*place, "retract", None, target, access_version=access_version)
        case frames.Meet():
            return Draft(*place, "meeting", meet=command, access_version=access_version)
