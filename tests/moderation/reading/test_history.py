"""What was done with a case, for colleagues and auditors."""

from datetime import datetime

import pytest

from accounts.models import Person
from chat.models import Conversation
from core.errors import Forbidden
from moderation.errors import CaseNotFound
from moderation.models import Case
from moderation.reading import history
from moderation.words import FlagReason
from tests.moderation.casework import claimed, flagged

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(fatima: Person, talk: Conversation, now: datetime) -> Case:
    return flagged(fatima, talk, 10, reason=FlagReason.HATE, words="geheime woorden", now=now)


class TestHistory:
    def test_is_the_audit_log_of_the_case(self, case: Case, sofie: Person, jan: Person, now: datetime) -> None:
        claimed(case, sofie, now=now)

        events = history.of_case(case.id, person=jan)

        assert [(event.action, event.name, event.role) for event in events] == [("opened", "", ""), ("claimed", "Sofie", "moderator")]
        assert "flag" not in events[0].detail

    def test_is_not_for_others(self, case: Case, nele: Person, stranger: Person) -> None:
        with pytest.raises(Forbidden):
            history.of_case(case.id, person=nele)
        with pytest.raises(CaseNotFound):
            history.of_case(case.id, person=stranger)
