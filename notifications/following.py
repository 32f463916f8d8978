"""Reminders, nudges and invitations follow whatever changes about meetings; and once a day the calendar itself."""

import zoneinfo
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from accounts.facts import PersonChanged, PersonSuspended, PersonUnsuspended
from chat.facts import MemberLeft
from core import clock
from core.facts import heard_by
from meetings.actions import planning
from meetings.facts import AwayChanged, MeetingChanged
from notifications.actions import catching_up
from notifications.actions.periodic import every
from notifications.facts import ChoicesChanged
from notifications.models import PeriodicRun


@heard_by(MeetingChanged)
def follow_a_meeting(fact: MeetingChanged) -> None:
    catching_up.mark(fact.meeting_id, "meeting", now=clock.now())


@heard_by(MemberLeft)
def follow_a_conversation(fact: MemberLeft) -> None:
    """Whoever did not answer changed no meeting by leaving, and is nudged no more."""
    catching_up.mark(fact.conversation_id, "conversation", now=clock.now())


@heard_by(AwayChanged)
def follow_who_is_away(fact: AwayChanged) -> None:
    """A date that is off for one is off for the others."""
    catching_up.mark(fact.person_id, "person", now=clock.now())


@heard_by(ChoicesChanged)
def follow_what_they_chose(fact: ChoicesChanged) -> None:
    catching_up.mark(fact.person_id, "person", now=clock.now())


@heard_by(PersonChanged)
def follow_their_clock(fact: PersonChanged) -> None:
    if "zone" in fact.fields:  # of their quiet hours
        catching_up.mark(fact.person_id, "person", now=clock.now())


@heard_by(PersonSuspended)
def follow_who_is_suspended(fact: PersonSuspended) -> None:
    catching_up.mark(fact.person_id, "person", now=clock.now())


@heard_by(PersonUnsuspended)
def follow_who_is_back(fact: PersonUnsuspended) -> None:
    catching_up.mark(fact.person_id, "person", now=clock.now())


@every(hours=24, in_steps=True)
def follow_the_days(*, now: datetime) -> None:
    catching_up.look_ahead(now=now)


def follow_the_clocks(*, now: datetime) -> None:
    """Meetings are where a newer time zone database puts them; what follows from that hears of it as of any change.

    Of a series only later dates may move, which nobody wrote down and no change tells of: with a new database all is looked at.
    """
    planning.recompute_all(now=now)
    if not PeriodicRun.objects.filter(name=follow_the_clocks.__name__).exists():
        catching_up.look_ahead(now=now)


def zones_version() -> str:
    """Which database this process reads: the machine's, or else the one that comes with us."""
    for folder in map(Path, zoneinfo.TZPATH):
        if (file := folder / "tzdata.zi").is_file():
            with file.open(encoding="utf-8") as lines:
                return lines.readline().removeprefix("# version").strip()[:10]
    return version("tzdata")


# A newer database is a piece of work by itself, so that whoever starts with it first does not wait until tomorrow.
follow_the_clocks.__name__ = f"follow_the_clocks_{zones_version()}"
every(hours=24, in_steps=True)(follow_the_clocks)
