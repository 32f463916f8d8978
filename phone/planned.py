"""Meetings as `maatje.v1.json` carries them, as far as this client uses them, and what is asked about one."""

from typing import Literal

from msgspec import Struct

Act = Literal["propose", "accept", "decline", "counter", "move", "cancel"]


class MeetingTime(Struct, frozen=True, omit_defaults=True):
    """On the clock of the meeting's zone."""

    start: str
    minutes: int


class DateChange(Struct, frozen=True, omit_defaults=True):
    date: str
    cancelled: bool = False
    time: MeetingTime | None = None
    yes: list[int] = []
    no: list[int] = []


class Meeting(Struct, frozen=True, omit_defaults=True):
    """All of a meeting as it is after `act`; an act or a state of a newer server is shown as it is called."""

    number: int
    version: int
    act: str
    state: str
    proposer: int
    zone: str
    times: list[MeetingTime]
    place: str = ""
    online: bool = False
    repeat: str = ""
    changes: list[DateChange] = []
    yes: list[int] = []
    no: list[int] = []
    date: str | None = None

    def changed_on(self, date: str) -> DateChange | None:
        return next((change for change in self.changes if change.date == date), None)


class AskedTime(Struct, frozen=True, omit_defaults=True):
    start: str
    minutes: int = 60


class Ask(Struct, frozen=True, omit_defaults=True):
    """What a person asks of a meeting: all of a `meet` that is not of the socket."""

    act: Act
    meeting: int | None = None
    version: int | None = None
    times: list[AskedTime] = []
    choice: int = 1
    date: str | None = None
    place: str | None = None
    online: bool | None = None
    repeat: str | None = None
