"""The photo or voice note of one entry, for who may read the entry."""

from dataclasses import dataclass
from uuid import UUID

from chat.models import Entry
from chat.reading.pages import is_hidden_from
from chat.reading.stays import stay
from media.errors import MediaNotFound
from media.models import Item
from media.reading import items


@dataclass(frozen=True, slots=True)
class Attached:
    """What was found, and the key that opens it."""

    item: Item
    key: bytes

    def content_types(self) -> list[str]:
        """In which forms it can be had, the one with the fewest bytes first."""
        return items.content_types(self.item)

    def form(self, content_type: str, *, side: int) -> bytes:
        """:raises MediaNotFound:"""
        return items.form(self.item, side=side, content_type=content_type, key=self.key)


def attached(person_id: UUID, conversation_id: UUID, seq: int) -> Attached:
    """Look up what an entry carries.

    :raises ConversationNotFound:
    :raises MediaNotFound: no such entry for this person, nothing with it, nothing any more, or hidden by a moderator.
    """
    member = stay(person_id, conversation_id)
    row = Entry.objects.within(member).select_related("media").filter(seq=seq, media__isnull=False, hidden_seq=None).first()
    data_key = member.conversation.data_key
    if row is None or row.media is None or data_key is None or is_hidden_from(member, row):
        raise MediaNotFound
    return Attached(row.media, data_key.unwrap())
