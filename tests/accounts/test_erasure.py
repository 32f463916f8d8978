"""Whoever asks to be forgotten is; what they told others stays with the others, without their name."""

from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.actions import erasure, invites
from accounts.models import DataUse, Device, Invite, Person, Role
from audit.models import AuditRow
from chat import reading
from chat.models import Conversation
from core.errors import Forbidden
from meetings.models import Away
from notifications.models import PushAddress
from privacy.models import DataKey
from programmes.models import Circle, CircleKind, EndReason, State
from tests.chat.words import message, sent, shown
from tests.factories import make_circle, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(now: datetime) -> Person:
    return make_person(role=Role.LEAD, name="Karin", now=now)


class TestErasing:
    def test_leaves_nothing_that_says_who_it_was(self, fatima: Person, device: Device, lead: Person, now: datetime) -> None:
        assert fatima.data_key is not None
        key_id = fatima.data_key.id
        invites.make(person=fatima, by=None, now=now)
        Away.objects.create(person=fatima, first_date=now.date(), last_date=now.date())
        DataUse.objects.create(person=fatima, device_id=device.id, month=now.date().replace(day=1), sent=1, received=1)

        erased = erasure.erase(person=fatima, by=lead, now=now)

        assert (erased.name, erased.phone, erased.erased_at) == ("", None, now)
        assert not DataKey.objects.filter(id=key_id).exists()
        assert not Device.objects.filter(user=fatima).exists()
        assert not Invite.objects.usable(now=now).filter(person=fatima).exists()
        assert not Away.objects.filter(person=fatima).exists() and not DataUse.objects.filter(person=fatima).exists()
        assert not PushAddress.objects.filter(person=fatima).exists()
        assert AuditRow.objects.filter(action="person.erased", actor_id=lead.id, subject=f"person:{fatima.id}").count() == 1

    def test_twice_is_once(self, fatima: Person, now: datetime) -> None:
        erasure.erase(person=fatima, by=None, now=now)

        assert erasure.erase(person=fatima, by=None, now=now).erased_at == now
        assert AuditRow.objects.filter(action="person.erased").count() == 1

    def test_leaves_the_other_what_was_said_without_a_name(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        sent(message(fatima, conversation, "Tot ziens"), now=now)

        erasure.erase(person=fatima, by=None, now=now)

        (card,) = reading.cards(annemie.id, now=now)
        assert [(member.name, member.left) for member in card.members] == [("", True), ("Annemie", False)]
        assert shown(annemie, conversation)[1].body == "Tot ziens"

    def test_ends_a_pair_and_leaves_a_group_to_the_others(self, fatima: Person, circle: Circle, now: datetime) -> None:
        others = [make_person(name=name, now=now) for name in ("Dirk", "Amina")]
        group = make_circle(kind=CircleKind.PEER_GROUP, people=[fatima, *others], now=now)

        erasure.erase(person=fatima, by=None, now=now)

        circle.refresh_from_db()
        group.refresh_from_db()
        assert (circle.state, circle.end_reason) == (State.ENDED, EndReason.AGREED_TOGETHER)
        assert group.state == State.ACTIVE
        assert not group.members.present().filter(person=fatima).exists()

    def test_lets_the_number_be_somebody_elses(self, fatima: Person, now: datetime) -> None:
        number = fatima.phone
        erasure.erase(person=fatima, by=None, now=now)

        assert number is not None
        assert make_person(phone=number, now=now).phone == number


class TestWhoMay:
    def test_is_a_lead_or_an_administrator_of_the_same_house(self, fatima: Person, nele: Person, now: datetime) -> None:
        elsewhere = make_person(role=Role.LEAD, organisation=make_organisation(name="Elders"), now=now)

        for by in (nele, fatima, elsewhere):
            with pytest.raises(Forbidden):
                erasure.erase(person=fatima, by=by, now=now)
        fatima.refresh_from_db()
        assert fatima.name == "Fatima"

    def test_is_nobody_for_staff_who_answer_for_acts(self, nele: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            erasure.erase(person=nele, by=None, now=now)


class TestDoors:
    def test_the_button_asks_for_a_word_first(self, fatima: Person, lead: Person, settings: Settings) -> None:
        settings.DEBUG = True
        client = Client()
        client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
        address = f"/admin/accounts/person/{fatima.id}/"
        assert "Voorgoed wissen" in client.get(f"{address}change/").content.decode()

        client.post(f"{address}erase/", {"confirm": ""})
        fatima.refresh_from_db()
        assert fatima.erased_at is None

        page = client.post(f"{address}erase/", {"confirm": "wissen"}, follow=True).content.decode()
        fatima.refresh_from_db()
        assert fatima.erased_at is not None
        assert "(gewist)" in page and "Voorgoed wissen" not in page

    def test_the_command_erases_and_refuses_in_a_sentence(self, fatima: Person, nele: Person) -> None:
        call_command("erase_person", str(fatima.id), "--yes")

        fatima.refresh_from_db()
        assert fatima.erased_at is not None
        with pytest.raises(CommandError, match="may not"):
            call_command("erase_person", str(nele.id), "--yes")
        with pytest.raises(CommandError, match="Nobody"):
            call_command("erase_person", "019ab0c4-9e00-7b1a-8a44-3f0c2b1d9e77", "--yes")
