"""What people do with these pages, from end to end."""

from accounts.actions import people
from accounts.authentication import COOKIE
from accounts.models import Device, Person, Role
from chat.models import Conversation, ConversationMember, Entry
from programmes.models import CircleMember, State
from tests.conftest import Clock
from tests.factories import make_circle, make_person
from tests.web.plain.browser import Browser, code_for


class TestADay:
    def test_from_the_code_to_the_answer_and_out_again(self, conversation: Conversation, fatima: Person, annemie: Person) -> None:
        browser, buddy = Browser(), Browser.of(annemie)
        assert browser.open("/t").status == 200
        assert browser.press("/t", code=code_for(fatima)).to == "/t"
        assert "/t/1#f" in browser.open("/t").links

        sent = browser.send("Dag Annemie\r\nhoe is het?")
        buddy.send("Goed! En met jou?")
        listed = browser.open("/t")
        talk = browser.open(sent.to)

        assert sent.status == 303
        assert sent.to == "/t/1#f"
        assert "1 nieuw" in listed.text
        assert "Dag Annemie<br>hoe is het?" in talk.html
        assert "Goed! En met jou?" in talk.text
        assert "1 nieuw" not in browser.open("/t").text
        out = browser.press("/t/out")
        assert (out.to, out.response["Clear-Site-Data"]) == ("/t", '"storage"')
        assert not browser.client.cookies[COOKIE].value
        assert not Device.objects.filter(user=fatima).exists()
        assert browser.open("/t/1").to == "/t"

    def test_the_other_sees_that_it_was_read(self, hers: Browser, annemie: Person, clock: Clock) -> None:
        hers.send("Zie je dit?")
        assert "verstuurd" in hers.open("/t/1").text

        Browser.of(annemie).open("/t/1")

        assert "gelezen" in hers.open("/t/1").text

    def test_a_look_that_nobody_took_marks_nothing(self, hers: Browser, annemie: Person) -> None:
        hers.send("Zie je dit?")
        buddy = Browser.of(annemie)

        buddy.client.head("/t/1")
        buddy.open("/t/1", **{"Sec-Purpose": "prefetch;prerender"})
        buddy.open("/t/1", Purpose="prefetch")

        assert ConversationMember.objects.get(person=annemie).read_seq == 0


class TestOwnMessages:
    def test_are_changed_and_taken_back(self, hers: Browser, annemie: Person) -> None:
        hers.send("Tot morgne")
        seq = Entry.objects.get(kind="message").seq
        page = hers.open(f"/t/1/{seq}")

        changed = hers.press(f"/t/1/{seq}", body="Tot morgen", draft_id=page.value("draft_id"))
        read = Browser.of(annemie).open("/t/1")
        hers.press(f"/t/1/{seq}", back="", draft_id=page.value("draft_id"))

        assert page.typed == "Tot morgne"
        assert changed.to == "/t/1#f"
        assert "Tot morgen" in read.text and "aangepast" in read.text and "morgne" not in read.text
        assert "teruggenomen" in hers.open("/t/1").text
        assert hers.open(f"/t/1/{seq}").code == "entry_not_found"

    def test_are_only_taken_back_after_a_quarter_of_an_hour(self, hers: Browser, clock: Clock) -> None:
        hers.send("Tot morgne")
        seq = Entry.objects.get(kind="message").seq
        form = hers.open(f"/t/1/{seq}").value("draft_id")
        clock.move(minutes=16)

        page = hers.open(f"/t/1/{seq}")
        late = hers.press(f"/t/1/{seq}", body="Tot morgen", draft_id=form)

        assert "<textarea" not in page.html and 'name="back"' in page.html
        assert (late.status, late.code, late.typed) == (409, "too_late_to_edit", "Tot morgen")
        assert hers.press(f"/t/1/{seq}", back="", draft_id=form).status == 303

    def test_of_others_are_theirs(self, hers: Browser, annemie: Person) -> None:
        Browser.of(annemie).send("Van mij")
        seq = Entry.objects.get(kind="message").seq
        form = hers.open("/t/1").value("draft_id")

        assert hers.open(f"/t/1/{seq}").code == "entry_not_found"
        assert hers.press(f"/t/1/{seq}", body="Van jou", draft_id=form).code == "not_yours"
        assert hers.press(f"/t/1/{seq}", back="", draft_id=form).code == "not_yours"


class TestWhoWasAsked:
    def test_says_yes(self, fatima: Person, clock: Clock) -> None:
        circle = make_circle(state=State.PROPOSED, people=[fatima, make_person(role=Role.BUDDY, now=clock())], now=clock())
        browser = Browser.of(fatima)
        page = browser.open("/t/asked")

        said = browser.press("/t/asked", circle=page.value("circle"), yes="")

        assert said.to == "/t"
        assert "Nele" in page.text
        assert CircleMember.objects.get(circle=circle, person=fatima).agreed_at is not None
        assert "/t/asked" not in browser.open("/t").links

    def test_says_no_as_often_as_the_form_is_sent(self, fatima: Person, clock: Clock) -> None:
        circle = make_circle(state=State.PROPOSED, people=[fatima, make_person(role=Role.BUDDY, now=clock())], now=clock())
        browser = Browser.of(fatima)

        assert [browser.press("/t/asked", circle=circle.id, no="").status for _ in range(2)] == [303, 303]
        circle.refresh_from_db()
        assert circle.state == State.ENDED

    def test_answers_for_nobody_else(self, fatima: Person, clock: Clock) -> None:
        circle = make_circle(state=State.PROPOSED, now=clock())
        browser = Browser.of(fatima)

        assert [browser.press("/t/asked", circle=id_, no="").status for id_ in (circle.id, "", "x")] == [404] * 3


class TestAChoice:
    def test_of_language_and_marks_is_kept(self, fatimas: Browser, fatima: Person) -> None:
        fatimas.press("/t/settings", language="fr", marks="on", low_data="on")
        fatima.refresh_from_db()
        assert (fatima.language, fatima.shows_read_marks, fatima.low_data) == ("fr", True, True)
        assert 'lang="fr"' in fatimas.open("/t").html

        fatimas.press("/t/settings", language="tr")
        fatima.refresh_from_db()
        assert (fatima.language, fatima.shows_read_marks, fatima.low_data) == ("tr", False, False)

    def test_of_a_language_we_do_not_speak_is_refused(self, fatimas: Browser) -> None:
        assert fatimas.press("/t/settings", language="xx").status == 400


class TestSomebodySuspended:
    def test_learns_so_finds_help_and_may_go(self, hers: Browser, fatima: Person, clock: Clock) -> None:
        form = hers.open("/t/1").value("draft_id")
        people.suspend(person=fatima, by=None, now=clock())

        assert {hers.open(path).code for path in ("/t", "/t/1", "/t/settings")} == {"suspended"}
        assert "/t/out" in hers.open("/t").links
        said = hers.press("/t/1", body="Waarom?", draft_id=form)
        assert (said.status, said.code, said.typed) == (403, "suspended", "Waarom?")
        assert 'href="tel:112"' in hers.open("/t/help").html
        assert hers.press("/t/out").to == "/t"
        assert not hers.client.cookies[COOKIE].value
