"""Who may write there may upload there; the same bytes under the same id are one upload."""

from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings

from accounts.actions import blocks
from accounts.models import Person
from chat.actions import conversations
from chat.actions.uploads import upload
from chat.models import Conversation
from core.errors import DomainError
from core.ids import new_id
from media import crafting
from media.models import Item
from tests.chat.attachments import PHOTO, uploaded
from tests.chat.words import message, sent
from tests.media.pictures import photo
from tests.media.sounds import voice

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


def refusal(person: Person, conversation: Conversation, *, now: datetime, data: bytes = PHOTO) -> str:
    with pytest.raises(DomainError) as refused:
        uploaded(person, conversation, now=now, data=data)
    return refused.value.code


class TestUpload:
    def test_says_what_it_became(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        media = upload(by_id=fatima.id, conversation_id=conversation.id, upload_id=new_id(), data=PHOTO, now=now)

        assert (media.kind, media.width, media.height, len(media.preview)) == ("photo", 400, 300, 30)
        assert 0 < media.small < media.large

    def test_takes_a_voice_note(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        media = upload(by_id=fatima.id, conversation_id=conversation.id, upload_id=new_id(), data=voice(), now=now)

        assert (media.kind, media.seconds, media.large, media.preview) == ("voice", 2, 0, b"")

    def test_is_one_however_often_the_device_retries(
        self, fatima: Person, conversation: Conversation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place: dict[str, Any] = {"by_id": fatima.id, "conversation_id": conversation.id, "upload_id": new_id(), "now": now}
        first = upload(**place, data=PHOTO)
        monkeypatch.setattr("media.crafting.make", None)  # it is not made twice

        assert upload(**place, data=PHOTO) == first
        assert Item.objects.count() == 1

    def test_refuses_other_bytes_under_the_same_id(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        media = uploaded(fatima, conversation, now=now)

        with pytest.raises(DomainError) as refused:
            uploaded(fatima, conversation, now=now, upload_id=media, data=photo(40, 30))
        assert refused.value.code == "media_reused"

    def test_two_people_may_make_the_same_id(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        media = uploaded(fatima, conversation, now=now)

        assert uploaded(annemie, conversation, now=now, upload_id=media) == media
        assert Item.objects.count() == 2

    def test_keeps_nothing_of_what_it_refuses(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        assert refusal(fatima, conversation, now=now, data=PHOTO[:800]) == "media_broken"
        assert refusal(fatima, conversation, now=now, data=b"{}") == "media_unknown_kind"
        assert not Item.objects.exists()

    def test_stops_before_the_work_where_the_circle_is_full(
        self, fatima: Person, conversation: Conversation, now: datetime, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.MAATJE_MEDIA_QUOTA_MB = 0
        monkeypatch.setattr("media.crafting.make", None)

        assert refusal(fatima, conversation, now=now) == "quota_full"


class TestWhoMay:
    def test_nobody_from_elsewhere(self, fatima: Person, elsewhere: Conversation, now: datetime) -> None:
        assert refusal(fatima, elsewhere, now=now) == "conversation_not_found"
        assert refusal(fatima, Conversation(id=new_id()), now=now) == "conversation_not_found"

    def test_nobody_while_it_is_paused(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        conversations.pause(conversation_id=conversation.id, now=now)

        assert refusal(fatima, conversation, now=now) == "conversation_paused"

    def test_nobody_once_it_is_erased(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        assert conversation.data_key is not None
        conversation.data_key.delete()

        assert refusal(fatima, conversation, now=now) == "conversation_erased"

    def test_neither_of_a_pair_in_which_one_blocked_the_other(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        blocks.add(blocker=fatima, blocked=annemie, now=now)

        assert refusal(annemie, conversation, now=now) == "not_reachable"

    def test_looks_again_once_it_is_made(
        self, fatima: Person, conversation: Conversation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make = crafting.make

        def make_while_it_closes(*args: object, **kwargs: object) -> object:
            conversations.pause(conversation_id=conversation.id, now=now)
            return make(*args, **kwargs)  # type: ignore[arg-type]  # handed through

        monkeypatch.setattr(crafting, "make", make_while_it_closes)

        assert refusal(fatima, conversation, now=now) == "conversation_paused"
        assert not Item.objects.exists()

    def test_an_upload_is_no_line_of_the_log(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        uploaded(fatima, conversation, now=now)

        assert sent(message(fatima, conversation), now=now) == [1]
