"""What organisations chose is remembered: the send path asks nobody."""

import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from chat.models import Conversation
from moderation.models import WordList
from moderation.reading import choices
from moderation.screening.lists import parse
from programmes.models import Organisation
from tests.chat.words import message, send
from tests.moderation.screening.words import HEAD, a_list, a_rule

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _choices() -> Iterator[None]:
    choices.forget()
    yield
    choices.forget()


def in_use(text: str, *, version: int = 1) -> WordList:
    organisation = Organisation.objects.get(name="Maatjes")
    return WordList.objects.create(
        organisation=organisation,
        language="nl",
        version=version,
        text=text,
        in_use=True,
        review_by="2027-05-22",
        made_at="2026-03-02T09:30Z",
    )


class TestChoices:
    def test_cost_no_query_in_the_usual_case(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        in_use(a_list(a_rule("gele bromfiets")))
        send(message(fatima, conversation), now=now)

        with CaptureQueriesContext(
            connection,
        ) as queries:
            send(message(fatima, conversation), now=now)

        assert not [query for query in queries.captured_queries if "moderation_" in query["sql"] or "programmes_" in query["sql"]]

    def test_are_read_anew_when_they_are_old(self, fatima: Person, conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
        before = choices.current()
        in_use(a_list(a_rule("gele bromfiets")))
        still = choices.current()
        monkeypatch.setattr(choices, "FRESH_SECONDS", -1.0)

        after = choices.current()

        assert (before.engines, still.engines) == ({}, {})
        assert list(after.engines) == [choices.home_of(conversation.id).organisation_id]

    def test_leave_out_a_list_that_a_newer_release_refuses(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        in_use(HEAD + "rule = 3")

        send(message(fatima, conversation), now=now)

        assert choices.current().engines == {}

    def test_keep_the_list_before_in_use_until_a_long_one_is_ready(
        self, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = choices.home_of(conversation.id).organisation_id
        in_use(a_list(a_rule("gele bromfiets")))
        before = choices.current().engines[home]
        WordList.objects.update(in_use=False)
        in_use(a_list(a_rule("groene bromfiets")), version=2)
        ready = threading.Event()
        monkeypatch.setattr(choices, "parse", lambda *given: ready.wait(30) and parse(*given))
        monkeypatch.setattr(choices, "_is_quick", lambda texts: False)
        choices.forget()

        meanwhile = choices.current().engines[home]
        ready.set()
        for thread in [thread for thread in threading.enumerate() if thread.name == "word-lists"]:
            thread.join(30)

        assert meanwhile is before
        assert choices.current().engines[home] is not before

    def test_compile_a_long_list_beside_the_messages(self, conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(choices, "MOST_WAYS_AT_ONCE", 0)
        in_use(a_list(a_rule("gele bromfiets")))

        choices.current()
        for thread in [thread for thread in threading.enumerate() if thread.name == "word-lists"]:
            thread.join(30)

        assert list(choices.current().engines) == [choices.home_of(conversation.id).organisation_id]
