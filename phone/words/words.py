"""What the screen says. A language that misses a word does not type-check."""

from dataclasses import dataclass

from phone.words.meetings import MeetingWords
from phone.words.safety import SafetyWords


@dataclass(frozen=True, slots=True)
class Words:
    # the connection
    connected: str
    connecting: str
    offline: str  # {seconds}
    signed_out: str
    suspended: str
    ended: str  # {code}
    # a message and how far it got
    you: str
    waits: str
    sent: str
    delivered: str
    read: str
    read_by: str  # {count} {others}
    refused: str
    edited: str
    taken_back: str
    hidden: str
    unreadable: str
    # the organisation's lines
    organisation: str
    joined: str  # {name}
    left: str  # {name}
    closed: str
    paused: str
    # the list and the calendar
    conversations: str
    no_conversation: str
    nothing_yet: str
    newer: str  # {count}
    group: str
    today: str
    yesterday: str
    weekdays: tuple[str, str, str, str, str, str, str]
    roles: dict[str, str]
    # the line to type on
    write_here: str
    cannot_write: str
    too_long: str  # {count}
    nothing_to_change: str
    not_sent_yet: str
    no_such: str
    still_waiting: str  # {count}
    plain_edited: str  # {name} {time} {text}
    plain_taken_back: str  # {name} {time}
    help: tuple[tuple[str, str], ...]
    keys: tuple[tuple[str, str], ...]  # of a screen; lines of text have none
    safety: SafetyWords
    meetings: MeetingWords
    # refusals, by code
    problems: dict[str, str]

    def problem(self, code: str, *, server: str = "") -> str:
        """A refusal in a person's words."""
        return (self.problems | self.meetings.problems).get(code, f"{self.refused} ({code})").replace("{server}", server)

    def role(self, role: str) -> str:
        return self.roles.get(role, role)
