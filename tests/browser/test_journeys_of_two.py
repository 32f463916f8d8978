"""Two people talk, from the code on paper on, each on their own phone."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.phones import DESK, Pair, Phone, Scheme, own
from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]


class TestTwoPeople:
    def test_come_in_by_their_codes_and_talk_both_ways(self, browser_of_a_stranger: Browser, house: House, pair: Pair) -> None:
        fatima = Phone(browser_of_a_stranger, own(house)).enrol(pair.code(pair.fatima)).talk()
        annemie = Phone(browser_of_a_stranger, own(house), scheme="dark").enrol(pair.code(pair.annemie))

        expect(fatima.says("Dag Annemie, tot donderdag?")).to_contain_text("✓")
        expect(annemie.page.locator(".row")).to_contain_text("1 nieuw")
        annemie.talk()
        expect(annemie.heard("tot donderdag?")).to_be_visible()
        expect(fatima.mine("tot donderdag?")).not_to_contain_text("✓✓")
        expect(annemie.says("Ja! Om drie uur in de bib 😊")).to_contain_text("✓")
        expect(fatima.mine("tot donderdag?")).to_contain_text("✓✓")
        expect(fatima.heard("Om drie uur in de bib 😊")).to_be_visible()
        fatima.check("talk")
        annemie.check("talk")

        fatima.mine("tot donderdag?").locator(".mark").click()
        expect(fatima.page.get_by_role("button", name="Wijzig")).to_be_visible()
        fatima.check("choices")
        fatima.goes("Wijzig")
        expect(fatima.box).to_have_value("Dag Annemie, tot donderdag?")
        fatima.check("editing")
        fatima.box.fill("Dag Annemie, tot vrijdag?")
        fatima.page.locator(".go").click()
        expect(annemie.heard("tot vrijdag?")).to_contain_text("gewijzigd")
        annemie.mine("in de bib").locator(".mark").click()
        annemie.goes("Trek in")
        expect(fatima.heard("Bericht ingetrokken")).to_be_visible()

        assert fatima.lines() == ["Dag Annemie, tot vrijdag?", "Bericht ingetrokken"] == annemie.lines()
        assert "in de bib" not in fatima.kept() + annemie.kept()
        assert fatima.page.evaluate("refused") == annemie.page.evaluate("refused") == []
        assert fatima.complaints == annemie.complaints == []
        fatima.put_away()
        annemie.put_away()


class TestTwoTabs:
    def test_show_the_same_and_share_one_socket(self, browser_of_a_stranger: Browser, house: House, pair: Pair) -> None:
        phone = Phone(browser_of_a_stranger, own(house)).enrol(pair.code(pair.fatima)).talk()
        first = phone.page
        expect(phone.says("Van het eerste")).to_contain_text("✓")
        second = phone.open()
        phone.talk()

        pair.annemie_says("Voor allebei")
        for page in (first, second):
            expect(page.locator("li:not(.mine)", has_text="Voor allebei")).to_be_visible()
        expect(phone.says("Van het tweede")).to_contain_text("✓")
        expect(first.locator("li.mine", has_text="Van het tweede")).to_contain_text("✓")
        assert first.locator("ol li p").all_inner_texts() == phone.lines()
        assert phone.sockets == 1

        second.close()
        phone.page = first
        pair.annemie_says("Voor wie overblijft")
        expect(phone.heard("Voor wie overblijft")).to_be_visible()
        assert phone.sockets == 1
        assert pair.bodies() == ["Van het eerste", "Voor allebei", "Van het tweede", "Voor wie overblijft"]
        phone.put_away()


class TestHands:
    def test_that_only_press_keys_reach_everything(self, browser_of_a_stranger: Browser, house: House, pair: Pair) -> None:
        phone = Phone(browser_of_a_stranger, own(house), size=DESK)
        page, code = phone.page, pair.code(pair.fatima)
        page.goto("/")

        def reach(role: str, name: str) -> None:
            wanted = page.get_by_role(role, name=name).first  # type: ignore[arg-type]  # one of its roles
            expect(wanted).to_be_visible()
            for _ in range(25):
                page.keyboard.press("Tab")
                if wanted.evaluate("element => element == document.activeElement"):
                    return
            pytest.fail(f"{name} is out of reach")

        reach("textbox", "Je code")
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        reach("button", "Annemie")
        page.keyboard.press("Enter")
        reach("textbox", "Schrijf iets")
        page.keyboard.type("Met een toets")
        page.keyboard.press("Enter")
        expect(phone.mine("Met een toets")).to_contain_text("✓")
        page.keyboard.press("Shift+Tab")
        reach("textbox", "Schrijf iets")
        for _ in range(6):
            page.keyboard.press("Shift+Tab")
            if page.evaluate("document.activeElement.className") == "mark":
                break
        page.keyboard.press("Enter")
        reach("button", "Wijzig")
        page.keyboard.press("Enter")
        expect(phone.box).to_be_focused()
        page.keyboard.type("!")
        page.keyboard.press("Enter")

        expect(phone.mine("Met een toets!")).to_contain_text("gewijzigd")
        assert pair.bodies() in (["Met een toets!"], ["Met een toets", "Met een toets!"])
        phone.put_away()


class TestEars:
    def test_hear_what_the_eyes_see(self, browser_of_a_stranger: Browser, house: House, pair: Pair) -> None:
        phone = Phone(browser_of_a_stranger, own(house)).enrol(pair.code(pair.fatima)).talk()
        expect(phone.says("Hallo")).to_contain_text("✓")
        pair.annemie_says("Dag Fatima")
        expect(phone.heard("Dag Fatima")).to_be_visible()

        expect(phone.page.locator("#heard")).to_have_text(f"{pair.annemie['name']}: Dag Fatima")
        expect(phone.page.locator("body")).to_match_aria_snapshot("""
            - banner:
              - status
              - button "Terug"
              - heading /Annemie/ [level=1]:
                - button /Annemie/
              - button "Hulp"
              - button "Snel weg"
            - main:
              - list:
                - listitem:
                  - heading "vandaag" [level=2]
                  - paragraph: Hallo
                  - button /verzonden|bezorgd/
                - listitem:
                  - paragraph: Dag Fatima
            - contentinfo:
              - textbox "Schrijf iets"
              - button "Verstuur"
              - status
            - log
        """)
        phone.put_away()


class TestArabic:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_is_read_and_written_from_the_right(self, browser_of_a_stranger: Browser, house: House, pair: Pair, scheme: Scheme) -> None:
        phone = Phone(browser_of_a_stranger, own(house), locale="ar", scheme=scheme).enrol(pair.code(pair.fatima)).talk()
        pair.annemie_says("Dag! نلتقي الخميس؟")
        expect(phone.says("مرحبا، شكرا جزيلا")).to_contain_text("✓")
        expect(phone.heard("نلتقي")).to_be_visible()

        phone.check("arabic")
        edges = phone.page.evaluate(
            "['.mine > div', 'li:not(.mine) > div', '.go'].map(name => document.querySelector(name).getBoundingClientRect().left)"
        )
        assert phone.page.locator("html").get_attribute("dir") == "rtl"
        assert edges[0] < edges[1]
        assert edges[2] < 60
        phone.put_away()
