"""What a person may read, as frames. Changes nothing."""

from chat.reading.access import Access, access
from chat.reading.cards import cards
from chat.reading.follows import Follow, Start, epoch, follows, follows_of, start
from chat.reading.opened import Opened, opened
from chat.reading.pages import history, missed
from chat.reading.polled import polled
from chat.reading.ranges import Range, appended
from chat.reading.stays import AccessChanged, stay, stays

__all__ = [
    "Access", "AccessChanged", "Follow", "Opened", "Range", "Start", "access", "appended", "cards", "epoch", "follows", "follows_of",
    "history", "missed", "opened", "polled", "start", "stay", "stays",
]  # fmt: skip
