from collections import Counter
from datetime import datetime

import pytest

from accounts.actions import invites
from accounts.errors import InviteInvalid
from accounts.models import Person, Role
from programmes.demo import DemoPerson, seed
from programmes.models import Circle, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(now: datetime) -> list[DemoPerson]:
    return seed(now=now)


class TestSeed:
    def test_makes_people_of_every_kind_and_their_circles(self, demo: list[DemoPerson]) -> None:
        assert [person.name for person in demo[:4]] == ["Fatima", "Annemie", "Yusuf", "Karel"]
        assert Counter(person.role for person in demo) == {Role.PARTICIPANT: 8, Role.BUDDY: 2, Role.COORDINATOR: 2}
        assert sorted(Circle.objects.values_list("kind", "state")) == [("pair", "active"), ("pair", "trial"), ("peer_group", "active")]
        assert Circle.objects.get(kind="peer_group").members.count() == 6

    def test_every_code_lets_its_person_in(self, demo: list[DemoPerson], now: datetime) -> None:
        for person in demo:
            device, _ = invites.redeem(code=person.code, address="", label="", in_browser=False, now=now)
            assert device.person_id == person.person_id

    def test_a_second_time_keeps_the_people_and_makes_fresh_codes(self, demo: list[DemoPerson], now: datetime) -> None:
        again = seed(now=now)

        assert [person.person_id for person in again] == [person.person_id for person in demo]
        assert not {person.code for person in again} & {person.code for person in demo}
        assert (Person.objects.count(), Circle.objects.count(), Organisation.objects.count()) == (12, 3, 1)
        with pytest.raises(InviteInvalid):
            invites.redeem(code=demo[0].code, address="", label="", in_browser=False, now=now)

    def test_gives_coordinators_a_username_and_nobody_a_password(self, demo: list[DemoPerson]) -> None:
        assert set(Person.objects.filter(is_staff=True).values_list("username", flat=True)) == {"nele", "bram"}
        assert not any(person.has_usable_password() for person in Person.objects.all())

    def test_prints_nothing(self, now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
        seed(now=now)

        assert capsys.readouterr() == ("", "")
