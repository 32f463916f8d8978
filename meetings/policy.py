"""Who may do what with a meeting, and how much fits. Whether somebody may write in the conversation at all, `chat.policy` says first."""

from collections.abc import Collection, Mapping
from datetime import datetime

from accounts.names import is_undisguised
from chat.bodies import ensure_body
from chat.errors import BodyInvalid
from chat.frames import MAX_PLACE, Meeting
from meetings.errors import CircleIsEnding, MeetingCancelled, MeetingNotFound, NotYoursToMove, PlaceTooLong, TooManyMeetings

MOST_MEETINGS = 50  # that are open in one conversation
MOST_SERIES = 10  # among them
MOST_ASKED = 20  # of one member, to which nobody said yes: the others want room too
BUDDY = "buddy"


def ensure_may_act(meeting: Meeting, by: int, *, present: Collection[int]) -> None:
    """Who may do something with a meeting: whoever is present, until it is cancelled. :raises MeetingNotFound: :raises MeetingCancelled:"""
    if by not in present:
        raise MeetingNotFound
    if meeting.state == "cancelled":
        raise MeetingCancelled


def may_move(meeting: Meeting, by: int, *, is_pair: bool, roles: Mapping[int, str]) -> bool:
    """In a pair both; in a group who proposed it, and buddies."""
    return is_pair or by == meeting.proposer or roles.get(by) == BUDDY


def ensure_may_move(meeting: Meeting, by: int, *, is_pair: bool, roles: Mapping[int, str]) -> None:
    """Who may move or cancel. :raises NotYoursToMove:"""
    if not may_move(meeting, by, is_pair=is_pair, roles=roles):
        raise NotYoursToMove


def ensure_may_plan(closes: datetime | None) -> None:
    """Nothing new is asked in a conversation that is about to close. :raises CircleIsEnding:"""
    if closes is not None:
        raise CircleIsEnding


def ensure_room(open_meetings: int) -> None:
    """Room for one more. :raises TooManyMeetings:"""
    if open_meetings >= MOST_MEETINGS:
        raise TooManyMeetings(limit=MOST_MEETINGS)


def ensure_may_ask(unanswered: int) -> None:
    """Room for one more proposal of the same member. :raises TooManyMeetings:"""
    if unanswered >= MOST_ASKED:
        raise TooManyMeetings(limit=MOST_ASKED)


def ensure_room_for_series(open_series: int) -> None:
    """Room for one more series, each of which goes on for a long time. :raises TooManyMeetings:"""
    if open_series >= MOST_SERIES:
        raise TooManyMeetings(limit=MOST_SERIES)


def clean_place(place: str) -> str:
    """A place, which may be none, without the blanks around it. :raises PlaceTooLong: :raises BodyInvalid: :raises BodyEmpty:"""
    if len(place) > MAX_PLACE:
        raise PlaceTooLong(limit=MAX_PLACE)
    place = place.strip()
    if place:
        ensure_body(place)
    if not is_undisguised(place):
        raise BodyInvalid
    return place
