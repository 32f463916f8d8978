"""Who may do what over the low-data wire: every command × every role × what is theirs, another's and nobody's, on the socket and in a POST."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.contracts import lite_page
from tests.contracts.cast import LET_IN, Cast, Somebody, gather, soon
from tests.contracts.lite_line import LiteLine, LitePost, Wire, lite_line
from tests.contracts.test_authz import TURNED_AWAY, _commands, gather_one
from tests.promises.houses import House

pytestmark = pytest.mark.delivery

ANOTHERS, NOBODYS = 2, 4_000_000_000  # slots: everybody here has one conversation, and calls it 1
FIELDS: dict[str, Callable[[int, int], dict[str, Any]]] = {
    "send": lambda draft, seq: {"draft_id": draft, "body": "Dag!"},
    "edit": lambda draft, seq: {"draft_id": draft, "body": "Dag daar!", "target": seq},
    "retract": lambda draft, seq: {"draft_id": draft, "target": seq},
    "read": lambda draft, seq: {"seq": 1},
    "history": lambda draft, seq: {},
    "mute": lambda draft, seq: {},
    "leave": lambda draft, seq: {},
    "flag": lambda draft, seq: {"flag_id": draft, "reason": 5, "target": 4 - seq},
    "escalate": lambda draft, seq: {"escalation_id": draft, "urgency": 0},
    "meet": lambda draft, seq: {"draft_id": draft, "act": 0, "times": [[minutes_of(soon())]]},
    "held": lambda draft, seq: {"meeting": 1, "took_place": True},
}
Opened = LiteLine | LitePost


def minutes_of(start: str) -> int:
    """What the clock shows, in minutes since 1970."""
    return int(datetime.fromisoformat(f"{start}Z").timestamp()) // 60


def said(opened: Opened, command: str, slot: int, *, seq: int = 1) -> str:
    """The type of the reply, or its code when it is a refusal."""
    draft = 1 + len(opened.heard)
    reply = opened.ask(command, conversation=slot, **FIELDS[command](draft, seq))
    return str(reply.get("code", reply["type"]))


def is_served_its_own(role: str, who: Somebody, open_door: Callable[[dict[str, str]], Opened]) -> bool:
    """Everything about others' and nobody's conversation first, because in the end they leave."""
    opened = open_door(who.headers)
    for command, _, elsewhere in _commands():
        for slot in (ANOTHERS, NOBODYS):
            assert said(opened, command, slot) == elsewhere, (role, command, slot)

    errors = [{**frame, "reply_to": 0} for frame in opened.heard if frame["type"] == "error"]
    got = {command: said(opened, command, 1, seq=int(who.own.seq)) for command, _, _ in _commands()}

    own = {command: of_role.get(role, of_role["participant"]) for command, of_role, _ in _commands()}
    assert got == (own if role != "coordinator" else dict.fromkeys(own, "conversation_not_found")), role
    assert all(one == errors[0] for one in errors), role
    has_something = any(frame["type"] in {"conversation", "entries"} for frame in opened.heard)
    return has_something == (role != "coordinator")


@pytest.fixture(params=["socket", "post"])
def open_door(request: pytest.FixtureRequest, daphne_house: House) -> Iterator[Callable[[dict[str, str]], Opened]]:
    """The low-data wire, both ways."""
    opened: list[Any] = []

    def open_door(headers: dict[str, str]) -> Opened:
        if request.param == "post":
            return LitePost(daphne_house.server.port, headers)
        opened.append(lite_line(daphne_house.server.port, headers))
        line: LiteLine = opened[-1].__enter__()
        return line

    yield open_door
    for one in opened:
        one.__exit__(None, None, None)


@pytest.fixture(scope="module")
def talkers(daphne_house: House) -> Cast:
    """Who knocks once."""
    return gather(daphne_house)


@pytest.fixture
def leavers(open_door: object, daphne_house: House) -> Cast:
    """A cast of its own for each way: in the end they leave."""
    return gather(daphne_house)


class TestCommands:
    def test_are_those_of_the_json_wire(self) -> None:
        about_a_conversation = {name for name, layout in lite_page.layouts("Up").items() if "slot" in layout.fields}

        assert about_a_conversation == {command for command, _, _ in _commands()} == FIELDS.keys()

    def test_answer_another_and_a_missing_one_alike_and_serve_each_role_what_is_its_own(
        self, leavers: Cast, open_door: Callable[[dict[str, str]], Opened]
    ) -> None:
        with ThreadPoolExecutor(len(LET_IN)) as together:
            assert all(together.map(lambda role: is_served_its_own(role, leavers[role], open_door), LET_IN))

    @pytest.mark.parametrize("command", FIELDS)
    def test_know_no_conversation_by_its_id(self, command: str, talkers: Cast, daphne_house: House) -> None:
        """Neither one's own nor another's: a slot is a whole number."""
        with lite_line(daphne_house.server.port, talkers["participant"].headers) as opened:
            array = opened.wire.command(command, ref=7, conversation=1, **FIELDS[command](900, 1))
            at = lite_page.layouts("Up")[command].fields.index("slot") + (command != "send")
            array[at] = talkers.other.conversation_id

            assert opened.say(lite_page.packed(array), ref=7)["code"] == "malformed"


class TestTheDoor:
    @pytest.mark.parametrize(("role", "code"), [("nobody", 4500), ("revoked", 4500), ("gibberish", 4500), ("suspended", 4503)])
    def test_turns_others_away_from_the_socket(self, role: str, code: int, talkers: Cast, daphne_house: House) -> None:
        headers = talkers[role].headers if role in {"nobody", "gibberish"} else gather_one(daphne_house, role)

        with lite_line(daphne_house.server.port, headers) as opened, pytest.raises(ConnectionClosed) as closed:
            opened.hear()

        assert opened.heard == [{"type": "bye", "code": code}]
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code

    @pytest.mark.parametrize("role", TURNED_AWAY)
    def test_turns_others_away_from_a_post_before_it_looks(self, role: str, talkers: Cast, daphne_house: House) -> None:
        opened = LitePost(daphne_house.server.port, talkers[role].headers)

        answers = [opened.post(), opened.post(Wire().command("send", ref=1, conversation=1, draft_id=1, body="Dag"))]

        assert {answer.status for answer in answers} == {TURNED_AWAY[role]}
        assert answers[0].alike() == answers[1].alike()

    def test_takes_no_cookie_from_another_page(self, talkers: Cast, daphne_house: House) -> None:
        headers = {**talkers["cookie"].headers, "Origin": "https://elsewhere.example"}

        answer = LitePost(daphne_house.server.port, headers).post()

        assert (answer.status, answer.code) == (403, "origin_refused")
