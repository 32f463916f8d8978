"""Who may read an entry may fetch what it carries; everybody else hears that there is nothing."""

from datetime import datetime
from uuid import UUID

import pytest

from accounts.actions import blocks
from accounts.models import Person
from chat.actions import members
from chat.models import Conversation
from chat.reading.attached import attached
from core.errors import DomainError
from core.ids import new_id
from tests.chat.attachments import uploaded, with_media
from tests.chat.words import message, retraction, sent
from tests.media.pictures import opened
from tests.media.sounds import voice

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


def refusal(person: Person, conversation_id: UUID, seq: int = 1) -> str:
    with pytest.raises(DomainError) as refused:
        attached(person.id, conversation_id, seq)
    return refused.value.code


@pytest.fixture
def seq(chantal: Person, group: Conversation, now: datetime) -> int:
    """A photo of Chantal's in the group."""
    return sent(with_media(chantal, group, uploaded(chantal, group, now=now)), now=now)[0]


class TestWhatIsThere:
    def test_every_member_can_fetch_it(self, chantal: Person, dirk: Person, amina: Person, group: Conversation, seq: int) -> None:
        for person in (chantal, dirk, amina):
            found = attached(person.id, group.id, seq)

            assert found.content_types() == ["image/avif", "image/webp", "image/jpeg"]
            assert opened(found.form("image/webp", side=320)).size == (320, 240)
            assert opened(found.form("image/jpeg", side=640)).size == (400, 300)

    def test_a_voice_note_has_one_form(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(with_media(fatima, conversation, uploaded(fatima, conversation, now=now, data=voice())), now=now)

        found = attached(fatima.id, conversation.id, 1)
        assert found.content_types() == ["audio/ogg"]
        assert found.form("audio/ogg", side=320) == found.form("audio/ogg", side=640)


class TestWhatIsNot:
    def test_an_entry_without_and_no_entry(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation), now=now)

        assert [refusal(fatima, conversation.id, seq) for seq in (1, 2)] == ["media_not_found"] * 2

    def test_for_somebody_from_elsewhere(self, fatima: Person, group: Conversation, seq: int) -> None:
        assert refusal(fatima, group.id, seq) == refusal(fatima, new_id(), seq) == "conversation_not_found"

    def test_what_was_taken_back(self, chantal: Person, dirk: Person, group: Conversation, seq: int, now: datetime) -> None:
        sent(retraction(chantal, group, seq), now=now)

        assert refusal(dirk, group.id, seq) == "media_not_found"

    def test_for_who_blocked_its_sender_before(self, chantal: Person, dirk: Person, group: Conversation, now: datetime) -> None:
        blocks.add(blocker=dirk, blocked=chantal, now=now)
        seq = sent(with_media(chantal, group, uploaded(chantal, group, now=now)), now=now)[0]

        assert refusal(dirk, group.id, seq) == "media_not_found"
        blocks.lift(blocker=dirk, blocked=chantal, now=now)
        assert attached(dirk.id, group.id, seq).content_types()

    def test_for_who_left_before_it_was_said(self, chantal: Person, dirk: Person, group: Conversation, seq: int, now: datetime) -> None:
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)
        later = sent(with_media(chantal, group, uploaded(chantal, group, now=now)), now=now)[0]

        assert attached(dirk.id, group.id, seq).content_types()
        assert refusal(dirk, group.id, later) == "media_not_found"

    def test_once_the_key_is_gone(self, chantal: Person, group: Conversation, seq: int) -> None:
        assert group.data_key is not None
        group.data_key.delete()

        assert refusal(chantal, group.id, seq) == "media_not_found"
