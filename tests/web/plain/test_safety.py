"""Where a form comes from, and what a page may do."""

from typing import Any

import pytest
from django.http import HttpResponse

from accounts.models import Person
from chat.models import Conversation, Entry
from tests.web.plain.browser import HERE, Browser, Sheet, code_for, say
from web.plain.page import AWAY

OURS = [
    {"Origin": HERE},
    {"Referer": f"{HERE}/t/1"},
    {"Referer": f"{HERE}/t/1?before=3"},
    {"Referer": HERE},
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": HERE, "Sec-Fetch-Site": "same-origin", "Referer": f"{HERE}/t/1"},
]
NOT_OURS = [
    {},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "", "Referer": f"{HERE}/t/1", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "https://evil.example"},
    {"Origin": f"{HERE}.evil.example"},
    {"Origin": f"{HERE}:81"},
    {"Origin": "null", "Referer": f"{HERE}/t/1", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "https://evil.example", "Referer": f"{HERE}/t/1"},
    {"Referer": "https://evil.example/t/1"},
    {"Referer": f"https://evil.example/{HERE}/t"},
    {"Referer": f"{HERE}@evil.example/t"},
    {"Referer": f"{HERE}\\@evil.example/t"},
    {"Referer": "about:blank"},
    {"Referer": "/t/1"},
    {"Referer": "https://evil.example/", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "none"},
]
FORMS = ["/t", "/t/1", "/t/1/3", "/t/1/people/2", "/t/settings", "/t/out", "/t/asked", "/t/1/rest", "/t/1/plan", "/t/1/meeting/1"]
FORMS += ["/t/1/meeting/1/move", "/t/1/meeting/1/cancel", "/t/meetings/away", "/t/meetings/calendar", "/t/settings/notices"]
MEETINGS = ["/t/1/plan", "/t/1/meeting/1", "/t/1/meeting/1/counter", "/t/1/meeting/1/cancel", "/t/meetings", "/t/meetings/away"]
MEETINGS += ["/t/meetings/calendar", "/t/settings/notices"]

HOSTILE = [
    "<script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "' onfocus='alert(1)' x='",
    '"><svg onload=alert(1)>',
    "{{ w.send }}{% now 'Y' %}",
    "javascript:alert(1)",
    "&lt;b&gt;",
    "\u202e evil \u2066",
]


class TestAForm:
    def test_of_our_own_pages_is_taken(self, hers: Browser) -> None:
        assert {hers.send("Dag!", headers=headers).status for headers in OURS} == {303}
        assert Entry.objects.filter(kind="message").count() == len(OURS)

    def test_of_anywhere_else_is_not(self, hers: Browser) -> None:
        form = hers.open("/t/1").value("draft_id")
        for headers in NOT_OURS:
            refused = hers.send("Stuur mij geld", form=form, headers=headers)

            assert (headers, refused.status, refused.code) == (headers, 403, "origin_refused")
            assert "Open de pagina opnieuw" in refused.text
            assert "geld" not in refused.html, "nobody puts words into a box of ours"
        assert not Entry.objects.filter(kind="message").exists()

    def test_is_judged_on_every_page(self, hers: Browser) -> None:
        for path in FORMS:
            for headers in ({}, {"Origin": "https://evil.example"}):
                assert (path, hers.press(path, headers=headers, language="fr").code) == (path, "origin_refused")

    def test_from_elsewhere_uses_no_code_up(self, fatima: Person) -> None:
        code, browser = code_for(fatima), Browser()
        browser.open("/t")

        assert browser.press("/t", code=code, headers={"Origin": "https://evil.example"}).code == "origin_refused"
        assert browser.press("/t", code=code).status == 303


