from datetime import datetime

import pytest

from moderation import demo
from moderation.models import Case, Template
from moderation.words import Priority
from programmes import demo as people

pytestmark = pytest.mark.django_db


class TestSeed:
    def test_has_something_to_look_at_once(self, now: datetime) -> None:
        people.seed(now=now)

        for _ in range(2):
            demo.seed(now=now)

        assert sorted(Case.objects.values_list("priority", flat=True)) == [Priority.SAFEGUARDING, Priority.SAFEGUARDING]
        assert Template.objects.count() == 3

    def test_says_nothing_among_others(self, now: datetime) -> None:
        demo.seed(now=now)

        assert not Case.objects.exists()
