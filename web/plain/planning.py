"""The form in which somebody asks for times: what they typed, what of it cannot be, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, get_args

from rest_framework.request import Request

from chat.frames import MOST_TIMES, AskedTime, MeetingTime
from chat.frames.meetings import Purpose
from core.errors import DomainError, Invalid
from meetings.advice import warnings
from meetings.errors import BadDuration, BadRepeat
from meetings.models import Away
from meetings.reading.agenda import Item, agenda, quiet_of
from meetings.times import end_of, resolved, start_of
from web.plain.page import field as field_of
from web.plain.reader import Reader
from web.plain.times import day_typed, hour_typed, today_in

REPEATS = {"": "", "1": "FREQ=WEEKLY", "2": "FREQ=WEEKLY;INTERVAL=2"}  # by what the form sends
LENGTHS = [30, 60, 90, 120, 180, 240, 480]
_LONGEST_NUMBER = 4  # digits of minutes


@dataclass(frozen=True, slots=True)
class Typed:
    """One day and hour as they were typed. `suffix` is empty for the first of a form; `is_twice` asks which of two hours it is."""

    suffix: str
    day: str
    hour: str
    fold: str = ""
    is_twice: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.day.strip() or self.hour.strip())

    def asked(self, minutes: int, *, today: date) -> AskedTime:
        """:raises BadTime:"""
        local = datetime.combine(day_typed(self.day, today=today), hour_typed(self.hour))
        return AskedTime(start_of(local), minutes, int(self.fold) if self.fold in {"0", "1"} else None)


@dataclass(frozen=True, slots=True)
class Form:
    """What a form says, word for word, so that a page can give it back."""

    rows: Sequence[Typed]
    minutes: str = "60"
    place: str = ""
    online: bool = False
    purpose: str = ""
    repeat: str = ""
    on_holidays: bool = False
    known: str = ""  # the times of which the warnings were read
    warnings: Sequence[str] = field(default_factory=list)

    @classmethod
    def of(cls, request: Request) -> "Form":
        suffixes = ["", *(str(place) for place in range(2, MOST_TIMES + 1))]
        rows = [
            Typed(end, field_of(request, f"date{end}"), field_of(request, f"time{end}"), field_of(request, f"fold{end}"))
            for end in suffixes
        ]
        return cls(
            rows,
            minutes=field_of(request, "minutes"),
            place=field_of(request, "place"),
            online="online" in request.data,
            purpose=field_of(request, "purpose"),
            repeat=field_of(request, "repeat"),
            on_holidays="on_holidays" in request.data,
            known=field_of(request, "known"),
        )

    @property
    def has_others(self) -> bool:
        """Whether more than one time was typed."""
        return any(not row.is_empty for row in self.rows[1:])

    @property
    def lengths(self) -> list[str]:
        mine = [int(self.minutes)] if _is_number(self.minutes) else []
        return [str(length) for length in sorted({*LENGTHS, *mine})]

    def asked(self, zone: str, *, now: datetime) -> list[AskedTime]:
        """The times that were typed, each of which the clock of that zone shows once.

        :raises NotThatTime: with the form as it should be shown again.
        """
        if not _is_number(self.minutes):
            raise BadDuration
        wanted = [row for place, row in enumerate(self.rows) if place == 0 or not row.is_empty]
        return [self._one(row, zone, now=now) for row in wanted]

    def _one(self, row: Typed, zone: str, *, now: datetime) -> AskedTime:
        try:
            asked = row.asked(int(self.minutes), today=today_in(zone, now))
            resolved(asked, zone)
        except DomainError as problem:
            raise NotThatTime(problem, self._mended(row, problem)) from None
        return asked

    def _mended(self, wrong: Typed, problem: DomainError) -> "Form":
        """With the hour that the clock shows instead, or with the question which of two it is."""
        row = replace(wrong, is_twice=problem.code == "time_is_ambiguous")
        if isinstance(following := problem.facts.get("next"), str):
            day, _, hour = following.partition("T")
            row = replace(row, day=day, hour=hour)
        return replace(self, rows=[row if one is wrong else one for one in self.rows])

    def rule(self) -> str:
        """:raises BadRepeat:"""
        if self.repeat not in REPEATS:
            raise BadRepeat
        return REPEATS[self.repeat]

    def chosen_purpose(self) -> Purpose | None:
        """:raises Invalid:"""
        if not self.purpose:
            return None
        if self.purpose not in get_args(Purpose):
            raise Invalid
        return self.purpose  # type: ignore[return-value]  # it is one of them


class NotThatTime(Exception):  # carries the refusal
    """One of the times cannot be: `problem` says why, `form` is what to show now."""

    def __init__(self, problem: DomainError, form: Form) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.form = form


def filled(asked: Sequence[AskedTime], **more: Any) -> Form:
    """A form in which these times stand, and room for others."""
    starts = [one.start.partition("T") for one in asked]
    rows = [Typed("" if place == 0 else str(place + 1), day, hour) for place, (day, _, hour) in enumerate(starts)]
    more_rows = [Typed(str(place), "", "") for place in range(len(rows) + 1, MOST_TIMES + 1)]
    return Form([*rows, *more_rows], **more)


@dataclass(frozen=True, slots=True)
class Diary:
    """When somebody has something to come, and when they are away."""

    zone: str
    own: Sequence[tuple[datetime, datetime]]
    away: Sequence[tuple[date, date]]
    quiet: tuple[time, time]

    def against(self, times: Sequence[MeetingTime]) -> list[str]:
        """What speaks against these times, in codes, as far as this person alone is concerned."""
        found = [one for time in times for one in warnings(time, self.zone, own=self.own, quiet=self.quiet, away=self.away)]
        return list(dict.fromkeys(found))


def diary(reader: Reader, *, but: tuple[int, str] | None = None) -> Diary:
    """Of the person who plans; without what they would move, if anything: its number, and the date of a series."""
    own = [
        (item.occurrence.time.at, end_of(item.occurrence.time))
        for item in agenda(reader.person, now=reader.now)
        if item.you == "yes" and item.occurrence.why_not in {"", "unanswered"} and not _is_that(item, reader, but)
    ]
    away = Away.objects.filter(person=reader.person).values_list("first_date", "last_date")
    return Diary(reader.person.zone, own, list(away), quiet_of(reader.person))


def known_as(asked: Sequence[AskedTime]) -> str:
    """Under which name a form says that its times were warned of."""
    return " ".join(f"{one.start}+{one.minutes}" for one in asked)


def _is_that(item: Item, reader: Reader, but: tuple[int, str] | None) -> bool:
    if but is None or item.conversation != reader.card.id or item.meeting.number != but[0]:
        return False
    return not but[1] or item.occurrence.date == but[1]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
