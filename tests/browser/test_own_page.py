"""A browser as a device: its cookie serves the page we gave it, and nobody else's."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.strangers import stranger
from tests.contracts.wire import ask, line
from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

FETCH = """async ([path, options]) => {
    try { const answer = await fetch(path, options); return {status: answer.status, type: answer.type, text: await answer.text()}; }
    catch (problem) { return {refused: problem.name}; }
}"""
# Opens a socket that acks what it hears, and keeps all of it.
OPEN = """url => new Promise(done => {
    const socket = new WebSocket(url, ["maatje.v1.json"]);
    window.socket = socket; window.heard = [];
    socket.onmessage = ({data}) => {
        heard.push(JSON.parse(data)); socket.send(JSON.stringify({type: "ack", n: heard.length}));
        if (heard.length === 1 && heard[0].type === "welcome") done({opened: true, protocol: socket.protocol});
    };
    socket.onclose = ({code}) => done({code, heard});
})"""
SEND = "frame => socket.send(JSON.stringify(frame))"
HEARD = "wanted => heard.some(frame => Object.entries(wanted).every(([key, value]) => frame[key] === value))"
ARRIVED = "body => heard.some(frame => (frame.entries || []).some(entry => entry.body === body))"


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    house = House(f"own_page_{request.param}", servers=[request.param])
    yield house
    house.close()
    shutil.rmtree(house.folder, ignore_errors=True)


@pytest.fixture
def circle(house: House) -> dict[str, Any]:
    made: dict[str, Any] = house.office.ask_now("circle")
    return made


@pytest.fixture
def context(browser_of_a_stranger: Browser) -> Iterator[BrowserContext]:
    context = browser_of_a_stranger.new_context(viewport={"width": 360, "height": 640})
    yield context
    context.close()


def ours(house: House) -> str:
    return f"http://localhost:{house.server.port}"


def enrolled(house: House, circle: dict[str, Any], context: BrowserContext) -> tuple[Page, dict[str, Any]]:
    """Fatima's browser, on our page, with its cookie."""
    code = house.office.ask_now("invite", person=circle["people"][0]["person"])
    page = context.new_page()
    page.goto(f"{ours(house)}/enrol#{code}")
    answer = fetch(page, "/api/v1/enrol", method="POST", body=f'{{"code": "{code}", "keep": "cookie", "label": "browser"}}')
    return page, answer


def fetch(page: Page, path: str, **options: Any) -> dict[str, Any]:
    if "body" in options:
        options = {"headers": {"Content-Type": "application/json"}, **options}
    answer: dict[str, Any] = page.evaluate(FETCH, [path, options])
    return answer


class TestOurOwnPage:
    def test_enrols_and_never_sees_the_token(self, house: House, circle: dict[str, Any], context: BrowserContext) -> None:
        page, answer = enrolled(house, circle, context)

        cookie, half = sorted(context.cookies(), key=lambda one: one["name"])
        assert answer["status"] == 201
        assert "mtj_" not in answer["text"]
        assert page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)") == "{}{}"
        assert page.evaluate("document.cookie") == f"__Host-maatje-who={half['value']}"
        assert len(half["value"]) == 8  # the end of the device's id: it opens nothing, and without it the other does neither
        assert (cookie["name"], cookie["path"], cookie["domain"]) == ("__Host-maatje", "/", "localhost")
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
        assert cookie["value"].startswith("mtj_")

    def test_talks_over_a_socket_by_its_cookie(self, house: House, circle: dict[str, Any], context: BrowserContext) -> None:
        page, _ = enrolled(house, circle, context)
        conversation = circle["conversation"]

        opened = page.evaluate(OPEN, f"ws://localhost:{house.server.port}/api/v1/socket")
        page.evaluate(SEND, {"type": "resume", "ref": 1})
        page.wait_for_function(HEARD, arg={"type": "resumed", "reply_to": 1})
        page.evaluate(SEND, {"type": "send", "ref": 2, "conversation": conversation, "draft_id": circle["circle"], "body": "Dag Annemie"})
        page.wait_for_function(HEARD, arg={"type": "sent", "reply_to": 2})
        with line(house.server.port, {"Authorization": f"Bearer {circle['people'][1]['token']}"}) as annemie:
            arrived = annemie.ask("history", conversation=conversation)
            reply = annemie.ask("send", conversation=conversation, draft_id=conversation, body="Dag Fatima")
        page.wait_for_function(ARRIVED, arg="Dag Fatima")

        assert opened == {"opened": True, "protocol": "maatje.v1.json"}
        assert [entry["body"] for entry in arrived["entries"] if "body" in entry] == ["Dag Annemie"]
        assert reply["type"] == "sent"

    def test_is_signed_out_with_its_socket_and_its_cookie(self, house: House, circle: dict[str, Any], context: BrowserContext) -> None:
        page, _ = enrolled(house, circle, context)
        page.evaluate(OPEN, f"ws://localhost:{house.server.port}/api/v1/socket")

        answer = fetch(page, "/api/v1/sign-out", method="POST")
        page.wait_for_function(HEARD, arg={"type": "bye", "code": 4500})

        assert answer["status"] == 204
        assert context.cookies() == []
        assert fetch(page, "/api/v1/me")["status"] == 401


