"""A conversation, and what becomes of what is typed."""

from uuid import uuid4

import pytest

from accounts.actions import blocks
from accounts.models import Person, Role
from chat.actions.entries import append_drafts
from chat.drafts import Draft
from chat.models import Conversation, Entry
from live.pace import Pace
from programmes.actions import circles, members
from programmes.models import Circle, CircleKind, EndReason
from tests.conftest import Clock
from tests.factories import make_circle, make_person
from tests.web.plain.browser import Browser, say


def messages() -> list[Entry]:
    return list(Entry.objects.filter(kind="message").order_by("seq"))


class TestOneMessage:
    def test_is_sent_once_however_often_the_button_is_pressed(self, hers: Browser) -> None:
        form = hers.open("/t/1").value("draft_id")

        pressed = [hers.send("Dag!", form=form).to for _ in range(3)]

        assert pressed == ["/t/1#f"] * 3
        assert len(messages()) == 1

    def test_is_not_sent_again_by_a_reload(self, hers: Browser) -> None:
        sent = hers.send("Dag!")

        for _ in range(3):
            hers.open(sent.to)

        assert len(messages()) == 1

    def test_can_be_followed_by_another_from_an_old_page(self, hers: Browser) -> None:
        """Opera Mini goes back to the page as it was: the same form, other words."""
        form = hers.open("/t/1").value("draft_id")

        hers.send("Dag!", form=form)
        hers.send("Hoe is het?", form=form)

        assert len(messages()) == 2

    def test_is_asked_about_when_the_same_words_come_again_much_later(self, hers: Browser, clock: Clock) -> None:
        form = hers.open("/t/1").value("draft_id")
        hers.send("ok", form=form)
        clock.move(hours=3)

        asked = hers.send("ok", form=form)
        hers.send(asked.typed, form=asked.value("draft_id"))

        assert (asked.status, asked.code, asked.typed) == (409, "already_sent", "ok")
        assert len(messages()) == 2

    def test_keeps_its_lines_and_its_marks(self, hers: Browser) -> None:
        hers.send("\n<b>\"Rood\" & 'wit'</b>\r\n\r\n  eind")

        page = hers.open("/t/1")

        assert "<b>&quot;" not in page.html and "<b>Rood" not in page.html
        assert page.html.count("<br>") == 3


