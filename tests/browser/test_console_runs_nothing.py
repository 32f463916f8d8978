"""Whatever somebody writes, the console shows it and runs nothing: 500 ways to try, in a real browser."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.actions import people
from accounts.models import Person, Role
from chat.models import Conversation
from core import clock
from moderation.actions import choices, escalations
from moderation.models import Case, Flag
from moderation.words import FlagReason, Urgency
from programmes.models import Circle
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.payloads import payloads
from tests.console.conftest import sign_in
from tests.factories import make_circle, make_organisation, make_person
from tests.moderation.casework import claimed, flagged, say

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

HOW_MANY = 500
AROUND = 11  # lines that one case shows
WATCH = """
window.told = [];
window.stolen = n => window.told.push('ran ' + n);
window.alert = window.confirm = window.prompt = () => window.told.push('dialog');
addEventListener('securitypolicyviolation', event => window.told.push('CSP ' + event.violatedDirective + ' ' + event.blockedURI));
"""


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Its driver keeps a loop in this thread, which Django then takes for a server's."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Visit:
    """Somebody of the staff in a browser that writes down whatever runs, asks or breaks the policy."""

    def __init__(self, browser: Browser, server: LiveServer, person: Person) -> None:
        self.context: BrowserContext = browser.new_context(base_url=server.url)
        [session] = [morsel for name, morsel in sign_in(person).cookies.items() if name == "sessionid"]
        self.context.add_cookies([{"name": "sessionid", "value": session.value, "url": server.url}])
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.page.on("request", lambda request: None if request.url.startswith(server.url) else self.asked.append(request.url))

    def see(self, path: str) -> list[str]:
        """What ran on that page, or tried to, also after every veil on it was lifted."""
        answer = self.page.goto(path)
        assert answer is not None and answer.status == 200, path
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        self.page.mouse.click(5, 5)
        told: list[str] = self.page.evaluate("window.told")
        return told + self.asked

    def shows(self, words: str) -> bool:
        return words in (self.page.locator("main").text_content() or "")


@pytest.fixture
def circle(now: datetime) -> Circle:
    """Two who are called as no person is called, an hour ago."""
    names = iter(payloads(40)[-2:])
    return make_circle(people=[make_person(name="Fatima"), make_person(role=Role.BUDDY, name=_as_a_name(next(names)))])


def _as_a_name(words: str) -> str:
    return words[:60]


class TestTheConsole:
    def test_runs_nothing_of_five_hundred(self, chromium: Browser, live_server: LiveServer, circle: Circle) -> None:
        karim = make_person(role=Role.LEAD, name="Karim")
        fatima, annemie = (member.person for member in circle.members.order_by("role", "id").reverse())
        conversation: Conversation = circle.conversation
        words = payloads(HOW_MANY)
        visit = Visit(chromium, live_server, karim)
        ran = []
        for start in range(0, HOW_MANY, AROUND):
            some = words[start : start + AROUND]
            case = _case(conversation, fatima, annemie, some)
            claimed(case, karim, now=clock.now())
            ran += visit.see(f"/console/cases/{case.id}/")
            assert visit.shows(some[len(some) // 2].strip("\u202e\u202c\ufeff"))

        assert ran == []

    def test_runs_nothing_in_names_texts_questions_and_lists(self, chromium: Browser, live_server: LiveServer, circle: Circle) -> None:
        words = payloads(60)
        nele, now = circle.coordinator, clock.now()
        assert nele is not None
        lead = make_person(role=Role.LEAD, name="Lien")
        annemie = circle.members.get(role="buddy").person
        asked = [
            escalations.escalate(
                by_id=annemie.id,
                conversation_id=circle.conversation.id,
                escalation_id=lead.id,
                urgency=Urgency.TODAY,
                words=words[0],
                now=now,
            )
        ]
        for number, text in enumerate(words[:10]):
            values = {"name": f"{number} {text}"[:80], "kind": "warn", "about": "", "language": "nl", "text": text}
            choices.keep_template(make_organisation(), values=values, by=lead, now=now)
        people.update_settings(person=annemie, name=_as_a_name(words[20]), by=None, now=now)

        ran = Visit(chromium, live_server, nele).see("/console/circles/")
        ran += Visit(chromium, live_server, nele).see(f"/console/escalations/{asked[0].id}/")
        ran += Visit(chromium, live_server, lead).see("/console/choices/")

        assert ran == []


def _case(conversation: Conversation, fatima: Person, annemie: Person, some: list[str]) -> Case:
    Flag.objects.update(at=clock.now() - timedelta(hours=2))  # nobody flags so many in an hour
    seqs = say(conversation, *[(annemie, one) for one in some], now=clock.now())
    return flagged(fatima, conversation, seqs[len(seqs) // 2], reason=FlagReason.WORRY, words=some[0], now=clock.now())
