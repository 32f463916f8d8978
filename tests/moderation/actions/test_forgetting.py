"""Who flagged is known as long as somebody can decide on it, and no longer."""

from datetime import datetime

import pytest

from accounts.models import Person
from chat.models import Conversation
from moderation.actions import forgetting
from moderation.models import Flag, Statement
from moderation.words import DecisionKind
from tests.moderation.casework import erase, flagged, fresh
from tests.moderation.deciding import decided, held_case, letters_to

pytestmark = pytest.mark.django_db


class TestForgettingWhoFlagged:
    def test_goes_with_the_words_of_the_case_and_leaves_the_number(
        self, fatima: Person, annemie: Person, talk: Conversation, sofie: Person, now: datetime
    ) -> None:
        case = held_case(fatima, talk, sofie, now=now)
        decided(case, DecisionKind.WARN, sofie, now=now)
        open_one = flagged(fatima, talk, 4, now=now)
        assert forgetting.forget_reporters() == 0

        erase(fresh(case))
        assert forgetting.forget_reporters() == 1

        assert [flag.by_id for flag in case.flags.all()] == [None]
        assert Flag.objects.get(case=open_one).by == fatima
        assert letters_to(fatima) == [] and len(letters_to(annemie)) == 1

    def test_counts_the_letters_that_are_left(self, fatima: Person, talk: Conversation, sofie: Person, now: datetime) -> None:
        gone, stays = (held_case(fatima, talk, sofie, seq, now=now) for seq in (2, 4))
        for case in (gone, stays):
            decided(case, DecisionKind.WARN, sofie, now=now)

        erase(fresh(gone))
        forgetting.forget_reporters()

        fatima.refresh_from_db()
        assert fatima.unread_statements == Statement.objects.filter(person=fatima).count() == 1
