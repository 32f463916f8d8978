"""What is written is looked at on its way into the log; it goes, whatever becomes of the look."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import OperationalError
from pytest_django import Settings

from accounts.models import Language, Person
from chat.drafts import Draft, Outcome, Sent
from chat.frames import Meet
from chat.models import Conversation
from chat.screening import screener
from core.ids import new_id
from moderation.models import Case, Signal
from tests.chat.words import edit, message, retraction, send, seqs

pytestmark = [pytest.mark.django_db]

CRISIS = "ik wil niet meer leven"


@pytest.fixture
def screened_by(settings: Settings) -> Iterator[Callable[[str], None]]:
    def choose(name: str) -> None:
        settings.CHAT_SCREENER = f"tests.chat.screeners.{name}"
        screener.cache_clear()

    yield choose
    screener.cache_clear()


def helps(outcomes: list[Outcome]) -> list[str | None]:
    return [outcome.help for outcome in outcomes if isinstance(outcome, Sent)]


class TestLookingAtMessages:
    def test_shows_the_writer_where_to_find_help_and_keeps_what_was_seen(
        self, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        outcomes = send(message(fatima, conversation, CRISIS), message(fatima, conversation, "Tot morgen!"), now=now)

        assert helps(outcomes) == ["crisis", None]
        assert set(Signal.objects.values_list("seq", "klass")) == {(1, "crisis")}
        assert Case.objects.get().target_seq == 1

    def test_gives_the_same_help_to_a_retry_and_keeps_nothing_twice(
        self, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        draft = message(fatima, conversation, CRISIS)

        outcomes = send(draft, draft, now=now) + send(draft, now=now)

        assert helps(outcomes) == ["crisis"] * 3
        assert seqs(conversation) == [1]
        assert Case.objects.count() == 1

    def test_looks_at_edits(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        outcomes = send(message(fatima, conversation), edit(fatima, conversation, 1, CRISIS), now=now)

        assert helps(outcomes) == [None, "crisis"]
        assert Case.objects.get().target_seq == 1

    def test_looks_at_the_place_of_a_meeting(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        asked = Meet(0, conversation.id, new_id(), "propose", place=CRISIS)
        draft = Draft(fatima.id, conversation.id, asked.draft_id, "meeting", meet=asked)

        assert draft.said == CRISIS

    def test_sees_nothing_where_nothing_is_said(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        outcomes = send(message(fatima, conversation), retraction(fatima, conversation, 1), now=now)

        assert helps(outcomes) == [None, None]

    def test_knows_the_languages_of_both(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        Person.objects.filter(id=fatima.id).update(language=Language.TR)
        Person.objects.filter(id=annemie.id).update(language=Language.NL)

        outcomes = send(message(fatima, conversation, "wil je mij 200 euro lenen"), now=now)

        assert helps(outcomes) == ["money"]


class TestFailures:
    @pytest.mark.parametrize("name", ["Breaking", "Forgetting"])
    def test_refuse_no_message(
        self, name: str, screened_by: Callable[[str], None], fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        screened_by(name)

        send(message(fatima, conversation, CRISIS), message(fatima, conversation), now=now)

        assert seqs(conversation) == [1, 2]

    def test_tell_nothing_of_what_was_written(
        self,
        screened_by: Callable[[str], None],
        fatima: Person,
        conversation: Conversation,
        now: datetime,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        screened_by("Breaking")

        send(message(fatima, conversation, CRISIS), now=now)

        assert "not_screened problem=ValueError" in caplog.text
        assert CRISIS not in caplog.text

    def test_of_the_database_fail_the_batch_which_is_tried_again(
        self, screened_by: Callable[[str], None], fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        screened_by("Cut")

        with pytest.raises(OperationalError):
            send(message(fatima, conversation), now=now)
        assert seqs(conversation) == []
