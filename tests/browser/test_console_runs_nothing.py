"""Whatever somebody writes, the console shows it and runs nothing: 500 ways to try, in a real browser."""

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.actions import people
from accounts.models import Person, Role
from chat.models import Conversation
from console.marks import plainly
from core import clock
from moderation.actions import appeals, choices, decisions, escalations, widening
from moderation.models import Appeal, Case, Flag, Statement
from moderation.words import DecisionKind, FlagReason, Urgency
from programmes.models import Circle
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.payloads import payloads
from tests.console.conftest import sign_in
from tests.factories import make_circle, make_organisation, make_person
from tests.moderation.casework import claimed, flagged, say

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

HOW_MANY = 500
AT_ONCE = 250  # lines that one case shows, once two leads agreed to read so far around
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

    def shown(self) -> str:
        return self.page.locator("main").text_content() or ""


@pytest.fixture
def circle(now: datetime) -> Circle:
    """Two who are called as no person is called, an hour ago."""
    names = iter(payloads(40)[-2:])
    return make_circle(people=[make_person(name="Fatima"), make_person(role=Role.BUDDY, name=_as_a_name(next(names)))])


def _as_a_name(words: str) -> str:
    return words[:60]


class TestTheConsole:
    def test_runs_nothing_of_five_hundred(self, chromium: Browser, live_server: LiveServer, circle: Circle) -> None:
        karim, greet = (make_person(role=Role.LEAD, name=name) for name in ("Karim", "Greet"))
        fatima, annemie = (member.person for member in circle.members.order_by("role", "id").reverse())
        words = payloads(HOW_MANY)
        visit = Visit(chromium, live_server, karim)
        ran, unseen = [], []
        for start in range(0, HOW_MANY, AT_ONCE):
            some = words[start : start + AT_ONCE]
            case = _opened_wide(_case(circle.conversation, fatima, annemie, some), karim, greet)
            ran += visit.see(f"/console/cases/{case.id}/")
            shown = visit.shown()
            unseen += [one for one in some if _as_shown(one) not in shown]

        assert (ran, unseen) == ([], [])

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

        appeal, letter = _shut_out(circle.conversation, circle.members.get(role="participant").person, annemie, lead, words[30:33])
        reviewer = make_person(role=Role.REVIEWER, name="Rita")
        appeals.claim(appeal.id, by=reviewer, version=appeal.version, now=now)

        coordinator, chief = Visit(chromium, live_server, nele), Visit(chromium, live_server, lead)
        ran = coordinator.see("/console/circles/") + coordinator.see(f"/console/escalations/{asked[0].id}/")
        ran += coordinator.see(f"/console/circles/letters/{letter.id}/")
        assert _as_shown(words[31]) in coordinator.shown()
        ran += chief.see("/console/choices/")
        ran += Visit(chromium, live_server, reviewer).see(f"/console/appeals/{appeal.id}/")

        assert ran == []


def _shut_out(conversation: Conversation, fatima: Person, annemie: Person, lead: Person, words: list[str]) -> tuple[Appeal, Statement]:
    """Annemie was suspended for what she wrote, and does not agree: three payloads."""
    case = claimed(_case(conversation, fatima, annemie, words[:1]), lead, now=clock.now())
    decided = decisions.decide(
        case.id, kind=DecisionKind.SUSPEND, clause="respect", words=words[1], by=lead, version=case.version, now=clock.now()
    )
    letter = decided.statements.get(person=annemie)
    return appeals.appeal(statement_id=letter.id, words=words[2], by=annemie, now=clock.now()), letter


def _opened_wide(case: Case, first: Person, second: Person) -> Case:
    held = claimed(case, first, now=clock.now())
    asked = widening.ask(case.id, lines=AT_ONCE // 2, reason="Alles", by=first, version=held.version, now=clock.now())
    widening.agree(asked.id, by=second, now=clock.now())
    return case


def _as_shown(words: str) -> str:
    """With what nobody would see shown by its name."""
    return html.unescape(re.sub("<[^>]*>", "", plainly(words)))


def _case(conversation: Conversation, fatima: Person, annemie: Person, some: list[str]) -> Case:
    Flag.objects.update(at=clock.now() - timedelta(hours=2))  # nobody flags so many in an hour
    seqs = say(conversation, *[(annemie, one) for one in some], now=clock.now())
    return flagged(fatima, conversation, seqs[len(seqs) // 2], reason=FlagReason.WORRY, words=some[0], now=clock.now())
