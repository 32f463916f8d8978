"""Meetings: what a device may ask, and how one looks after each act."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from chat.frames.base import Frame, Ref

MOST_TIMES = 3
MAX_PLACE = 200  # code points
MAX_NOTE = 500  # code points

Act = Literal["propose", "accept", "decline", "counter", "move", "cancel", "end"]
AskedAct = Literal["propose", "accept", "decline", "counter", "move", "cancel"]  # only the organisation ends
MeetingState = Literal["proposed", "agreed", "declined", "cancelled"]
Purpose = Literal["leisure", "family", "neighbourhood", "culture", "sport", "learning", "health", "administration", "work"]

Number = Annotated[int, Meta(ge=1, le=2**31 - 1, description="A meeting's number within its conversation: 1, 2, 3 …")]
Start = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$", description="Local time in the meeting's zone.")]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="A date of a series, as the series has it before any move.")]


class AskedTime(Struct, frozen=True, omit_defaults=True):
    """When somebody would like to meet. `fold` chooses where the clock shows a time twice: 0 the first, 1 the second."""

    start: Start
    minutes: Annotated[int, Meta(ge=1, le=1440)] = 60
    fold: Annotated[int, Meta(ge=0, le=1)] | None = None


class Meet(Frame, tag="meet", frozen=True, omit_defaults=True):
    """Propose a meeting, or do something with one. The same `draft_id` may be sent again until it is answered.

    `propose` needs `times`; `counter` and `move` need them too, with `meeting`; `accept`, `decline` and `counter` need the
    `version` that the person was looking at. `date` makes it about one date of a series. What is left out stays as it was.
    """

    ref: Ref
    conversation: UUID
    draft_id: UUID
    act: AskedAct
    meeting: Number | None = None
    version: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    times: Annotated[list[AskedTime], Meta(max_length=MOST_TIMES)] = []
    choice: Annotated[int, Meta(ge=1, le=MOST_TIMES)] = 1
    date: Day | None = None
    zone: Annotated[str, Meta(max_length=64)] | None = None
    place: str | None = None
    online: bool | None = None
    purpose: Purpose | None = None
    repeat: Annotated[str, Meta(max_length=200)] | None = None
    on_holidays: bool | None = None


class Held(Frame, tag="held", frozen=True, omit_defaults=True):
    """Say whether a meeting that is over took place; only the coordinator sees it, and the note."""

    ref: Ref
    conversation: UUID
    meeting: Number
    took_place: bool
    date: Day | None = None
    note: str = ""


class MeetingTime(Struct, frozen=True, omit_defaults=True, gc=False):
    """A time of a meeting: on the clock of its zone, and as the instant that this is."""

    start: str
    minutes: int
    at: datetime


class DateChange(Struct, frozen=True, omit_defaults=True, gc=False):
    """What differs on one date of a series: it is off, it is at another `time` (then only the answers here count), or somebody's answer."""

    date: str
    cancelled: bool = False
    time: MeetingTime | UnsetType = UNSET
    yes: list[int] = []
    no: list[int] = []


class Meeting(Struct, frozen=True, omit_defaults=True, gc=False):
    """A meeting as it is after this entry's `act`; whoever knows the newest such entry knows all of it.

    `version` rises whenever something else is asked. `times` are the 1 to 3 that were proposed, and one once it is agreed;
    `yes` and `no` are members' numbers, the proposer's among the first. `repeat` is an RFC 5545 rule and makes a series,
    whose dates may have `changes`. An act about one date names it in `date`.
    """

    number: int
    version: int
    act: Act
    state: MeetingState
    proposer: int
    zone: str
    times: list[MeetingTime]
    purpose: Purpose | UnsetType = UNSET
    place: str = ""
    online: bool = False
    repeat: str = ""
    on_holidays: bool = False
    changes: list[DateChange] = []
    yes: list[int] = []
    no: list[int] = []
    date: str | UnsetType = UNSET
