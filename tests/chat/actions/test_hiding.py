"""What a moderator hides is gone from every path, and comes back whole."""

from datetime import datetime

import pytest
from msgspec import UNSET
from pytest_django import Settings

from accounts.actions import blocks
from accounts.models import Device, Person
from chat import reading
from chat.actions import hiding, members
from chat.drafts import Draft
from chat.errors import ConversationNotFound, EntryNotFound
from chat.frames import AskedTime, Meet, Poll
from chat.models import Conversation, Entry
from chat.reading import Range
from chat.reading.attached import attached
from chat.reading.polled import polled
from core.ids import new_id
from core.models import Log
from media.errors import MediaNotFound
from meetings.reading.agenda import agenda
from notifications.models import Notice
from tests.chat.attachments import uploaded, with_media
from tests.chat.words import answers, edit, line, message, refusal_of, retraction, send, sent, shown
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


@pytest.fixture
def insult(fatima: Person, conversation: Conversation, now: datetime) -> int:
    return sent(message(fatima, conversation, "Lelijk woord"), now=now)[0]


class TestHiding:
    def test_takes_the_words_from_everybody_and_says_so_in_a_line_of_the_organisation(
        self, fatima: Person, annemie: Person, conversation: Conversation, insult: int, now: datetime
    ) -> None:
        hiding.hide(conversation.id, insult, now=now)

        for person in (fatima, annemie):
            said = shown(person, conversation)
            assert (said[1].body, said[1].hidden_seq) == (UNSET, 2)
            assert (said[2].kind, said[2].author, said[2].target) == ("hide", 0, insult)

    def test_twice_is_once(self, conversation: Conversation, insult: int, now: datetime) -> None:
        first = hiding.hide(conversation.id, insult, now=now)

        assert first is not None and first.seq == 2
        assert hiding.hide(conversation.id, insult, now=now) is None
        assert Entry.objects.filter(conversation=conversation).count() == 2

    def test_keeps_the_words_sealed_where_they_are(self, conversation: Conversation, insult: int, now: datetime) -> None:
        before = line(conversation, insult).body_sealed

        hiding.hide(conversation.id, insult, now=now)

        assert bytes(line(conversation, insult).body_sealed or b"") == bytes(before or b"")

    def test_of_an_edit_hides_what_was_edited(self, fatima: Person, conversation: Conversation, insult: int, now: datetime) -> None:
        sent(edit(fatima, conversation, insult, "Nog lelijker"), now=now)

        hiding.hide(conversation.id, 2, now=now)

        assert [said.body for said in shown(fatima, conversation).values()] == [UNSET] * 3

    def test_of_what_was_taken_back_changes_nothing(self, fatima: Person, conversation: Conversation, insult: int, now: datetime) -> None:
        sent(retraction(fatima, conversation, insult), now=now)

        assert hiding.hide(conversation.id, insult, now=now) is None

    def test_needs_a_line_that_says_something(self, fatima: Person, conversation: Conversation, insult: int, now: datetime) -> None:
        hiding.hide(conversation.id, insult, now=now)

        for seq in (2, 3):
            with pytest.raises(EntryNotFound):
                hiding.hide(conversation.id, seq, now=now)
        with pytest.raises(ConversationNotFound):
            hiding.hide(new_id(), 1, now=now)

    def test_rings_nowhere(self, annemie: Person, conversation: Conversation, insult: int, now: datetime, settings: Settings) -> None:
        settings.MAATJE_NOTICES_CONSOLE = True
        Notice.objects.all().delete()

        hiding.hide(conversation.id, insult, now=now)
        hiding.restore(conversation.id, insult, now=now)

        assert not Notice.objects.exists()

    def test_is_heard_by_who_polls(self, annemie: Person, conversation: Conversation, log: Log, insult: int, now: datetime) -> None:
        hiding.hide(conversation.id, insult, now=now)

        answer = polled(annemie.id, Poll(epoch=log.epoch, cursors={conversation.id: insult}), now=now)

        assert [(entry.kind, entry.target) for news in answer.news for entry in news.entries] == [("hide", insult)]


class TestGivingBack:
    def test_shows_the_words_again_and_carries_them_for_phones_that_dropped_them(
        self, annemie: Person, conversation: Conversation, insult: int, now: datetime
    ) -> None:
        hiding.hide(conversation.id, insult, now=now)
        hiding.restore(conversation.id, insult, now=now)

        said = shown(annemie, conversation)
        (live,) = reading.appended([Range(conversation.id, 3, 3)])
        assert (said[1].body, said[1].hidden_seq) == ("Lelijk woord", UNSET)
        assert (said[3].kind, said[3].body, said[3].target) == ("restore", "Lelijk woord", insult)
        assert live.entry == said[3]

    def test_of_what_is_not_hidden_changes_nothing(self, conversation: Conversation, insult: int, now: datetime) -> None:
        assert hiding.restore(conversation.id, insult, now=now) is None

    def test_gives_the_newest_words(self, fatima: Person, conversation: Conversation, insult: int, now: datetime) -> None:
        sent(edit(fatima, conversation, insult, "Anders gezegd"), now=now)
        hiding.hide(conversation.id, insult, now=now)
        hiding.restore(conversation.id, insult, now=now)

        assert shown(fatima, conversation)[4].body == "Anders gezegd"

    def test_carries_nothing_once_it_is_hidden_again_or_taken_back(
        self, fatima: Person, conversation: Conversation, insult: int, now: datetime
    ) -> None:
        hiding.hide(conversation.id, insult, now=now)
        hiding.restore(conversation.id, insult, now=now)
        hiding.hide(conversation.id, insult, now=now)
        assert shown(fatima, conversation)[3].body is UNSET

        hiding.restore(conversation.id, insult, now=now)
        sent(retraction(fatima, conversation, insult), now=now)
        assert [entry.body for entry in shown(fatima, conversation).values()] == [UNSET] * 6

    def test_shows_nothing_to_who_blocked_its_author_or_came_later(
        self, chantal: Person, dirk: Person, amina: Person, fatima: Person, group: Conversation, now: datetime
    ) -> None:
        blocks.add(blocker=dirk, blocked=chantal, now=now)
        sent(message(chantal, group, "Lelijk woord"), now=now)
        members.join(conversation_id=group.id, person_id=fatima.id, role="peer", now=now)
        hiding.hide(group.id, 1, now=now)
        hiding.restore(group.id, 1, now=now)

        live = reading.appended([Range(group.id, 4, 4)])
        told = {one.person_id: "" if one.conceals else a.entry.body for a in live for one in a.audience}
        assert told == {chantal.id: "Lelijk woord", dirk.id: "", amina.id: "Lelijk woord", fatima.id: UNSET}
        assert [shown(person, group)[4].body for person in (amina, dirk, fatima)] == ["Lelijk woord", UNSET, UNSET]


