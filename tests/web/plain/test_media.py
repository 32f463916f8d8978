"""Photos and voice notes: asked about before they cost anything."""

import pytest

from accounts.models import Person, Role
from chat.actions.entries import append_draft
from chat.models import Conversation, Entry
from tests.chat.attachments import uploaded, with_media
from tests.conftest import Clock
from tests.factories import make_circle
from tests.media.pictures import opened
from tests.web.plain.browser import Browser


@pytest.fixture
def photo(annemie: Person, conversation: Conversation, clock: Clock) -> str:
    """The address of a photo that Annemie sent."""
    media = uploaded(annemie, conversation, now=clock())
    sent = append_draft(draft=with_media(annemie, conversation, media), now=clock())
    return f"/t/1/{sent.seq}/media"


class TestAPhoto:
    def test_is_a_line_that_says_what_it_costs(self, hers: Browser, photo: str) -> None:
        page = hers.open("/t/1")

        assert photo in page.links
        assert "foto, 1 kB" in page.text.replace(" ,", ",").replace("  ", " ")
        assert "<img" not in page.html and "niet meer te lezen" not in page.text

    def test_comes_after_a_yes(self, hers: Browser, photo: str) -> None:
        asked = hers.open(photo)
        shown = hers.open(asked.links[-1].replace("&amp;", "&"), Accept="image/webp,*/*").response

        assert "Dit kost data." in asked.text and "<img" not in asked.html
        assert shown["Content-Type"] == "image/webp"
        assert shown["Cache-Control"] == "no-store"
        assert shown["Content-Security-Policy"].startswith("sandbox")
        assert max(opened(shown.content).size) <= 640

    def test_stays_with_those_who_talk_there(self, photo: str, clock: Clock) -> None:
        other = make_circle(now=clock()).members.get(person__role=Role.BUDDY).person

        for path in (photo, f"{photo}/show"):
            assert Browser.of(other).open(path).status == 404
            assert Browser().open(path).to == "/t"

    def test_is_gone_when_it_is_taken_back(self, hers: Browser, annemie: Person, photo: str) -> None:
        buddy, seq = Browser.of(annemie), Entry.objects.get(kind="message").seq
        buddy.press(f"/t/1/{seq}", back="", draft_id=buddy.open(f"/t/1/{seq}").value("draft_id"))

        assert {hers.open(path).code for path in (photo, f"{photo}/show?side=320")} == {"media_not_found"}
        assert "teruggenomen" in hers.open("/t/1").text

    def test_of_no_known_size_is_refused(self, hers: Browser, photo: str) -> None:
        assert hers.open(f"{photo}/show?side=9").status == 400
