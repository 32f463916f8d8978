from datetime import datetime
from typing import Any

import pytest

from accounts.models import Language, Person
from accounts.names import LONGEST_NAME
from audit.models import AuditRow
from core.errors import Forbidden, Invalid
from programmes.actions import organisations, programmes
from programmes.models import Organisation, Programme, WorkingModel
from tests.factories import make_organisation, make_programme

pytestmark = pytest.mark.django_db

RULES: dict[str, Any] = {"working_model": WorkingModel.OTHER, "grace_days": 7, "max_members": 50}


class TestChangingAnOrganisation:
    def test_overwrites_nothing_that_somebody_else_changed_meanwhile(self, now: datetime) -> None:
        seen_before = make_organisation()
        Organisation.objects.filter(id=seen_before.id).update(zone="Europe/Paris")

        changed = organisations.change(organisation=seen_before, name="Leie", language=Language.NL, zone="Europe/Paris", by=None, now=now)

        assert (changed.name, changed.zone) == ("Leie", "Europe/Paris")
        assert AuditRow.objects.get(action="organisation.changed").detail == {"fields": ["name"]}

    def test_is_refused_before_anything_else_is_said(self, nele: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            organisations.change(organisation=make_organisation(), name="", language=Language.NL, zone="nowhere", by=nele, now=now)

    def test_twice_changes_nothing(self, now: datetime) -> None:
        leie = make_organisation()

        for _ in range(2):
            organisations.change(organisation=leie, name="Leie", language=Language.FR, zone="Europe/Paris", by=None, now=now)

        assert AuditRow.objects.filter(action="organisation.changed").count() == 1

    def test_may_not_take_anothers_name(self, now: datetime) -> None:
        make_organisation(name="Schelde")

        with pytest.raises(Invalid):
            organisations.change(
                organisation=make_organisation(name="Leie"), name="Schelde", language=Language.NL, zone="Europe/Brussels", by=None, now=now
            )

        assert not AuditRow.objects.filter(action="organisation.changed").exists()

    def test_gives_it_a_name_as_long_as_there_is_room(self, now: datetime) -> None:
        longest = "é" * LONGEST_NAME

        organisations.change(organisation=make_organisation(), name=longest, language=Language.NL, zone="Europe/Brussels", by=None, now=now)

        assert Organisation.objects.filter(name=longest).exists()


class TestChangingAProgramme:
    def test_overwrites_nothing_that_somebody_else_changed_meanwhile(self, now: datetime) -> None:
        seen_before = make_programme()
        Programme.objects.filter(id=seen_before.id).update(**RULES | {"grace_days": 14})

        changed = programmes.change(programme=seen_before, name="Buddy's", **RULES | {"grace_days": 14}, by=None, now=now)

        assert (changed.name, changed.grace_days) == ("Buddy's", 14)
        assert AuditRow.objects.get(action="programme.changed").detail == {"fields": ["name"]}

    def test_is_refused_before_anything_else_is_said(self, nele: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            programmes.change(programme=make_programme(), name="", **RULES | {"grace_days": 99}, by=nele, now=now)
