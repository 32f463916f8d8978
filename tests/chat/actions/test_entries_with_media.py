"""A message may carry one photo or voice note: the sender's own, from this conversation, once."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import blocks
from accounts.models import Person
from chat import frames, reading
from chat.actions.entries import append_drafts
from chat.drafts import Sent
from chat.models import Conversation, Entry
from core.ids import new_id
from media.models import Item, Variant
from tests.chat.attachments import shown, uploaded, with_media
from tests.chat.words import answers, edit, line, message, refusal_of, retraction, send, sent
from tests.factories import make_circle

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


@pytest.fixture
def photo(fatima: Person, conversation: Conversation, now: datetime) -> UUID:
    """A photo that Fatima uploaded to where she talks with Annemie."""
    return uploaded(fatima, conversation, now=now)


def read(person: Person, conversation: Conversation) -> list[frames.Entry]:
    return reading.history(person.id, conversation.id, before=None, after=None, limit=50)[0]


class TestSend:
    def test_carries_it_without_words(
        self, fatima: Person, annemie: Person, conversation: Conversation, photo: UUID, now: datetime
    ) -> None:
        (outcome,) = append_drafts(drafts=[with_media(fatima, conversation, photo)], now=now)

        assert isinstance(outcome, Sent) and outcome.appended is not None
        (entry,) = read(annemie, conversation)
        assert shown(entry) == shown(outcome.appended.entry)
        assert len(shown(entry).preview) == 30
        assert not isinstance(entry.body, str) and line(conversation, 1).body_sealed is None

    def test_carries_words_with_it(self, fatima: Person, annemie: Person, conversation: Conversation, photo: UUID, now: datetime) -> None:
        sent(with_media(fatima, conversation, photo, "Kijk!"), now=now)

        (entry,) = read(annemie, conversation)
        assert (entry.body, shown(entry).kind) == ("Kijk!", "photo")

    @pytest.mark.parametrize(("body", "code"), [("  ", "body_empty"), ("x" * 2_001, "body_too_long")])
    def test_takes_no_other_words_than_a_message_does(
        self, fatima: Person, conversation: Conversation, photo: UUID, now: datetime, body: str, code: str
    ) -> None:
        assert refusal_of(with_media(fatima, conversation, photo, body), now=now) == code
        assert sent(with_media(fatima, conversation, photo), now=now) == [1]

    def test_reaches_another_process_too(self, fatima: Person, conversation: Conversation, photo: UUID, now: datetime) -> None:
        sent(with_media(fatima, conversation, photo), message(fatima, conversation), now=now)

        first, second = reading.appended([reading.Range(conversation.id, 1, 2)])

        assert shown(first.entry).kind == "photo"
        assert not isinstance(second.entry.media, frames.Media)

    def test_an_edit_leaves_it_where_it_is(self, fatima: Person, conversation: Conversation, photo: UUID, now: datetime) -> None:
        sent(with_media(fatima, conversation, photo, "Kijk"), edit(fatima, conversation, 1, "Kijk eens"), now=now)

        assert (read(fatima, conversation)[0].body, shown(read(fatima, conversation)[0]).kind) == ("Kijk eens", "photo")


class TestWhatMayBeSent:
    def test_nothing_that_nobody_uploaded(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        assert refusal_of(with_media(fatima, conversation, new_id()), now=now) == "media_not_found"

    def test_nothing_of_another_person(self, annemie: Person, conversation: Conversation, photo: UUID, now: datetime) -> None:
        assert refusal_of(with_media(annemie, conversation, photo), now=now) == "media_not_found"

    def test_nothing_from_another_conversation(
        self, chantal: Person, annemie: Person, group: Conversation, nele: Person, bram: Person, now: datetime
    ) -> None:
        other = make_circle(people=[chantal, annemie], coordinator=nele, deputy=bram, now=now).conversation
        there = uploaded(chantal, other, now=now)

        assert refusal_of(with_media(chantal, group, there), now=now) == "media_not_found"
        assert sent(with_media(chantal, other, there), now=now) == [1]

    def test_nothing_twice(self, fatima: Person, conversation: Conversation, photo: UUID, now: datetime) -> None:
        outcomes = send(with_media(fatima, conversation, photo), with_media(fatima, conversation, photo), now=now)

        assert answers(outcomes) == [1, "media_not_found"]
        assert refusal_of(with_media(fatima, conversation, photo), now=now) == "media_not_found"

    def test_nothing_after_a_day(self, fatima: Person, conversation: Conversation, photo: UUID, now: datetime) -> None:
        assert refusal_of(with_media(fatima, conversation, photo), now=now + timedelta(days=1)) == "media_not_found"

    def test_one_refused_leaves_its_neighbours_alone(
        self, fatima: Person, annemie: Person, conversation: Conversation, photo: UUID, now: datetime
    ) -> None:
        outcomes = send(
            with_media(annemie, conversation, photo), message(annemie, conversation), with_media(fatima, conversation, photo), now=now
        )

        assert answers(outcomes) == ["media_not_found", 1, 2]


class TestRetries:
    def test_get_the_same_answer(self, fatima: Person, conversation: Conversation, photo: UUID, now: datetime) -> None:
        draft = with_media(fatima, conversation, photo)

        assert sent(draft, draft, now=now) == [1, 1]
        assert sent(draft, now=now + timedelta(days=2)) == [1]
        assert Entry.objects.count() == 1

    def test_are_no_retries_with_another_photo_or_none(
        self, fatima: Person, conversation: Conversation, photo: UUID, now: datetime
    ) -> None:
        draft = with_media(fatima, conversation, photo, "Kijk")
        sent(draft, now=now)

        other = with_media(fatima, conversation, uploaded(fatima, conversation, now=now), "Kijk", draft_id=draft.draft_id)
        without = message(fatima, conversation, "Kijk", draft_id=draft.draft_id)
        assert answers(send(other, without, draft, now=now)) == ["draft_reused", "draft_reused", 1]


class TestTakingBack:
    def test_deletes_the_bytes(self, fatima: Person, annemie: Person, conversation: Conversation, photo: UUID, now: datetime) -> None:
        sent(with_media(fatima, conversation, photo, "Kijk"), now=now)
        sent(retraction(fatima, conversation, 1), now=now)

        assert not Item.objects.exists() and not Variant.objects.exists()
        assert not isinstance(read(annemie, conversation)[0].media, frames.Media)

    def test_in_the_same_breath(self, fatima: Person, conversation: Conversation, photo: UUID, now: datetime) -> None:
        assert sent(with_media(fatima, conversation, photo), retraction(fatima, conversation, 1), now=now) == [1, 2]

        assert not Item.objects.exists()
        assert line(conversation, 1).media_id is None

    def test_a_late_retry_still_gets_its_answer(self, fatima: Person, conversation: Conversation, photo: UUID, now: datetime) -> None:
        draft = with_media(fatima, conversation, photo)
        sent(draft, retraction(fatima, conversation, 1), now=now)

        assert sent(draft, now=now) == [1]


class TestWhoSeesIt:
    def test_not_who_blocked_its_sender(self, chantal: Person, dirk: Person, group: Conversation, now: datetime) -> None:
        blocks.add(blocker=dirk, blocked=chantal, now=now)
        (outcome,) = append_drafts(drafts=[with_media(chantal, group, uploaded(chantal, group, now=now))], now=now)

        (entry,) = read(dirk, group)
        assert entry.concealed and not isinstance(entry.media, frames.Media)
        assert isinstance(outcome, Sent) and outcome.appended is not None
        assert [recipient.conceals for recipient in outcome.appended.audience if recipient.person_id == dirk.id] == [True]

    def test_nobody_once_the_key_is_gone(self, fatima: Person, conversation: Conversation, photo: UUID, now: datetime) -> None:
        sent(with_media(fatima, conversation, photo), now=now)
        assert conversation.data_key is not None
        conversation.data_key.delete()

        assert not isinstance(read(fatima, conversation)[0].media, frames.Media)


class TestThePathWithoutMedia:
    def test_asks_nothing_more(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            sent(message(fatima, conversation), now=now)
        with CaptureQueriesContext(connection) as read_back:
            read(fatima, conversation)

        assert not [query["sql"] for query in [*asked, *read_back] if "media_item" in query["sql"]]
