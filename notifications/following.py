"""Reminders, nudges and invitations follow whatever changes about meetings, in its transaction; and once a day the calendar itself."""

import zoneinfo
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from accounts.facts import PersonChanged, PersonSuspended, PersonUnsuspended
from chat.facts import MemberLeft
from core import clock
from core.facts import heard_by
from meetings.actions import planning
from meetings.facts import AwayChanged, MeetingChanged
from meetings.models import Meeting
from notifications.actions import invitations, nudges, reminders
from notifications.actions.gatherings import held_still
from notifications.actions.periodic import every
from notifications.facts import ChoicesChanged


@heard_by(MeetingChanged)
def follow_a_meeting(fact: MeetingChanged) -> None:
    _follow(Meeting.objects.filter(id=fact.meeting_id))


@heard_by(MemberLeft)
def follow_a_conversation(fact: MemberLeft) -> None:
    """Whoever did not answer changed no meeting by leaving, and is nudged no more."""
    _follow(Meeting.objects.filter(conversation_id=fact.conversation_id).not_over(now=clock.now()))


@heard_by(AwayChanged)
def follow_who_is_away(fact: AwayChanged) -> None:
    """A date that is off for one is off for the others."""
    _follow_person(fact.person_id)


@heard_by(ChoicesChanged)
def follow_what_they_chose(fact: ChoicesChanged) -> None:
    _follow_person(fact.person_id)


@heard_by(PersonChanged)
def follow_their_clock(fact: PersonChanged) -> None:
    if "zone" in fact.fields:  # of their quiet hours
        _follow_person(fact.person_id)


@heard_by(PersonSuspended)
def follow_who_is_suspended(fact: PersonSuspended) -> None:
    _follow_person(fact.person_id)


@heard_by(PersonUnsuspended)
def follow_who_is_back(fact: PersonUnsuspended) -> None:
    _follow_person(fact.person_id)


@every(hours=24)
def follow_the_days(*, now: datetime) -> None:
    """Another day came within the time that is looked ahead."""
    for gatherings in held_still(Meeting.objects.open().not_over(now=now)):
        reminders.follow(gatherings, now=now)
        nudges.follow(gatherings, now=now)


def follow_the_clocks(*, now: datetime) -> None:
    """Meetings are where a newer time zone database puts them; what follows from that hears of it as of any change."""
    planning.recompute_all(now=now)


def zones_version() -> str:
    """Which database this process reads: the machine's, or else the one that comes with us."""
    for folder in map(Path, zoneinfo.TZPATH):
        if (file := folder / "tzdata.zi").is_file():
            with file.open(encoding="utf-8") as lines:
                return lines.readline().removeprefix("# version").strip()[:10]
    return version("tzdata")


# A newer database is a piece of work by itself, so that whoever starts with it first does not wait until tomorrow.
follow_the_clocks.__name__ = f"follow_the_clocks_{zones_version()}"
every(hours=24)(follow_the_clocks)


def _follow_person(person_id: UUID) -> None:
    _follow(Meeting.objects.of(person_id).not_over(now=clock.now()))


def _follow(meetings: QuerySet[Meeting]) -> None:
    now = clock.now()
    for gatherings in held_still(meetings):
        reminders.follow(gatherings, now=now)
        nudges.follow(gatherings, now=now)
        invitations.follow(gatherings, now=now)
