"""What a case shows once it is opened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from moderation.models import Case, CaseNote, Signal, Widening


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line as it was taken. A meeting's `body` is JSON of how it looked. `name` is there for leads alone.

    `is_subject`: what was flagged. `is_changed`: somebody changed the kept row since; its words are not shown.
    `media_type`: a photo or voice note came with it; with `has_media` the page may fetch it (`opening.open_media(evidence_id)`).
    `step` 0 is the flagged line and those around it, 1, 2 … what each widening brought.
    """

    evidence_id: UUID
    seq: int
    speaker: str
    name: str
    kind: str
    at: datetime
    taken_at: datetime
    step: int
    body: str
    media_type: str
    has_media: bool
    is_subject: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A message that waits to be let through, at most until `until`. `is_edit`: it would change an earlier one."""

    speaker: str
    body: str
    at: datetime
    until: datetime
    is_edit: bool


@dataclass(frozen=True, slots=True)
class Reported:
    """A flag without who raised it."""

    reason: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Flagger:
    """Who raised a flag."""

    speaker: str
    name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """All that may be read of a case; of the flags the newest hundred. `is_whole`: no line was added or taken away since they were kept."""

    case: Case
    lines: list[ShownLine]
    held: list[HeldLine]
    flags: list[Reported]
    flags_in_all: int
    signals: list[Signal]
    notes: list[CaseNote]
    widenings: list[Widening]
    is_whole: bool
    is_distressing: bool
    seen_today: int
    most_a_day: int
