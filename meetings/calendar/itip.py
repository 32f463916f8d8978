"""Invitations for people's own calendars, as they travel by mail (RFC 5546, RFC 6047). Nobody reads answers to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal
from urllib.parse import quote

import msgspec
from icalendar import Event, vCalAddress

from meetings.calendar.events import events, instant_by_rule
from meetings.calendar.planned import Planned
from meetings.calendar.texts import blank, horizon, written

Method = Literal["REQUEST", "CANCEL"]


def request(planned: Planned, *, sender: str, receiver: str, language: str, now: datetime, details: bool = False) -> bytes | None:
    """The meeting as it is, for the `receiver` alone; sent again it replaces what was sent, when its SEQUENCE is higher.

    None when there is not one meeting to go to: several times to choose from, all declined, or cancelled.
    """
    meeting = planned.meeting
    if meeting.state not in {"proposed", "agreed"} or len(meeting.times) != 1:
        return None
    made = events(planned, language=language, details=details, until=horizon(now), invites=True)
    return _message("REQUEST", made, planned, sender=sender, receiver=receiver, now=now)


def cancel(planned: Planned, *, sender: str, receiver: str, language: str, now: datetime, date: str | None = None) -> bytes:
    """Take the meeting out of the receiver's calendar, or one `date` of a series."""
    off = msgspec.structs.replace(planned.meeting, state="cancelled", times=planned.meeting.times[:1])
    was = replace(planned, meeting=off)
    made = events(was, language=language, details=False, until=horizon(now), invites=True)
    if date is not None:
        for key in ("RRULE", "DURATION", "DTSTART"):
            made[0].pop(key, None)
        made[0].add("dtstart", instant_by_rule(off, date))
        made[0].add("recurrence-id", instant_by_rule(off, date))
    return _message("CANCEL", made, planned, sender=sender, receiver=receiver, now=now)


def _message(method: Method, made: Sequence[Event], planned: Planned, *, sender: str, receiver: str, now: datetime) -> bytes:
    accepted = planned.number in planned.meeting.yes
    for event in made:
        event.pop("DTSTAMP")
        event.add("dtstamp", now)  # when this was said (RFC 5545 §3.8.7.2); between two of one SEQUENCE the later one counts
        event.add("organizer", _mailbox(sender))
        guest = _mailbox(receiver)
        guest.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED" if accepted else "NEEDS-ACTION", "RSVP": "FALSE"})
        event.add("attendee", guest)
    calendar = blank()
    calendar.add("method", method)
    return written(calendar, made, until=horizon(now))


def _mailbox(address: str) -> vCalAddress:
    """An address as a URI (RFC 6068 §2): whatever else is in it cannot end the line."""
    return vCalAddress("mailto:" + quote(address, safe="@!$'*+"))
