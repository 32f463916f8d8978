from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from programmes.models import Circle, CircleMember, MemberRole, Programme
from tests.factories import make_programme


def refused(name: str, what: Any) -> None:
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        what()
    assert name in str(problem.value)


class TestTheDatabase:
    """Keeps these promises by itself, whatever the code above it does."""

    @pytest.mark.parametrize("missing", ["coordinator", "deputy"])
    def test_active_circle_has_coordinator_and_deputy(self, circle: Circle, missing: str) -> None:
        refused("active_circle_has_coordinator_and_deputy", lambda: Circle.objects.filter(id=circle.id).update(**{missing: None}))

    def test_deputy_is_not_the_coordinator(self, circle: Circle, nele: Person) -> None:
        refused("deputy_is_not_the_coordinator", lambda: Circle.objects.filter(id=circle.id).update(deputy=nele))

    @pytest.mark.parametrize("change", [{"state": "ended"}, {"end_reason": "moved"}, {"state": "ended", "end_reason": "moved"}])
    def test_ended_circle_has_reason(self, circle: Circle, change: dict[str, str]) -> None:
        refused("ended_circle_has_reason", lambda: Circle.objects.filter(id=circle.id).update(**change))

    def test_running_circle_was_introduced(self, circle: Circle) -> None:
        refused("running_circle_was_introduced", lambda: Circle.objects.filter(id=circle.id).update(introduced_at=None))

    def test_nobody_joins_without_agreeing(self, circle: Circle) -> None:
        refused("nobody_joins_without_agreeing", lambda: circle.members.update(agreed_at=None))

    def test_person_is_in_a_circle_once(self, circle: Circle, fatima: Person, now: datetime) -> None:
        again = CircleMember(circle=circle, person=fatima, role=MemberRole.PARTICIPANT, invited_at=now)
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()

        circle.members.filter(person=fatima).update(left_at=now)
        again.save()

    @pytest.mark.parametrize(("field", "value"), [("max_members", 51), ("max_members", 1), ("grace_days", 91)])
    def test_programmes_keep_within_bounds(self, db: None, field: str, value: int) -> None:
        programme = make_programme()
        with pytest.raises(IntegrityError), transaction.atomic():
            Programme.objects.filter(id=programme.id).update(**{field: value})
