"""Who read what about me."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Person
from chat.models import Conversation
from moderation.actions import opening
from moderation.models import Case
from moderation.reading import about_me
from moderation.words import DecisionKind, FlagReason
from tests.moderation.casework import claimed, flagged
from tests.moderation.deciding import decided

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def case(fatima: Person, talk: Conversation, now: datetime) -> Case:
    return flagged(fatima, talk, 10, reason=FlagReason.HATE, words="geheime woorden", now=now)


class TestAboutMe:
    def test_says_who_read_how_much_in_which_role(
        self, case: Case, sofie: Person, fatima: Person, annemie: Person, jan: Person, now: datetime
    ) -> None:
        opening.open_case(claimed(case, sofie, now=now).id, by=sofie, now=now)
        before = about_me.readings_of(annemie)
        decided(case, DecisionKind.NOTHING, sofie, now=now)

        assert not before  # nobody learns that somebody looks before anything is decided
        (mine,) = about_me.readings_of(annemie)
        assert (mine.at, mine.role, mine.organisation, mine.lines) == (now, "moderator", "Maatjes", 5)
        assert len(about_me.readings_of(fatima)) == 1 and about_me.readings_of(jan) == []
        assert "Sofie" not in repr(mine)

    def test_keeps_what_it_said_when_the_same_is_flagged_again(
        self, case: Case, sofie: Person, fatima: Person, annemie: Person, talk: Conversation, now: datetime
    ) -> None:
        opening.open_case(claimed(case, sofie, now=now).id, by=sofie, now=now)
        decided(case, DecisionKind.NOTHING, sofie, now=now)
        before = about_me.readings_of(annemie)

        flagged(fatima, talk, 10, now=now + DAY)
        opening.open_case(claimed(case, sofie, now=now + DAY).id, by=sofie, now=now + DAY)

        assert about_me.readings_of(annemie) == before != []
