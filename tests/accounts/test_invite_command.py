from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.actions import invites, people
from accounts.models import Person
from core import clock


def run(*words: str) -> str:
    out = StringIO()
    call_command("invite", *words, stdout=out)
    return out.getvalue()


class TestInvite:
    def test_prints_a_code_that_works(self, fatima: Person) -> None:
        code = run(str(fatima.id)).splitlines()[0]

        device, _ = invites.redeem(code=code, address="", label="", in_browser=False, now=clock.now())
        assert device.person == fatima

    def test_finds_staff_by_their_username(self, nele: Person) -> None:
        assert "Works once" in run(str(nele.username))

    def test_draws_the_link(self, fatima: Person) -> None:
        assert "█" in run(str(fatima.id), "--qr")

    @pytest.mark.parametrize("named", ["nobody", "01a20249-b515-7b66-9431-f7d78fd225d6"])
    def test_says_who_is_missing(self, db: None, named: str) -> None:
        with pytest.raises(CommandError, match=named):
            run(named)

    def test_says_why_not(self, fatima: Person, now: datetime) -> None:
        people.suspend(person=fatima, by=None, now=now)

        with pytest.raises(CommandError, match="suspended"):
            run(str(fatima.id))
