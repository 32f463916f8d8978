"""Where a meeting stands, as its answers say. Nothing else decides it, except that cancelled is final."""

from collections.abc import Collection

from msgspec import structs

from chat.frames import DateChange, Meeting, MeetingState

ENOUGH = 2  # people make a meeting


def state_of(yes: Collection[int], no: Collection[int], present: Collection[int]) -> MeetingState:
    """Agreed when two say yes, declined when no two are left who may, proposed otherwise."""
    if len(yes) >= ENOUGH:
        return "agreed"
    return "declined" if len(set(present) - set(no)) < ENOUGH else "proposed"


def settled(meeting: Meeting, *, present: Collection[int]) -> Meeting:
    """A meeting with the answers of those who are there, and the state that these make."""
    if meeting.state == "cancelled":
        return meeting
    yes, no = _of(meeting.yes, present), _of(meeting.no, present)
    changes = [structs.replace(change, yes=_of(change.yes, present), no=_of(change.no, present)) for change in meeting.changes]
    return structs.replace(
        meeting, yes=yes, no=no, changes=[one for one in changes if says_something(one)], state=state_of(yes, no, present)
    )


def adding(numbers: list[int], number: int) -> list[int]:
    return numbers if number in numbers else [*numbers, number]


def leaving_out(numbers: list[int], number: int) -> list[int]:
    return [one for one in numbers if one != number]


def says_something(change: DateChange) -> bool:
    return change != DateChange(date=change.date)


def _of(numbers: list[int], present: Collection[int]) -> list[int]:
    return [number for number in numbers if number in present]
