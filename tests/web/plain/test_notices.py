"""What a person wants to be told and where, chosen without scripts."""

from datetime import time
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from accounts.models import Person
from notifications.models import AddressKind, Notice, NoticeChoices, PushAddress
from tests.conftest import Clock
from tests.web.plain.browser import Browser
from tests.web.plain.forms import buttons_of, forms_of, tap

NOTICES = "/t/settings/notices"


@pytest.fixture
def still(fatimas: Browser, clock: Clock, settings: Settings) -> Browser:
    """Fatima's, while time stands still, of a server from which SMS and mail leave."""
    settings.MAATJE_SMS_URL, settings.DEFAULT_FROM_EMAIL = "https://sms.example", "post@example.org"
    return fatimas


def given(browser: Browser) -> dict[str, str]:
    return forms_of(browser.open(NOTICES))[0].fields


class TestChoices:
    def test_begin_with_what_everybody_has(self, still: Browser) -> None:
        assert NOTICES in still.open("/t/settings").links

        said = given(still)

        assert {name for name, value in said.items() if value == "on"} == {
            "messages", "meetings", "circles", "reminder_day", "reminder_hours", "nudges",
        }  # fmt: skip
        assert (said["quiet_from"], said["quiet_until"], said["sms_after"]) == ("22:00", "07:00", "")
        assert not NoticeChoices.objects.exists(), "looking changes nothing"

    def test_are_kept(self, still: Browser, fatima: Person) -> None:
        form: dict[str, Any] = {
            "messages": "on",
            "shows": "on",
            "by_mail": "on",
            "quiet_from": "21u30",
            "quiet_until": "8:00",
            "sms_after": "60",
        }

        saved = still.press(NOTICES, choose="", **form)

        kept = NoticeChoices.objects.get()
        assert (kept.person, kept.messages, kept.meetings, kept.circles, kept.nudges) == (fatima, True, False, False, False)
        assert (kept.reminder_day, kept.reminder_hours, kept.by_mail, kept.calendar_mail) == (False, False, True, False)
        assert (kept.shows, kept.sms_after, kept.quiet_from, kept.quiet_until) == ("kind", 60, time(21, 30), time(8))
        assert "Bewaard." in still.open(saved.to).text
        assert given(still) == {**form, "quiet_from": "21:30", "quiet_until": "08:00"}

    def test_keep_what_was_chosen_elsewhere(self, still: Browser, fatima: Person) -> None:
        NoticeChoices.objects.create(person=fatima, sms_after=7, every_minutes=99)

        tap(still, NOTICES, "Bewaar")

        kept = NoticeChoices.objects.get()
        assert (kept.sms_after, kept.every_minutes) == (7, 99)

    def test_of_what_cannot_leave_are_not_offered_and_stay(self, still: Browser, fatima: Person, settings: Settings) -> None:
        settings.MAATJE_SMS_URL = settings.MAATJE_SMPP_URL = settings.DEFAULT_FROM_EMAIL = ""
        settings.MAATJE_NOTICES_CONSOLE = False
        NoticeChoices.objects.create(person=fatima, sms_after=7, by_mail=True)
        page = still.open(NOTICES)
        assert (buttons_of(page), "sms_after" in page.html, "by_mail" in page.html) == (["Bewaar"], False, False)

        tap(still, NOTICES, "Bewaar", page=page)

        assert (NoticeChoices.objects.get().sms_after, NoticeChoices.objects.get().by_mail) == (7, True)

    def test_that_are_none_are_refused(self, still: Browser) -> None:
        wrong = [({"quiet_from": "25:00"}, "bad_time"), ({"quiet_until": ""}, "bad_time"), ({"sms_after": "0"}, "invalid"),
                 ({"sms_after": "1441"}, "invalid"), ({"sms_after": "-1"}, "invalid"), ({"sms_after": "9" * 4096}, "invalid")]  # fmt: skip
        for typed, code in wrong:
            assert (tap(still, NOTICES, "Bewaar", typed).code, typed) == (code, typed)
        assert not NoticeChoices.objects.exists()


class TestAddresses:
    def test_of_mail_wait_for_their_code(self, still: Browser, fatima: Person) -> None:
        assert "Nog nergens." in still.open(NOTICES).text
        tap(still, NOTICES, "Voeg toe", mail=" Fatima@Example.org ")
        waiting = still.open(NOTICES)
        assert "E-mail f…@…" in waiting.text and "Wacht op de code" in waiting.text
        assert "fatima@" not in waiting.html
        address = PushAddress.objects.get()
        assert Notice.objects.get().address_id == address.id

        wrong = tap(still, NOTICES, "Bevestig", code="000000" if address.code() != "000000" else "111111")
        assert (wrong.code, wrong.status) == ("code_wrong", 400)
        code = address.code()
        tap(still, NOTICES, "Bevestig", code=f" {code[:3]} {code[3:]} ")

        address.refresh_from_db()
        assert address.confirmed_at is not None and address.person == fatima
        assert "Wacht op de code" not in still.open(NOTICES).text

    def test_are_taken_away_once(self, still: Browser) -> None:
        tap(still, NOTICES, "Voeg toe", mail="fatima@example.org")
        page = still.open(NOTICES)

        assert [tap(still, NOTICES, "Haal weg", page=page).to for _ in range(2)] == [f"{NOTICES}#w"] * 2

        assert not PushAddress.objects.exists()

    def test_of_a_phone_are_the_number_that_the_coordinator_knows(self, still: Browser, fatima: Person) -> None:
        assert tap(still, NOTICES, "Stuur me een sms").code == "no_phone_number"
        fatima.take_phone("+32470123442")
        fatima.save()

        tap(still, NOTICES, "Stuur me een sms")

        page = still.open(NOTICES)
        assert PushAddress.objects.get().kind == AddressKind.SMS
        assert "Sms …42" in page.text and "Stuur me een sms op mijn nummer" not in buttons_of(page)

    def test_that_are_none_come_back(self, still: Browser) -> None:
        for mail in ("", "fatima", "x" * 4096 + "@example.org", "a b@example.org", "<script>@example.org"):
            refused = tap(still, NOTICES, "Voeg toe", mail=mail)
            assert (refused.code, refused.value("mail")) == ("bad_mail", mail)
        assert not PushAddress.objects.exists()

    def test_of_somebody_else_are_not_there(self, still: Browser, annemie: Person) -> None:
        Browser.of(annemie).press(NOTICES, mail="annemie@example.org")
        theirs = PushAddress.objects.get()

        assert "a…@…" not in still.open(NOTICES).text
        for name in (str(theirs.id), str(uuid4()), "x"):
            still.press(NOTICES, remove="", address=name)
            assert still.press(NOTICES, code=theirs.code(), address=name).code == "not_found"
        theirs.refresh_from_db()
        assert theirs.confirmed_at is None

    def test_are_asked_for_a_code_three_times_an_hour(self, still: Browser) -> None:
        codes = [tap(still, NOTICES, "Voeg toe", mail="fatima@example.org").code for _ in range(4)]

        assert codes == ["", "", "", "too_many_attempts"]

    def test_take_nothing_else(self, still: Browser) -> None:
        fields: dict[str, Any] = {"every_minutes": "0", "value": "x"}

        assert still.press(NOTICES, **fields).code == "invalid"
