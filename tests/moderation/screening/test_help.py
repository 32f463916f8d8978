"""Which card the writer of a message gets to see."""

from datetime import datetime

import pytest

from accounts.models import Person
from chat.drafts import Sent
from chat.models import Conversation
from tests.chat.words import message, send

pytestmark = [pytest.mark.django_db]


class TestHelp:
    @pytest.mark.parametrize(
        ("text", "card"),
        [
            ("Zeg het tegen niemand dat we afspreken.", None),
            ("Kun je me 50 euro lenen? Zeg het tegen niemand dat we afspreken.", "money"),
            ("Geef mij je nummer.", "contact"),
        ],
        ids=["a-secret-has-no-card", "money-and-a-secret", "a-number"],
    )
    def test_says_nothing_untrue_beside_a_secret(
        self, text: str, card: str | None, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        (outcome,) = send(message(fatima, conversation, text), now=now)

        assert isinstance(outcome, Sent)
        assert outcome.help == card
