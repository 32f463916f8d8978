import re
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from pytest_django import Settings

from accounts.models import Person, Role
from audit.models import AuditHead, AuditRow
from chat.frames import AskedTime, Held
from chat.models import Conversation
from meetings.actions import absences
from meetings.actions.reports import report
from meetings.admin import CANNOT_READ
from meetings.models import Meeting, Report
from programmes.actions import circles
from programmes.models import Circle, EndReason
from tests.conftest import Clock
from tests.factories import make_circle, make_organisation, make_person
from tests.meetings.acts import WEDNESDAY, do

pytestmark = pytest.mark.django_db

PLACE, NOTE = "Kanarieplein 7", "Ze kwam niet, is er iets? 🌧"
LIST = "/admin/meetings/meeting/"


@pytest.fixture(autouse=True)
def office(settings: Settings) -> None:
    """A back office that takes a password for an answer."""
    settings.DEBUG = True


@pytest.fixture
def administrator(now: datetime) -> Person:
    return make_person(role=Role.ADMINISTRATOR, name="Ada", is_alone=True, now=now)


@pytest.fixture
def coffee(conversation: Conversation, fatima: Person, annemie: Person, clock: Clock) -> Meeting:
    """On Wednesday 4 March at 14:00; both said yes."""
    do(fatima, conversation, "propose", times=[WEDNESDAY], place=PLACE, purpose="health", now=clock())
    do(annemie, conversation, "accept", meeting=1, version=1, now=clock())
    return Meeting.objects.get()