class TestAVisit:
    @pytest.mark.parametrize("dest", ["image", "iframe", "empty", "embed"])
    def test_for_a_neighbouring_page_is_none(self, hers: Browser, annemie: Person, conversation: Conversation, dest: str) -> None:
        """A strict cookie travels with what another port or a sibling subdomain asks for."""
        say(["Dag!"], by=[annemie], conversation=conversation)
        for site in ("same-site", "cross-site"):
            shown = hers.open("/t/1", **{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": dest})

            assert (shown.status, shown.code) == (403, "origin_refused")
        assert "1 nieuw" in hers.open("/t").text

    def test_that_a_neighbouring_page_leads_to_marks_nothing(self, hers: Browser, annemie: Person, conversation: Conversation) -> None:
        say(["Dag!"], by=[annemie], conversation=conversation)

        led = hers.open("/t/1", **{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})

        assert "Dag!" in led.text
        assert "1 nieuw" in hers.open("/t").text
        hers.open("/t/1", **{"Sec-Fetch-Site": "same-origin"})
        assert "1 nieuw" not in hers.open("/t").text


class TestTheQuickExit:
    def test_leads_away_and_back_to_nothing_but_a_button(self, hers: Browser, annemie: Person, conversation: Conversation) -> None:
        say(["Geheim"], by=[annemie], conversation=conversation)
        assert "/t/away" in hers.open("/t/1").links

        left = hers.open("/t/away")

        assert left.to == "https://www.wikipedia.org/"
        given = left.response.cookies[AWAY]
        assert given["httponly"] and given["secure"] and given["path"] == "/t" and not given["max-age"]
        for path in ("/t", "/t/1", "/t/1/people", "/t/settings", "/t/1/2/media/show", "/t/1/plan", "/t/meetings", "/t/settings/notices"):
            page = hers.open(path)
            assert (page.status, "Annemie" in page.text, "Geheim" in page.text) == (200, False, False)
            assert "/t/again" in page.links
        assert 'href="tel:112"' in hers.open("/t/help").html
        assert hers.open("/t/again").to == "/t"
        assert "Geheim" in hers.open("/t/1").text

    def test_asks_nothing_of_anybody(self, django_assert_num_queries: Any, hers: Browser) -> None:
        with django_assert_num_queries(0):
            hers.open("/t/away")

    def test_is_forgotten_by_who_comes_in_with_a_code(self, fatima: Person) -> None:
        browser = Browser()
        browser.open("/t")
        browser.open("/t/away")

        assert browser.open("/t").value("code") == ""
        browser.press("/t", code=code_for(fatima))
        assert "Gesprekken" in browser.open("/t").text and "/t/again" not in browser.open("/t").links

    def test_is_not_taken_by_a_browser_that_looks_ahead(self, hers: Browser) -> None:
        hers.open("/t/away", **{"Sec-Purpose": "prefetch"})

        assert "/t/again" not in hers.open("/t").links


class TestEveryPage:
    def test_is_kept_by_nobody_and_runs_nothing(self, hers: Browser, asked: Conversation) -> None:
        for path in ("/t", "/t/1", "/t/1/people", "/t/1/people/2", "/t/help", "/t/settings", "/t/out", "/t/asked", "/t/x", *MEETINGS):
            self._look_at(hers.open(path).response)

    def _look_at(self, response: HttpResponse) -> None:
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert "script" not in response["Content-Security-Policy"]
        assert "<script" not in response.content.decode() and " style=" not in response.content.decode()
        assert not response.cookies

    def test_takes_no_other_method(self, hers: Browser) -> None:
        assert {getattr(hers.client, method)("/t/1").status_code for method in ("put", "patch", "delete", "options")} == {404}

    def test_takes_no_token_of_a_header(self, hers: Browser) -> None:
        token = next(iter(hers.client.cookies.values())).value

        assert Browser().open("/t/1", Authorization=f"Bearer {token}").to == "/t"

    def test_holds_no_identifier(self, hers: Browser, fatima: Person, annemie: Person, asked: Conversation) -> None:
        for path in ("/t", "/t/1", "/t/1/people", "/t/1/people/2", "/t/settings", *MEETINGS):
            page = hers.open(path)
            assert [one for one in (fatima.id, annemie.id, asked.id) if str(one) in page.html] == []
            assert "Annemie" not in "".join(page.links)


class TestWhatSomebodyElseWrote:
    def test_stays_text(self, hers: Browser, annemie: Person, conversation: Conversation) -> None:
        say(HOSTILE, by=[annemie], conversation=conversation)
        said = hers.open("/t/1").text
        assert [text for text in HOSTILE if " ".join(text.split()) not in said] == []

        for name in HOSTILE:
            annemie.take_name(name)
            annemie.save()
            for path in ("/t", "/t/1", "/t/1/people", "/t/1/people/2"):
                page = hers.open(path)
                assert (page.status, bad_in(page)) == (200, [])

    def test_stays_text_in_the_box(self, hers: Browser) -> None:
        form = hers.open("/t/1").value("draft_id")
        for text in HOSTILE:
            refused = hers.send(text + "x" * 2000, form=form)

            assert refused.typed == text + "x" * 2000
            assert refused.html.count("</textarea>") == 1

    def test_stays_text_in_the_field_of_the_code(self, db: None) -> None:
        browser = Browser()
        browser.open("/t")
        for text in HOSTILE:
            refused = browser.press("/t", code=text)

            assert (refused.value("code"), bad_in(refused)) == (text, [])


def bad_in(page: Sheet) -> list[str]:
    return [bad for bad in ("<script", "<img", "<svg", "' onfocus", '" onfocus') if bad in page.html]
