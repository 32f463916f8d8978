from collections import Counter
from datetime import datetime

import pytest

from accounts.actions import invites, passwords
from accounts.errors import InviteInvalid
from accounts.models import Person, Role
from programmes.demo import DemoPerson, let_staff_in, seed
from programmes.models import Circle, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(now: datetime) -> list[DemoPerson]:
    return seed(now=now)


class TestSeed:
    def test_makes_people_of_every_kind_and_their_circles(self, demo: list[DemoPerson]) -> None:
        assert [person.name for person in demo[:4]] == ["Fatima", "Annemie", "Yusuf", "Karel"]
        assert Counter(person.role for person in demo) == {Role.PARTICIPANT: 9, Role.BUDDY: 3, Role.COORDINATOR: 2}
        assert sorted(Circle.objects.values_list("kind", "state")) == [
            ("pair", "active"),
            ("pair", "active"),
            ("pair", "trial"),
            ("peer_group", "active"),
        ]
        assert Circle.objects.get(kind="peer_group").members.count() == 6

    def test_every_code_lets_its_person_in(self, demo: list[DemoPerson], now: datetime) -> None:
        for person in demo:
            device, _ = invites.redeem(code=person.code, address="", label="", in_browser=False, now=now)
            assert device.person_id == person.person_id

    def test_a_second_time_keeps_the_people_and_makes_fresh_codes(self, demo: list[DemoPerson], now: datetime) -> None:
        again = seed(now=now)

        assert [person.person_id for person in again] == [person.person_id for person in demo]
        assert not {person.code for person in again} & {person.code for person in demo}
        assert (Person.objects.count(), Circle.objects.count(), Organisation.objects.count()) == (21, 4, 1)
        with pytest.raises(InviteInvalid):
            invites.redeem(code=demo[0].code, address="", label="", in_browser=False, now=now)

    def test_gives_staff_a_username_and_nobody_a_password(self, demo: list[DemoPerson]) -> None:
        staff = set(Person.objects.filter(is_staff=True).values_list("username", flat=True))
        assert staff == {"nele", "bram", "karim", "lena", "greet", "hilde", "roel", "inge", "mieke"}
        assert not any(person.has_usable_password() for person in Person.objects.all())

    def test_prints_nothing(self, now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
        seed(now=now)

        assert capsys.readouterr() == ("", "")


class TestLetStaffIn:
    def test_gives_all_of_them_one_first_password(self, demo: list[DemoPerson], now: datetime) -> None:
        staff, password = let_staff_in(now=now)

        assert {one.role for one in staff} == {Role.COORDINATOR, Role.MODERATOR, Role.LEAD, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR}
        for one in staff:
            person = Person.objects.get(username=one.username)
            assert person.check_password(password)
            assert person.password_until is not None

    def test_leaves_alone_who_chose_their_own(self, demo: list[DemoPerson], now: datetime) -> None:
        let_staff_in(now=now)
        karim = Person.objects.get(username="karim")
        passwords.choose(person=karim, password="een lange zin van Karim", now=now)

        staff, _ = let_staff_in(now=now)

        assert [one.username for one in staff if one.has_own_password] == ["karim"]
        karim.refresh_from_db()
        assert karim.check_password("een lange zin van Karim")

    def test_comes_to_a_demo_of_before_there_was_a_console(self, demo: list[DemoPerson], now: datetime) -> None:
        Person.objects.get(username="karim").organisation_memberships.all().delete()
        Person.objects.filter(username="karim").delete()

        seed(now=now)

        assert Person.objects.get(username="karim").role == Role.MODERATOR