class TestItsAuthor:
    def test_may_take_it_back_but_not_write_over_it(self, fatima: Person, conversation: Conversation, insult: int, now: datetime) -> None:
        hiding.hide(conversation.id, insult, now=now)

        assert refusal_of(edit(fatima, conversation, insult, "Lief woord"), now=now) == "entry_hidden"
        assert answers(send(retraction(fatima, conversation, insult), now=now)) == [3]
        assert hiding.restore(conversation.id, insult, now=now) is not None
        assert shown(fatima, conversation)[1].body is UNSET

    def test_hears_the_same_about_a_draft_that_is_sent_again(self, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        draft = message(fatima, conversation, "Lelijk woord")
        sent(draft, now=clock())
        hiding.hide(conversation.id, 1, now=clock())

        assert answers(send(draft, now=clock.move(minutes=1))) == [1]


class TestPhotosAndMeetings:
    def test_a_photo_cannot_be_fetched_while_it_is_hidden(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        seq = sent(with_media(fatima, conversation, uploaded(fatima, conversation, now=now)), now=now)[0]
        hiding.hide(conversation.id, seq, now=now)

        assert shown(annemie, conversation)[seq].media is UNSET
        for person in (fatima, annemie):
            with pytest.raises(MediaNotFound):
                attached(person.id, conversation.id, seq)

        hiding.restore(conversation.id, seq, now=now)
        said = shown(annemie, conversation)
        assert said[seq].media == said[3].media != UNSET
        assert attached(annemie.id, conversation.id, seq).content_types()

    def test_a_meeting_is_hidden_and_given_back(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        meet = Meet(
            ref=0, conversation=conversation.id, draft_id=new_id(), act="propose", times=[AskedTime("2027-01-10T14:00")], place="Lelijk"
        )
        sent(Draft(fatima.id, conversation.id, meet.draft_id, "meeting", meet=meet), now=now)
        before = shown(annemie, conversation)[1].meeting

        hiding.hide(conversation.id, 1, now=now)
        assert (shown(annemie, conversation)[1].meeting, before is UNSET) == (UNSET, False)

        hiding.restore(conversation.id, 1, now=now)
        said = shown(annemie, conversation)
        assert said[1].meeting == said[3].meeting == before

    def test_the_place_goes_from_later_answers_and_the_agenda_too(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        asked = Meet(
            ref=0, conversation=conversation.id, draft_id=new_id(), act="propose", times=[AskedTime("2026-03-10T14:00")], place="Lelijk"
        )
        yes = Meet(ref=0, conversation=conversation.id, draft_id=new_id(), act="accept", meeting=1, version=1)
        sent(Draft(fatima.id, conversation.id, asked.draft_id, "meeting", meet=asked), now=now)
        sent(Draft(annemie.id, conversation.id, yes.draft_id, "meeting", meet=yes), now=now)

        hiding.hide(conversation.id, 1, now=now)
        said = shown(annemie, conversation)
        assert [(entry.kind, entry.meeting is UNSET) for entry in said.values()] == [
            ("meeting", True), ("meeting", True), ("hide", True), ("hide", True),
        ]  # fmt: skip
        assert [item.meeting.place for item in agenda(annemie, now=now)] == [""]

        hiding.restore(conversation.id, 1, now=now)
        assert [entry.meeting is UNSET for entry in shown(annemie, conversation).values()] == [False, False, True, True, False, False]
        assert [item.meeting.place for item in agenda(annemie, now=now)] == ["Lelijk"]

    def test_a_line_that_repeats_the_place_takes_the_first_one_along(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        at = [AskedTime("2026-03-10T14:00")]
        asked = Meet(ref=0, conversation=conversation.id, draft_id=new_id(), act="propose", times=at, place="Lelijk")
        yes = Meet(ref=0, conversation=conversation.id, draft_id=new_id(), act="accept", meeting=1, version=1)
        sent(Draft(fatima.id, conversation.id, asked.draft_id, "meeting", meet=asked), now=now)
        sent(Draft(annemie.id, conversation.id, yes.draft_id, "meeting", meet=yes), now=now)

        hiding.hide(conversation.id, 2, now=now)
        assert [entry.meeting is UNSET for entry in shown(annemie, conversation).values()] == [True] * 4

        hiding.restore(conversation.id, 2, now=now)
        assert [entry.meeting is UNSET for entry in shown(annemie, conversation).values()][:2] == [False, False]


class TestAnErasedConversation:
    def test_can_still_be_hidden_in(self, conversation: Conversation, insult: int, device: Device, now: datetime) -> None:
        assert conversation.data_key is not None
        conversation.data_key.delete()

        assert hiding.hide(conversation.id, insult, now=now) is not None