class TestWhatIsTyped:
    def test_comes_back_with_what_is_wrong(self, hers: Browser) -> None:
        wrong = {"": "body_empty", " \n": "body_empty", "é" * 2001: "body_too_long", "a\x00b": "body_invalid"}

        refused = {text: hers.send(text) for text in wrong}

        assert {page.typed: page.code for page in refused.values()} == wrong
        assert {page.status for page in refused.values()} == {400}

    def test_comes_back_when_the_form_says_not_which_it_is(self, hers: Browser) -> None:
        refused = [hers.send("Dag!", form=form) for form in ("x", "'><script>", "ü" * 12)]
        mended = hers.send(refused[0].typed, form=refused[0].value("draft_id"))

        assert {(page.code, page.typed) for page in refused} == {("stale_form", "Dag!")}
        assert mended.status == 303

    def test_comes_back_when_the_number_now_means_another_conversation(self, hers: Browser, fatima: Person, clock: Clock) -> None:
        make_circle(people=[fatima, make_person(role=Role.BUDDY, name="Jan", now=clock())], now=clock())
        form = hers.open("/t/2").value("draft_id")

        refused = hers.send("Voor Jan", slot=1, form=form)

        assert (refused.code, refused.typed) == ("conversation_not_found", "Voor Jan")
        assert not messages()

    def test_comes_back_to_who_was_signed_out_meanwhile(self, hers: Browser) -> None:
        form = hers.open("/t/1").value("draft_id")
        hers.client.cookies.clear()

        refused = hers.send("Dag!", form=form)

        assert (refused.status, refused.code, refused.typed) == (401, "unauthenticated", "Dag!")

    def test_comes_back_to_who_is_too_fast(self, hers: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        form = hers.open("/t/1").value("draft_id")
        slow = Pace(rate=0.001, burst=1)
        monkeypatch.setattr("accounts.pace.pace", lambda: slow)
        hers.send("Een", form=form)

        refused = hers.send("Twee", form=form)

        assert (refused.status, refused.code, refused.typed) == (429, "too_fast", "Twee")
        assert "Wacht zoveel minuten:" in refused.text
        assert int(refused.response["Retry-After"]) > 1

    def test_comes_back_when_we_break(self, hers: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        form = hers.open("/t/1").value("draft_id")
        monkeypatch.setattr("web.plain.drafts.send", lambda draft: 1 // 0)

        refused = hers.send("Dag!", form=form)

        assert (refused.status, refused.code, refused.typed) == (500, "broken", "Dag!")


class TestAConversationThatTakesNothing:
    def test_is_paused(self, hers: Browser, circle: Circle, clock: Clock) -> None:
        form = hers.open("/t/1").value("draft_id")
        circles.pause(circle=circle, by=None, now=clock())

        page = hers.open("/t/1")

        assert "<textarea" not in page.html and "staat op pauze" in page.text
        assert "staat op pauze" in hers.open("/t").text
        assert hers.send("Dag!", form=form).code == "conversation_paused"

    def test_is_closed(self, hers: Browser, circle: Circle, clock: Clock) -> None:
        form = hers.open("/t/1").value("draft_id")
        circles.end(circle=circle, reason=EndReason.GOAL_REACHED, by=None, now=clock())
        assert "Je kan nog schrijven tot 9/3 10:30" in hers.open("/t/1").text

        clock.move(days=8)

        assert "<textarea" not in hers.open("/t/1").html
        assert hers.send("Dag!", form=form).code == "conversation_closed"

    def test_is_one_in_which_somebody_is_blocked(self, hers: Browser, fatima: Person, annemie: Person, clock: Clock) -> None:
        blocks.add(blocker=annemie, blocked=fatima, now=clock())

        refused = hers.send("Dag!")

        assert (refused.status, refused.code, refused.typed) == (409, "not_reachable", "Dag!")

    def test_was_left(self, fatima: Person, clock: Clock) -> None:
        group = make_circle(
            people=[fatima, *(make_person(name=name, now=clock()) for name in ("Jan", "An", "Els"))],
            kind=CircleKind.PEER_GROUP,
            now=clock(),
        )
        browser = Browser.of(fatima)
        members.remove(circle=group, person=fatima, by=None, now=clock())

        page = browser.open("/t/1")

        assert "Je bent weg uit dit gesprek." in page.text
        assert "<textarea" not in page.html
        assert browser.open("/t/1/people").status == 200


class TestSomebodyElses:
    def test_conversation_is_not_there(self, hers: Browser, clock: Clock) -> None:
        jan = make_person(name="Jan", now=clock())
        make_circle(people=[jan, make_person(role=Role.BUDDY, name="An", now=clock())], now=clock())
        form = hers.open("/t/1").value("draft_id")

        for path in ("/t/2", "/t/2/people", "/t/2/people/1", "/t/2/1", "/t/999999999", "/t/1/999999999", "/t/1/people/9"):
            page = hers.open(path)
            assert (path, page.status, "Jan" in page.text) == (path, 404, False)
            assert hers.press(path, body="Dag!", draft_id=form).status == 404
        assert not messages()
        assert [("An" in Browser.of(jan).open("/t/1").text), ("Annemie" in hers.open("/t/1").text)] == [True, True]

    def test_address_is_nobodys(self, hers: Browser) -> None:
        for path in ("/t/0", "/t/01", "/t/9999999999", "/t/-1", "/t/x", "/t/1/", "/t//", "/t/\u0661", "/t/1/people/0", "/t/a%0Ab"):
            page = hers.open(path)
            assert (path, page.status, page.code) == (path, 404, "not_found")
            assert "/t" in page.links


class TestALongConversation:
    def test_is_read_to_its_beginning_and_back(self, hers: Browser, fatima: Person, conversation: Conversation) -> None:
        say([f"bericht {number:02}" for number in range(45)], by=[fatima], conversation=conversation)

        newest = hers.open("/t/1")
        older = hers.open(next(link for link in newest.links if "before" in link))
        oldest = hers.open(next(link for link in older.links if "before" in link))
        back = hers.open(next(link for link in oldest.links if "after" in link))

        assert ["bericht 25" in newest.text, "bericht 24" in newest.text] == [True, False]
        assert ["bericht 24" in older.text, "bericht 25" in older.text, "bericht 05" in older.text] == [True, False, True]
        assert "bericht 00" in oldest.text and not any("before" in link for link in oldest.links)
        assert "bericht 05" in back.text and "bericht 24" in back.text

    def test_folds_changes_into_what_they_change(self, hers: Browser, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        hers.send("een")
        seq = messages()[0].seq
        edits = [Draft(fatima.id, conversation.id, uuid4(), "edit", f"anders {number}", seq) for number in range(60)]
        append_drafts(drafts=edits, now=clock())

        newest = hers.open("/t/1")
        oldest = hers.open(next(link for link in newest.links if "before" in link))

        assert "<li>" not in newest.html
        assert "anders 59" in oldest.text and oldest.text.count("anders") == 1

    def test_shows_something_whatever_the_address_asks(self, hers: Browser) -> None:
        hers.send("Dag!")

        for asked in ("before=x", "before=0", "before=-1", "after=1e9", "before=1", "after=999999999999999", "after=9" + "9" * 99):
            assert hers.open(f"/t/1?{asked}").status == 200


class TestADaysTimes:
    def test_are_the_persons_own(self, hers: Browser, clock: Clock) -> None:
        hers.send("Dag!")
        assert "10:30" in hers.open("/t/1").text

        clock.move(days=1)

        assert "2/3 10:30" in hers.open("/t/1").text
