"""Photos and voice notes on their way into a conversation."""

from datetime import datetime
from functools import cache
from uuid import UUID

import pytest

from accounts.models import Person
from chat import frames
from chat.actions.uploads import upload
from chat.drafts import Draft
from chat.models import Conversation
from core.ids import new_id
from media import crafting
from tests.media.pictures import photo

PHOTO = photo(400, 300)
_worked = cache(crafting._worked)  # the same bytes become the same, a quarter of a second later


def uploaded(person: Person, conversation: Conversation, *, now: datetime, data: bytes = PHOTO, upload_id: UUID | None = None) -> UUID:
    """Upload something; its id."""
    id_ = upload_id or new_id()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crafting, "_worked", _worked)
        upload(by_id=person.id, conversation_id=conversation.id, upload_id=id_, data=data, now=now)
    return id_


def with_media(person: Person, conversation: Conversation, media: UUID, body: str = "", *, draft_id: UUID | None = None) -> Draft:
    return Draft(person.id, conversation.id, draft_id or new_id(), "message", body, media=media)


def shown(entry: frames.Entry) -> frames.Media:
    assert isinstance(entry.media, frames.Media)
    return entry.media
