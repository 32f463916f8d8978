"""Coming in with a code, and choosing a language before anybody knows who you are."""

import pytest

from accounts.actions import devices
from accounts.authentication import COOKIE, WHOSE
from accounts.models import Device, Invite, Person
from core import clock
from tests.web.plain.browser import Browser, code_for
from web.plain.views.home import PROBE


class TestTheDoor:
    def test_gives_the_cookie_of_every_browser(self, fatima: Person) -> None:
        browser = Browser()
        browser.open("/t")

        given = browser.press("/t", code=code_for(fatima).lower()).response.cookies[COOKIE]

        device = Device.objects.get(user=fatima)
        assert device.in_browser and device.label == "eenvoudige pagina"
        assert given["secure"] and given["httponly"] and given["samesite"] == "Strict" and given["path"] == "/" and not given["domain"]

    def test_uses_no_code_up_where_no_cookie_is_kept(self, fatima: Person) -> None:
        browser, code = Browser(), code_for(fatima)
        browser.open("/t")
        browser.client.cookies.clear()

        refused = browser.press("/t", code=code)

        assert (refused.status, refused.code) == (409, "cookies_off")
        assert refused.value("code") == code
        assert Invite.objects.get().used_at is None
        assert browser.press("/t", code=code).status == 303, "this time the cookie was kept"

    def test_keeps_no_other_cookie_behind(self, fatima: Person) -> None:
        browser = Browser()
        browser.open("/t")

        dropped = browser.press("/t", code=code_for(fatima)).response.cookies[PROBE]

        assert (dropped["max-age"], dropped["secure"], dropped["path"]) == (0, True, "/"), "a browser drops it only like this"
        assert [name for name, cookie in browser.client.cookies.items() if cookie.value] == [COOKIE, WHOSE]

    def test_counts_tries_as_everywhere(self, fatima: Person) -> None:
        browser = Browser()
        browser.open("/t")

        tries = [browser.press("/t", code="AAAAA-AAAAA") for _ in range(6)]

        assert [page.code for page in tries] == ["invite_invalid"] * 5 + ["too_many_attempts"]
        assert tries[0].status == 404 and tries[0].value("code") == "AAAAA-AAAAA"
        assert tries[5].response["Retry-After"]

    def test_takes_the_place_of_the_same_persons_device_before(self, fatima: Person, annemie: Person) -> None:
        browser = Browser.of(fatima)
        browser.press("/t", code=code_for(fatima))
        assert Device.objects.filter(user=fatima).count() == 1

        browser.press("/t", code=code_for(annemie))

        assert Device.objects.filter(user=fatima).count() == 1, "another person's is not ours to sign out"

    def test_clears_away_what_somebody_else_left_in_this_browser(self, fatima: Person, annemie: Person) -> None:
        """The page with scripts keeps a list and messages; nobody reads them who is not their own."""
        stranger = Browser()
        stranger.open("/t")
        said = [browser.press("/t", code=code_for(fatima)).response for browser in (stranger, Browser.of(annemie), Browser.of(fatima))]

        assert [answer.get("Clear-Site-Data") for answer in said] == ['"storage"', '"storage"', None]

    def test_lets_somebody_in_who_came_by_a_link(self, fatimas: Browser) -> None:
        """Browsers keep a strict cookie back when a page of somebody else leads here."""
        stranger = Browser()

        assert "/t" in stranger.open("/t", **{"Sec-Fetch-Site": "cross-site"}).links
        assert "/t" not in stranger.open("/t", **{"Sec-Fetch-Site": "none"}).links

    def test_tells_who_was_signed_out_from_elsewhere_whom_to_ask_why(self, fatima: Person) -> None:
        browser = Browser.of(fatima)
        devices.revoke_all(person=fatima, by=None, now=clock.now())

        assert "Je coördinator leest hem je voor" in browser.open("/t").text
        browser.press("/t/out")
        assert "afgemeld" not in browser.open("/t").text

    @pytest.mark.parametrize(("asked", "language"), [("?l=ar", "ar"), ("?l=xx", "nl"), ("?l=%3Cb%3E", "nl"), ("", "nl")])
    def test_speaks_the_language_that_is_chosen(self, db: None, asked: str, language: str) -> None:
        assert f'<html lang="{language}"' in Browser().open(f"/t{asked}").html

    def test_speaks_the_language_of_the_browser(self, db: None) -> None:
        page = Browser().open("/t", **{"Accept-Language": "ar-MA, fr;q=0.8"})

        assert '<html lang="ar" dir="rtl">' in page.html


class TestOtherPages:
    @pytest.mark.parametrize("path", ["/t/1", "/t/settings", "/t/asked", "/t/1/people"])
    def test_send_a_stranger_to_the_door(self, db: None, path: str) -> None:
        assert Browser().open(path).to == "/t"

    def test_help_works_for_everybody(self, db: None) -> None:
        assert 'href="tel:1813"' in Browser().open("/t/help").html
        assert 'href="tel:080032123"' in Browser().open("/t/help?l=fr").html

    def test_signing_out_works_for_everybody(self, db: None) -> None:
        assert Browser().press("/t/out").to == "/t"