@pytest.fixture
def weekly(conversation: Conversation, fatima: Person, annemie: Person, clock: Clock) -> Meeting:
    """Each Wednesday from 4 March on."""
    do(fatima, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY", place=PLACE, now=clock())
    do(annemie, conversation, "accept", meeting=1, version=1, now=clock())
    return Meeting.objects.get()


def sign_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def say(person: Person, meeting: Meeting, *, held: bool, now: datetime, note: str = "", date: str | None = None) -> Report:
    report(Held(1, meeting.conversation_id, meeting.number, held, date, note), by_id=person.id, now=now)
    return Report.objects.get(person=person, date=date or "")


def page_of(meeting: Meeting, by: Person) -> str:
    answer = sign_in(by).get(f"{LIST}{meeting.id}/change/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def list_of(by: Person) -> str:
    return unescape(sign_in(by).get(LIST).content.decode())


def said(page: str) -> list[str]:
    """The headings and what members said, in the order of the page."""
    found = re.findall(r"<h2>(.*?)</h2>|<tr><td>(.*?)</td><td>(.*?)</td>", page)
    return [heading or f"{name}: {took_place}" for heading, name, took_place in found]


def read(meeting: Meeting, note: Report, by: Person) -> Any:
    return sign_in(by).post(f"{LIST}{meeting.id}/read-note/", {"report": str(note.id)})


class TestTheList:
    def test_says_which_circle_how_it_stands_and_when(self, weekly: Meeting, nele: Person, clock: Clock) -> None:
        clock.move(days=4)

        cells = re.findall(r'class="field-\w+[^>]*>(?:<a[^>]*>)?([^<]+)', list_of(nele))

        assert cells == ["Fatima, Annemie", "afgesproken", "wo 4 maart 2026 14:00", "wo 11 maart 2026 14:00"]

    @pytest.mark.parametrize(
        ("act", "state"),
        [("nothing", "gevraagd, nog niet afgesproken"), ("decline", "geen uur dat past"), ("cancel", "gaat niet meer door")],
    )
    def test_says_in_plain_words_how_it_stands(
        self, conversation: Conversation, fatima: Person, annemie: Person, nele: Person, act: str, state: str, clock: Clock
    ) -> None:
        do(fatima, conversation, "propose", times=[WEDNESDAY], now=clock())
        if act != "nothing":
            do(annemie, conversation, act, meeting=1, version=1, now=clock())

        assert f">{state}<" in list_of(nele)

    def test_says_that_it_is_over_or_ended_with_the_circle(self, coffee: Meeting, circle: Circle, nele: Person, clock: Clock) -> None:
        do(circle.members.all()[0].person, coffee.conversation, "propose", times=[AskedTime("2026-04-01T10:00")], now=clock())
        clock.move(days=10)
        circles.end(circle=circle, reason=EndReason.MOVED, by=None, now=clock())

        page = list_of(nele)

        assert ">voorbij<" in page
        assert ">gestopt met de kring<" in page

    def test_skips_a_date_on_which_somebody_is_away(self, weekly: Meeting, annemie: Person, nele: Person, clock: Clock) -> None:
        absences.add(person=annemie, first_date=date(2026, 3, 2), last_date=date(2026, 3, 8), now=clock())

        assert "wo 11 maart 2026 14:00" in list_of(nele)
        assert "wo 4 maart" not in list_of(nele)

    def test_counts_filters_and_orders_nothing(self, coffee: Meeting, nele: Person) -> None:
        page = list_of(nele)

        assert "1 afspraak" not in page
        assert "1 meeting" not in page
        assert "sortable" not in page
        assert "changelist-filter" not in page
        assert sign_in(nele).get(f"{LIST}?reports__took_place=0").status_code in {302, 400}

    def test_asks_the_database_as_much_for_many_as_for_one(
        self, weekly: Meeting, fatima: Person, nele: Person, clock: Clock, django_assert_max_num_queries: Any
    ) -> None:
        for hour in range(8, 18):
            do(fatima, weekly.conversation, "propose", times=[AskedTime(f"2026-03-06T{hour:02}:00")], now=clock())
        client = sign_in(nele)

        with django_assert_max_num_queries(18):
            page = client.get(LIST).content.decode()

        assert page.count("gevraagd, nog niet") == 10


class TestThePageOfAMeeting:
    def test_shows_what_each_said_and_nobodys_silence_as_a_fault(
        self, coffee: Meeting, fatima: Person, annemie: Person, nele: Person, clock: Clock
    ) -> None:
        clock.move(days=3)
        say(annemie, coffee, held=False, now=clock())

        assert said(page_of(coffee, nele)) == ["woensdag 4 maart 2026, 14:00", "Fatima: niets gezegd", "Annemie: ging niet door"]

        say(annemie, coffee, held=True, now=clock())
        say(fatima, coffee, held=True, now=clock())
        assert said(page_of(coffee, nele))[1:] == ["Fatima: ging door", "Annemie: ging door"]

    def test_shows_the_dates_of_a_series_that_were_with_the_newest_first(
        self, weekly: Meeting, fatima: Person, annemie: Person, nele: Person, clock: Clock
    ) -> None:
        do(annemie, weekly.conversation, "cancel", meeting=1, date="2026-03-11", now=clock())
        clock.move(days=17)
        say(fatima, weekly, held=True, date="2026-03-04", now=clock())

        page = page_of(weekly, nele)

        assert said(page) == [
            "woensdag 18 maart 2026, 14:00", "Fatima: niets gezegd", "Annemie: niets gezegd",
            "woensdag 4 maart 2026, 14:00", "Fatima: ging door", "Annemie: niets gezegd",
        ]  # fmt: skip
        assert "elke week" in page
        assert "woensdag 25 maart 2026, 14:00" in page

    def test_keeps_what_was_said_of_a_date_of_long_ago(self, weekly: Meeting, fatima: Person, nele: Person, clock: Clock) -> None:
        clock.move(days=3)
        say(fatima, weekly, held=True, date="2026-03-04", now=clock())
        clock.move(days=60)

        shown = said(page_of(weekly, nele))

        assert shown[-2:] == ["woensdag 4 maart 2026, 14:00", "Fatima: ging door"]
        assert "woensdag 11 maart 2026, 14:00" not in shown  # nobody knows any more whether it was cancelled

    def test_keeps_what_was_said_of_a_series_that_moved(self, weekly: Meeting, fatima: Person, nele: Person, clock: Clock) -> None:
        clock.move(days=3)
        say(fatima, weekly, held=True, date="2026-03-04", now=clock())
        do(fatima, weekly.conversation, "move", meeting=1, times=[AskedTime("2026-03-13T09:00")], now=clock())

        page = page_of(weekly, nele)

        assert said(page) == ["woensdag 4 maart 2026", "Fatima: ging door"]
        assert "Gevraagd voor vrijdag 13 maart 2026, 09:00." in page

    def test_takes_nothing_that_was_said_for_a_time_that_came_later(
        self, coffee: Meeting, fatima: Person, annemie: Person, nele: Person, clock: Clock
    ) -> None:
        clock.move(days=3)
        say(fatima, coffee, held=False, now=clock())
        do(annemie, coffee.conversation, "move", meeting=1, times=[AskedTime("2026-03-13T09:00")], now=clock())
        do(fatima, coffee.conversation, "accept", meeting=1, version=Meeting.objects.get().version, now=clock())
        clock.move(days=14)

        assert said(page_of(coffee, nele)) == [
            "vrijdag 13 maart 2026, 09:00", "Fatima: niets gezegd", "Annemie: niets gezegd",
            "Op een ander uur, voor de afspraak verplaatst werd", "Fatima: ging niet door",
        ]  # fmt: skip

    def test_still_shows_what_was_before_the_circle_ended(self, weekly: Meeting, circle: Circle, nele: Person, clock: Clock) -> None:
        clock.move(days=3)
        circles.end(circle=circle, reason=EndReason.MOVED, by=None, now=clock())
        clock.move(days=10)

        page = page_of(weekly, nele)

        assert said(page) == ["woensdag 4 maart 2026, 14:00", "Fatima: niets gezegd", "Annemie: niets gezegd"]
        assert "Er is geen volgende keer afgesproken." in page

    def test_shows_neither_where_nor_what_about_nor_a_note(self, coffee: Meeting, annemie: Person, nele: Person, clock: Clock) -> None:
        clock.move(days=3)
        say(annemie, coffee, held=False, note=NOTE, now=clock())

        page = page_of(coffee, nele) + list_of(nele)

        assert "<td>Annemie</td><td>ging niet door</td>" in page
        for hidden in (PLACE, NOTE, "health", "gezondheid"):
            assert hidden not in page

    def test_shows_nothing_of_words_that_were_erased(self, coffee: Meeting, nele: Person, clock: Clock) -> None:
        Conversation.objects.update(data_key=None)
        clock.move(days=3)

        assert "woorden gewist" in page_of(coffee, nele)
        assert "woorden gewist" in list_of(nele)


class TestANote:
    @pytest.fixture
    def note(self, coffee: Meeting, annemie: Person, clock: Clock) -> Report:
        return say(annemie, coffee, held=False, note=NOTE, now=clock.move(days=3))

    def test_is_opened_by_a_button_and_leaves_an_audit_row(self, coffee: Meeting, note: Report, annemie: Person, nele: Person) -> None:
        answer = read(coffee, note, nele)

        assert NOTE in unescape(answer.content.decode())
        assert "no-store" in answer["Cache-Control"]
        row = AuditRow.objects.get(action="meeting.note_opened")
        assert (row.actor_id, row.subject) == (nele.id, f"meeting:{coffee.id}")
        assert row.detail == {"report": str(note.id), "person": str(annemie.id)}

    def test_is_shown_to_nobody_whom_the_audit_log_cannot_write_down(self, coffee: Meeting, note: Report, nele: Person) -> None:
        AuditHead.objects.update(n=0)  # so that the next row would take the number of another

        with pytest.raises(IntegrityError):
            read(coffee, note, nele)

    def test_is_not_opened_by_following_a_link(self, coffee: Meeting, note: Report, nele: Person) -> None:
        assert sign_in(nele).get(f"{LIST}{coffee.id}/read-note/?report={note.id}").status_code == 405
        assert not AuditRow.objects.filter(action="meeting.note_opened").exists()

    @pytest.mark.parametrize("asked", ["", "x", "00000000-0000-0000-0000-000000000000"])
    def test_that_is_not_there_leads_back_to_the_meeting(self, coffee: Meeting, note: Report, nele: Person, asked: str) -> None:
        answer = sign_in(nele).post(f"{LIST}{coffee.id}/read-note/", {"report": asked}, follow=True)

        assert answer.redirect_chain[-1][0] == f"{LIST}{coffee.id}/change/"
        assert not AuditRow.objects.filter(action="meeting.note_opened").exists()

    def test_of_another_meeting_is_not_opened_here(
        self, coffee: Meeting, note: Report, elsewhere: Conversation, nele: Person, clock: Clock
    ) -> None:
        member = elsewhere.members.select_related("person").order_by("number")[0].person
        do(member, elsewhere, "propose", times=[AskedTime("2026-03-20T10:00")], now=clock())
        other = Meeting.objects.get(conversation=elsewhere)

        assert NOTE not in read(other, note, nele).content.decode()
        assert not AuditRow.objects.filter(action="meeting.note_opened").exists()

    def test_whose_words_were_erased_says_so(self, coffee: Meeting, note: Report, nele: Person) -> None:
        Conversation.objects.update(data_key=None)

        answer = sign_in(nele).post(f"{LIST}{coffee.id}/read-note/", {"report": str(note.id)}, follow=True)

        assert CANNOT_READ in unescape(answer.content.decode())


class TestWhoSeesMeetings:
    @pytest.fixture
    def note(self, coffee: Meeting, annemie: Person, clock: Clock) -> Report:
        return say(annemie, coffee, held=False, note=NOTE, now=clock.move(days=3))

    def see(self, meeting: Meeting, note: Report, by: Person) -> tuple[bool, int, int]:
        """Whether it is in the list, and how its page and the button for a note answer."""
        client = sign_in(by)
        is_listed = str(meeting.id) in client.get(LIST).content.decode()
        opening = client.post(f"{LIST}{meeting.id}/read-note/", {"report": str(note.id)})
        assert (NOTE in unescape(opening.content.decode())) == (opening.status_code == 200)
        return is_listed, client.get(f"{LIST}{meeting.id}/change/").status_code, opening.status_code

    def test_the_coordinator_the_deputy_and_administrators(
        self, coffee: Meeting, note: Report, nele: Person, bram: Person, administrator: Person
    ) -> None:
        assert [self.see(coffee, note, by) for by in (nele, bram, administrator)] == [(True, 200, 200)] * 3

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD])
    def test_nobody_else_of_the_organisation(self, coffee: Meeting, note: Report, role: Role, now: datetime) -> None:
        """A lead sees the circle, and does not answer for it."""
        assert self.see(coffee, note, make_person(role=role, now=now)) == (False, 404, 404)

    def test_no_coordinator_of_another_organisation(self, coffee: Meeting, note: Report, now: datetime) -> None:
        stranger = make_person(role=Role.COORDINATOR, organisation=make_organisation(name="Elsewhere", now=now), now=now)
        make_circle(coordinator=make_person(role=Role.COORDINATOR, now=now), deputy=make_person(role=Role.COORDINATOR, now=now), now=now)

        assert self.see(coffee, note, stranger) == (False, 404, 404)

    @pytest.mark.parametrize(
        "role", [role for role in Role if role.is_for_staff and role not in {Role.COORDINATOR, Role.LEAD, Role.ADMINISTRATOR}]
    )
    def test_no_other_staff(self, coffee: Meeting, note: Report, role: Role, now: datetime) -> None:
        somebody = make_person(role=role, now=now)

        assert self.see(coffee, note, somebody) == (False, 403, 403)
        assert "/admin/meetings/" not in sign_in(somebody).get("/admin/").content.decode()

    def test_not_the_members_themselves(self, coffee: Meeting, note: Report, fatima: Person) -> None:
        assert sign_in(fatima).get(LIST).status_code in {302, 403}
        assert read(coffee, note, fatima).status_code in {302, 403}

    def test_nobody_changes_anything_here(self, coffee: Meeting, administrator: Person) -> None:
        client = sign_in(administrator)

        assert client.get(f"{LIST}add/").status_code == 403
        assert client.post(f"{LIST}{coffee.id}/delete/", {"post": "yes"}).status_code == 403
        client.post(f"{LIST}{coffee.id}/change/", {"state": "cancelled"})
        coffee.refresh_from_db()
        assert coffee.state == "agreed"