class TestSomebodyElsesPage:
    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1"], ids=["same site", "other site"])
    def test_opens_no_socket(self, house: House, circle: dict[str, Any], context: BrowserContext, host: str) -> None:
        enrolled(house, circle, context)

        with stranger() as port:
            page = context.new_page()
            page.goto(f"http://{host}:{port}/")
            closed = page.evaluate(OPEN, f"ws://localhost:{house.server.port}/api/v1/socket")

        assert (closed["code"], closed["heard"]) in [(4501, [{"type": "bye", "code": 4501}]), (4500, [{"type": "bye", "code": 4500}])]
        assert (closed["code"] == 4501) == (host == "localhost"), "a browser keeps the cookie from another site, but not from another port"

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1"], ids=["same site", "other site"])
    def test_reads_and_changes_nothing(self, house: House, circle: dict[str, Any], context: BrowserContext, host: str) -> None:
        own, _ = enrolled(house, circle, context)
        everything = {"mode": "cors", "credentials": "include"}
        blindly = {"mode": "no-cors", "credentials": "include"}

        with stranger() as port:
            page = context.new_page()
            page.goto(f"http://{host}:{port}/")
            tries = [
                fetch(page, f"{ours(house)}/api/v1/me", **everything),
                fetch(page, f"{ours(house)}/api/v1/me", method="PATCH", body='{"name": "Mallory"}', **everything),
                fetch(page, f"{ours(house)}/api/v1/me", **blindly),
                fetch(page, f"{ours(house)}/api/v1/sign-out-everywhere", method="POST", **blindly),
                fetch(page, f"{ours(house)}/api/v1/conversations/{circle['conversation']}/leave", method="POST", **blindly),
                fetch(page, f"{ours(house)}/api/v1/poll", method="POST", body="{}", headers={"Content-Type": "text/plain"}, **blindly),
            ]
            framed = page.evaluate(
                """url => new Promise(done => {
                    const frame = document.createElement('iframe'); frame.src = url; frame.onload = () => {
                        try { done(frame.contentDocument ? frame.contentDocument.body.innerText : 'closed'); } catch { done('closed'); }
                    }; document.body.append(frame); })""",
                f"{ours(house)}/",
            )

        assert all(answer.get("refused") == "TypeError" or (answer["type"], answer["text"]) == ("opaque", "") for answer in tries), tries
        assert framed == "closed"
        me = fetch(own, "/api/v1/me")
        assert me["status"] == 200
        assert "Mallory" not in me["text"]
        token = circle["people"][0]["token"]
        card = ask(house.server.port, "GET", f"conversations/{circle['conversation']}", headers={"Authorization": f"Bearer {token}"})
        assert not card.json.get("left")
