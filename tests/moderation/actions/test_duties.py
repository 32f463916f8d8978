"""Deadlines of cases: half way who is on duty is called, after the end it goes up."""

import pytest

from accounts.models import Person, Role
from audit.models import AuditRow
from moderation.actions import duties
from moderation.models import Case
from moderation.words import CaseState, Priority
from notifications.models import Notice
from programmes.models import Circle
from tests.conftest import Clock
from tests.factories import make_person
from tests.moderation.duty import make_absence, make_shift, put_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def karim(clock: Clock) -> Person:
    """A moderator who works on Mondays."""
    person = make_person(role=Role.MODERATOR, name="Karim", now=clock())
    make_shift(person)
    return person


@pytest.fixture
def lien(clock: Clock) -> Person:
    return make_person(role=Role.LEAD, name="Lien", now=clock())


@pytest.fixture
def ada(clock: Clock) -> Person:
    return make_person(role=Role.ADMINISTRATOR, name="Ada", now=clock())


@pytest.fixture
def case(circle: Circle, clock: Clock) -> Case:
    """Safeguarding: due in four hours."""
    return put_case(circle, now=clock())


def called(*people: Person) -> list[str]:
    """Who of these was called, by name; each once, as what waits is renewed."""
    waiting = set(Notice.objects.filter(kind="duty").values_list("person_id", flat=True))
    return [person.name for person in people if person.id in waiting]


def look(clock: Clock, **later: float) -> None:
    clock.move(**later)
    duties.look_at_deadlines(now=clock())


class TestHalfWay:
    def test_who_is_at_work_is_called_once(self, case: Case, karim: Person, lien: Person, clock: Clock) -> None:
        look(clock, minutes=119)
        assert called(karim, lien) == []

        look(clock, minutes=1)
        look(clock, minutes=1)

        assert called(karim, lien) == ["Karim"]
        assert AuditRow.objects.filter(action="case.called").count() == 1

    def test_who_is_on_call_where_nobody_is_at_work(self, case: Case, lien: Person, clock: Clock) -> None:
        make_shift(lien, on_call=True)

        look(clock, hours=2)

        assert called(lien) == ["Lien"]

    def test_everybody_with_the_role_on_an_empty_roster(self, case: Case, lien: Person, clock: Clock) -> None:
        noor = make_person(role=Role.MODERATOR, name="Noor", now=clock())

        look(clock, hours=2)

        assert called(noor, lien) == ["Noor", "Lien"]

    def test_the_administrators_where_there_is_nobody_at_all(self, case: Case, ada: Person, clock: Clock) -> None:
        look(clock, hours=2)

        assert called(ada) == ["Ada"]

    def test_never_who_answers_for_the_circle(self, circle: Circle, lien: Person, clock: Clock) -> None:
        Circle.objects.filter(id=circle.id).update(deputy=lien)
        make_shift(lien)
        put_case(circle, now=clock())

        look(clock, hours=2)

        assert called(lien) == []


class TestPastTheDeadline:
    def test_goes_up_step_by_step(self, case: Case, karim: Person, lien: Person, ada: Person, clock: Clock) -> None:
        steps = []
        for hours in (4, 2, 2):
            look(clock, hours=hours)
            steps.append((Case.objects.get(id=case.id).hand_ups, called(karim, lien, ada)))

        assert steps == [(1, ["Karim", "Lien"]), (2, ["Karim", "Lien"]), (3, ["Karim", "Lien", "Ada"])]

    def test_counts_the_steps_of_a_worker_that_was_away(self, case: Case, ada: Person, clock: Clock) -> None:
        look(clock, days=2)

        assert (Case.objects.get(id=case.id).hand_ups, called(ada)) == (3, ["Ada"])

    def test_stops_once_it_is_decided(self, case: Case, ada: Person, clock: Clock) -> None:
        Case.objects.filter(id=case.id).update(state=CaseState.DECIDED, decided_at=clock())

        look(clock, days=2)

        assert Case.objects.get(id=case.id).hand_ups == 0

    def test_a_case_that_is_claimed_goes_up_too(self, circle: Circle, karim: Person, lien: Person, clock: Clock) -> None:
        put_case(circle, state=CaseState.CLAIMED, claimed_by=karim, lease_until=clock(), now=clock())

        look(clock, hours=4)

        assert called(lien) == ["Lien"]


class TestDanger:
    def test_rings_at_once_and_at_night(self, circle: Circle, karim: Person, clock: Clock) -> None:
        duties.call_for_new(put_case(circle, priority=Priority.DANGER, hours=0.25, now=clock()), now=clock())

        assert [notice.detail for notice in Notice.objects.filter(person=karim, kind="duty")] == ["now:case"]

    def test_less_than_danger_waits_for_half_its_time(self, case: Case, karim: Person, clock: Clock) -> None:
        duties.call_for_new(case, now=clock())

        assert called(karim) == []

    def test_calls_everybody_with_the_role_where_nobody_is_there(self, circle: Circle, lien: Person, clock: Clock) -> None:
        duties.call_for_new(put_case(circle, priority=Priority.DANGER, hours=1, now=clock()), now=clock())

        assert called(lien) == ["Lien"]

    def test_passes_over_who_may_take_no_case(self, circle: Circle, lien: Person, clock: Clock) -> None:
        vera = make_person(role=Role.COORDINATOR, name="Vera", now=clock())
        make_shift(vera)
        make_shift(lien, on_call=True)

        duties.call_for_new(put_case(circle, priority=Priority.DANGER, hours=1, now=clock()), now=clock())

        assert called(vera, lien) == ["Lien"]

    def test_rings_once_for_what_one_person_writes_within_an_hour(
        self, circle: Circle, karim: Person, fatima: Person, clock: Clock
    ) -> None:
        rang = []
        for minutes in (5, 5, 61):
            Notice.objects.all().delete()
            duties.call_for_new(put_case(circle, priority=Priority.DANGER, hours=1, subject=fatima, now=clock()), now=clock())
            rang.append(called(karim))
            clock.move(minutes=minutes)

        assert rang == [["Karim"], [], []]

    def test_somebody_who_is_away_is_replaced(self, circle: Circle, karim: Person, lien: Person, clock: Clock) -> None:
        make_absence(karim, on=clock(), stand_in=lien)

        duties.call_for_new(put_case(circle, priority=Priority.DANGER, hours=1, now=clock()), now=clock())

        assert called(karim, lien) == ["Lien"]
