"""Every refusal about meetings, on one page."""

from core.errors import DomainError, Invalid, NotFound


class MeetingNotFound(NotFound):
    code = "meeting_not_found"
    sentence = "There is no such meeting here."


class NoSuchDate(NotFound):
    code = "no_such_date"
    sentence = "The series has no such date. Give one of its dates, as it was before any move."


class NoSuchTime(Invalid):
    """Carries `times`, how many there are to choose from."""

    code = "no_such_time"
    sentence = "The meeting has no such time. Choose one of those that were proposed."


class BadTime(Invalid):
    code = "bad_time"
    sentence = "This is not a time. Write it as 2026-11-25T14:00."


class BadDuration(Invalid):
    """Carries `least` and `most`, in minutes."""

    code = "bad_duration"
    sentence = "A meeting takes 5 minutes to 24 hours."


class WrongNumberOfTimes(Invalid):
    """Carries `most`."""

    code = "wrong_number_of_times"
    sentence = "Give 1 to 3 different times; a series, and one date of it, has exactly one."


class TimeIsPast(DomainError):
    code = "time_is_past"
    status = 409
    sentence = "This time is over. Choose one that is still to come."


class TimeTooFar(Invalid):
    """Carries `days`, how far ahead a meeting may be."""

    code = "time_too_far"
    sentence = "This is too far ahead. Plan at most 400 days ahead."


class TimeDoesNotExist(Invalid):
    """Carries `next`, the local time that the clock shows instead."""

    code = "time_does_not_exist"
    sentence = "The clock skips this time when summer time begins. Choose another."


class TimeIsAmbiguous(Invalid):
    """Carries `instants`, the first and the second, which `fold` 0 and 1 choose."""

    code = "time_is_ambiguous"
    sentence = "The clock shows this time twice when summer time ends. Say with `fold` which of the two."


class BadRepeat(Invalid):
    code = "bad_repeat"
    sentence = "A series is weekly or two-weekly: FREQ=WEEKLY, with INTERVAL=1 or 2, and COUNT (1 to 104) or UNTIL that is not before its first date."


class PlaceTooLong(Invalid):
    """Carries `limit`, in characters."""

    code = "place_too_long"
    sentence = "A place has at most 200 characters."


class TooManyMeetings(DomainError):
    """Carries `limit`."""

    code = "too_many_meetings"
    status = 409
    sentence = "There are too many meetings to come here. Cancel one first."


class TooManyChanges(DomainError):
    """Carries `limit`."""

    code = "too_many_changes"
    status = 409
    sentence = "Too many dates of this series are different. Move the series, or plan a new one."


class CircleIsEnding(DomainError):
    code = "circle_is_ending"
    status = 409
    sentence = "This conversation is about to close; nothing new can be planned here."


class MeetingChanged(DomainError):
    """Carries `version`, which the meeting has now."""

    code = "meeting_changed"
    status = 409
    sentence = "The meeting was changed meanwhile. Look at it again, then answer."


class MeetingCancelled(DomainError):
    code = "meeting_cancelled"
    status = 409
    sentence = "This was cancelled. Propose a new meeting."


class AlreadyAgreed(DomainError):
    code = "already_agreed"
    status = 409
    sentence = "This was agreed already. Move it instead."


class YourOwnProposal(DomainError):
    code = "your_own_proposal"
    status = 409
    sentence = "This is your own proposal. Move it instead."


class NotYoursToMove(DomainError):
    code = "not_yours_to_move"
    status = 403
    sentence = "In a group only who proposed a meeting, and buddies, move or cancel it."


class NotOverYet(DomainError):
    code = "not_over_yet"
    status = 409
    sentence = "This has not begun yet; say afterwards whether it took place."


class NoteTooLong(Invalid):
    """Carries `limit`, in characters."""

    code = "note_too_long"
    sentence = "A note has at most 500 characters."


class BadAbsence(Invalid):
    code = "bad_absence"
    sentence = "Give a first and a last day, in that order, at most a year apart and ahead, and not over yet."


class TooManyAbsences(DomainError):
    """Carries `limit`."""

    code = "too_many_absences"
    status = 409
    sentence = "That is enough days away. Take one back first."
