"""What notices say, in the five languages. One file a language, for whoever translates."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Words:
    """All that a notice may say. Whoever chose nothing reads `message`, whatever it is about."""

    message: str
    meeting_proposed: str
    meeting_moved: str
    meeting_cancelled: str
    meeting_answered: str
    reminder_day: str  # {time}
    reminder_hours: str  # {time}
    circle: str
    nudge: str
    statement: str
    duty: str  # to the staff, whatever they chose: where to look
    mail_stop: str  # at the foot of every mail
    code: str  # {code}
    summary: str  # of a meeting in a calendar


OF_ACTS = {
    "propose": "meeting_proposed",
    "counter": "meeting_moved",
    "move": "meeting_moved",
    "accept": "meeting_answered",
    "decline": "meeting_answered",
    "cancel": "meeting_cancelled",
    "end": "meeting_cancelled",
}
OF_REMINDERS = {"day": "reminder_day", "hours": "reminder_hours"}


@cache
def words(language: str) -> Words:
    """The words of a language; of the first one for a language that nobody wrote. A file that lacks one, or has one too many, is refused."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    file = Path(__file__).with_name(f"{known}.toml")
    return Words(**tomllib.loads(file.read_text(encoding="utf-8")))


def text_of(kind: str, detail: str = "", *, shows: str, language: str, time: str = "") -> str:
    """What a notice of this kind says to a person who reads `language` and chose `shows`; one without words of its own is a message.

    `detail` is a meeting's act, or a reminder's `day` or `hours`; `time` the local hour of the meeting, such as 14:00, without
    which a reminder says nothing of it either.
    """
    said = words(language)
    if kind == "duty":
        return said.duty
    if shows != "kind":
        return said.message
    match kind:
        case "meeting" if detail in OF_ACTS:
            return str(getattr(said, OF_ACTS[detail]))
        case "reminder" if detail in OF_REMINDERS and time:
            return str(getattr(said, OF_REMINDERS[detail])).format(time=time)
        case "circle":
            return said.circle
        case "nudge":
            return said.nudge
        case "statement":
            return said.statement
        case _:
            return said.message


def code_text(code: str, *, language: str) -> str:
    """What proves that an address is somebody's: the one notice that has to say something."""
    return words(language).code.format(code=code)
