"""What a device that polls has missed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import Person
from chat import frames
from chat.reading.follows import Follow, start
from chat.reading.pages import missed

MOST_CONVERSATIONS = 10  # with news, in one answer: some 160 kB at the very most


def polled(person_id: UUID, command: frames.Poll, *, now: datetime) -> frames.Polled:
    """Everything after the cursors, as much as one answer takes."""
    resume = frames.Resume(ref=0, epoch=command.epoch, cursors=command.cursors, cards=command.cards)
    begun = start(person_id, resume, now=now)
    behind = [follow for follow in begun.follows if follow.given < follow.head]
    news, is_cut = _news(person_id, behind[:MOST_CONVERSATIONS])
    return frames.Polled(
        epoch=begun.epoch,
        conversations=begun.cards,
        news=news,
        resync=begun.resync,
        more=is_cut or len(behind) > MOST_CONVERSATIONS,
        statements=Person.objects.values_list("unread_statements", flat=True).get(id=person_id),
    )


def _news(person_id: UUID, behind: Sequence[Follow]) -> tuple[list[frames.Entries], bool]:
    news, is_cut = [], False
    for follow in behind:
        entries, head = missed(person_id, follow.conversation_id, after=follow.given, limit=frames.PAGE_LIMIT)
        if entries:
            news.append(frames.Entries(follow.conversation_id, entries))
            is_cut = is_cut or entries[-1].seq < head
    return news, is_cut
