"""Who may do what, as one table: every endpoint and every command × every role × what is theirs, another's and nobody's."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from chat import frames
from tests.contracts.cast import KEPT_OUT, LET_IN, PHOTO, Belongings, Cast, Somebody, by_cookie, gather, soon
from tests.contracts.wire import Answer, Line, ask, line
from tests.promises.houses import House

pytestmark = pytest.mark.delivery

# What each role gets for what is its own. Another's and a missing one answer alike, in the last column.
# The coordinator answers for the buddy's circle, and reads nothing there; the former member was taken out of a group.
# Rows that take something away come last; a block ends what two planned.
ENDPOINTS = """
                                              participant  buddy  coordinator  former  cookie   other, missing
GET     me                                    200          200    200          200     200      -
PATCH   me                                    200          200    200          200     200      -
GET     me/data                               200          200    200          200     200      -
GET     devices                               200          200    200          200     200      -
GET     circles                               200          200    200          200     200      -
GET     blocks                                200          200    200          200     200      -
GET     conversations                         200          200    200          200     200      -
GET     conversations/{conversation_id}       200          200    404          200     200      404
GET     conversations/{conversation_id}/entries                200 200 404     200     200      404
POST    conversations/{conversation_id}/entries                201 201 404     404     201      404
PUT     conversations/{conversation_id}/media/{media_id}       201 201 404     404     201      404
GET     conversations/{conversation_id}/entries/{seq}/media    200 200 404     200     200      404
POST    conversations/{conversation_id}/entries/{seq}/edit     201 201 404     404     201      404
POST    conversations/{conversation_id}/entries/{seq}/retract  201 201 404     404     201      404
POST    conversations/{conversation_id}/marks 204          204    404          404     204      404
PUT     conversations/{conversation_id}/mute  204          204    404          404     204      404
POST    conversations/{conversation_id}/flags 201          201    404          201     201      404
POST    conversations/{conversation_id}/escalations            201 201 404     201     201      404
GET     statements                            200          200    200          200     200      -
GET     statements/{statement_id}             404          404    404          404     404      404
POST    statements/{statement_id}/read        404          404    404          404     404      404
POST    statements/{statement_id}/appeal      404          404    404          404     404      404
GET     me/readings                           200          200    200          200     200      -
GET     meetings                              200          200    200          200     200      -
POST    meetings/check                        200          200    200          200     200      -
GET     conversations/{conversation_id}/meetings/{number}.ics      200 200 404 404 200      404
POST    conversations/{conversation_id}/meetings                   201 201 404 404 201      404
POST    conversations/{conversation_id}/meetings/{number}/accept   201 201 404 404 201      404
POST    conversations/{conversation_id}/meetings/{number}/decline  201 201 404 404 201      404
POST    conversations/{conversation_id}/meetings/{number}/counter  409 409 404 404 409      404
POST    conversations/{conversation_id}/meetings/{number}/held     409 409 404 404 409      404
POST    conversations/{conversation_id}/meetings/{number}/move     201 201 404 404 201      404
POST    conversations/{conversation_id}/meetings/{number}/cancel   201 201 404 404 201      404
PUT     blocks/{person_id}                    204          204    204          204     204      404
DELETE  blocks/{person_id}                    204          204    204          204     204      204
GET     away                                  200          200    200          200     200      -
POST    away                                  201          201    201          201     201      -
DELETE  away/{away_id}                        204          204    204          204     204      404
GET     calendar                              200          200    200          200     200      -
POST    calendar                              201          201    201          201     201      -
DELETE  calendar                              204          204    204          204     204      -
GET     notices                               200          200    200          200     200      -
PATCH   notices                               200          200    200          200     200      -
GET     notices/recent                        200          200    200          200     200      -
POST    notices/addresses                     201          201    201          201     201      -
POST    notices/addresses/{address_id}/confirm 200         200    200          200     200      404
DELETE  notices/addresses/{address_id}        204          204    204          204     204      404
POST    poll                                  200          200    200          200     200      -
POST    enrol                                 404          404    404          404     404      -
POST    circles/{circle_id}/resume            204          204    204          404     204      404
POST    circles/{circle_id}/pause             204          204    204          404     204      404
POST    circles/{circle_id}/agree             200          200    404          404     200      404
POST    circles/{circle_id}/decline           409          409    404          404     409      404
POST    conversations/{conversation_id}/leave 204          204    404          204     204      404
DELETE  devices/{device_id}                   204          204    204          204     204      404
POST    sign-out                              204          204    204          204     204      -
POST    sign-out-everywhere                   204          204    204          204     204      -
"""
OPEN_TO_ALL = {"enrol"}
TURNED_AWAY = {"nobody": 401, "revoked": 401, "gibberish": 401, "suspended": 403}
OPEN_TO_SUSPENDED = "statements"  # where they learn why, and can have somebody else look again
BODIES: dict[str, Callable[[], dict[str, Any] | bytes]] = {
    "{media_id}": lambda: PHOTO,
    "me": lambda: {"language": "fr"},
    "entries": lambda: {"draft_id": str(uuid4()), "body": "Dag!"},
    "edit": lambda: {"draft_id": str(uuid4()), "body": "Dag daar!"},
    "retract": lambda: {"draft_id": str(uuid4())},
    "marks": lambda: {"read": 1},
    "mute": lambda: {"until": None},
    "meetings": lambda: {"draft_id": str(uuid4()), "times": [{"start": soon()}]},
    "check": lambda: {"times": [{"start": soon()}]},
    "accept": lambda: {"draft_id": str(uuid4()), "version": 1},
    "{number}/decline": lambda: {"draft_id": str(uuid4()), "version": 1},
    "counter": lambda: {"draft_id": str(uuid4()), "version": 1, "times": [{"start": soon()}]},
    "move": lambda: {"draft_id": str(uuid4()), "times": [{"start": soon()}]},
    "cancel": lambda: {"draft_id": str(uuid4())},
    "held": lambda: {"took_place": True},
    "away": lambda: {"first_date": soon()[:10], "last_date": soon()[:10]},
    "calendar": dict,
    "notices": lambda: {"messages": True},
    "addresses": lambda: {"kind": "fcm_fid", "value": uuid4().hex},
    "confirm": lambda: {"code": "000000"},
    "flags": lambda: {"flag_id": str(uuid4()), "reason": "worry", "target": 0},
    "escalations": lambda: {"escalation_id": str(uuid4()), "urgency": "today"},
    "appeal": lambda: {"words": "Nee"},
    "poll": dict,
    "enrol": lambda: {"code": "2222222222"},
}

# What each role hears for its own conversation over the socket. The coordinator is in none.
COMMANDS = """
            participant  buddy  former                  other, missing
send        sent         sent   conversation_not_found  conversation_not_found
edit        sent         sent   conversation_not_found  conversation_not_found
retract     sent         sent   conversation_not_found  conversation_not_found
read        done         done   conversation_not_found  conversation_not_found
history     page         page   page                    conversation_not_found
meet        sent         sent   conversation_not_found  conversation_not_found
held        not_over_yet not_over_yet conversation_not_found conversation_not_found
mute        done         done   conversation_not_found  conversation_not_found
flag        flagged      flagged flagged                conversation_not_found
escalate    escalated    escalated escalated            conversation_not_found
leave       done         done   done                    conversation_not_found
"""
FIELDS: dict[str, Callable[[Belongings], dict[str, Any]]] = {
    "send": lambda own: {"draft_id": str(uuid4()), "body": "Dag!"},
    "edit": lambda own: {"draft_id": str(uuid4()), "body": "Dag daar!", "target": int(own.seq)},
    "retract": lambda own: {"draft_id": str(uuid4()), "target": int(own.seq)},
    "read": lambda own: {"seq": 1},
    "history": lambda own: {},
    "meet": lambda own: {"draft_id": str(uuid4()), "act": "propose", "times": [{"start": soon()}]},
    "held": lambda own: {"meeting": int(own.number), "took_place": True},
    "mute": lambda own: {"until": None},
    "flag": lambda own: {"flag_id": str(uuid4()), "reason": "worry", "target": own.theirs},
    "escalate": lambda own: {"escalation_id": str(uuid4()), "urgency": "today"},
    "leave": lambda own: {},
}


class Row(NamedTuple):
    method: str
    path: str
    own: dict[str, int]
    elsewhere: int | None

    @property
    def address(self) -> str:
        return f"/api/v1/{self.path}"

    @property
    def body(self) -> dict[str, Any] | bytes | None:
        *_, parent, name = ["", *self.path.split("/")]
        make = BODIES.get(f"{parent}/{name}", BODIES.get(name)) if self.method in {"POST", "PUT", "PATCH"} else None
        return make() if make else None


def _rows() -> Iterator[Row]:
    for said in ENDPOINTS.strip().splitlines()[1:]:
        method, path, *own, elsewhere = said.split()
        yield Row(method, path, dict(zip(LET_IN, map(int, own), strict=True)), None if elsewhere == "-" else int(elsewhere))


ROWS = list(_rows())
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method}-{row.path}")
each_row_about_something = pytest.mark.parametrize(
    "row", [row for row in ROWS if row.elsewhere is not None], ids=lambda row: f"{row.method}-{row.path}"
)


@pytest.fixture
def knock(daphne_house: House) -> Callable[[Row, Somebody, Belongings], Answer]:
    """Do what a row says, as somebody, with somebody's ids."""

    def knock(row: Row, who: Somebody, whose: Belongings) -> Answer:
        body = row.body
        if isinstance(body, dict) and "target" in body:
            body["target"] = whose.theirs
        return ask(daphne_house.server.port, row.method, whose.in_path(row.address), body, who.headers)

    return knock


def newcomer(house: House, role: str) -> Somebody:
    """Somebody with one device, who may be signed out without harm to the tests that follow."""
    made = house.office.ask_now("person", role=role if role in {"buddy", "coordinator"} else "participant")
    headers = by_cookie(house, made) if role == "cookie" else {"Authorization": f"Bearer {made['token']}"}
    return Somebody(role, headers, Belongings(device_id=made["device"]))


def _refusal_of(row: Row, role: str) -> int:
    if role == "suspended" and row.path.startswith(OPEN_TO_SUSPENDED):
        return 404 if "{" in row.path else 200
    return 404 if row.path in OPEN_TO_ALL else TURNED_AWAY[role]


SIGNS_OUT = {"sign-out", "sign-out-everywhere", "devices/{device_id}"}


class TestEndpoints:
    def test_are_all_in_the_table(self, daphne_house: House) -> None:
        served = ask(daphne_house.server.port, "GET", "openapi.json").json["paths"]
        operations = {(method.upper(), path) for path, methods in served.items() for method in methods}

        assert operations == {(row.method, row.address) for row in ROWS}

    @each_row_about_something
    def test_answer_another_and_a_missing_one_alike(self, row: Row, everybody: Cast, knock: Callable[..., Answer]) -> None:
        for role in LET_IN:
            other = knock(row, everybody[role], everybody.other)
            missing = knock(row, everybody[role], everybody.missing)

            assert other.status == row.elsewhere, (role, other)
            assert other.alike(*vars(everybody.other).values()) == missing.alike(*vars(everybody.missing).values()), role

    @each_row
    @pytest.mark.parametrize("role", KEPT_OUT)
    def test_turn_others_away_before_they_look(self, row: Row, role: str, everybody: Cast, knock: Callable[..., Answer]) -> None:
        who = everybody[role]
        answers = [knock(row, who, whose) for whose in (everybody.missing, everybody.other, who.own)]

        assert {answer.status for answer in answers} == {_refusal_of(row, role)}
        assert len({str(answer.alike()) for answer in answers}) == 1

    @each_row
    def test_serve_each_role_what_is_its_own(self, row: Row, everybody: Cast, daphne_house: House, knock: Callable[..., Answer]) -> None:
        got = {}
        for role in LET_IN:
            who = newcomer(daphne_house, role) if row.path in SIGNS_OUT else everybody[role]
            got[role] = knock(row, who, who.own).status

        assert got == row.own

    @pytest.mark.parametrize("path", sorted({row.path for row in ROWS}))
    def test_take_no_other_method(self, path: str, everybody: Cast, daphne_house: House) -> None:
        who = everybody["participant"]
        taken = {row.method for row in ROWS if row.path == path} | ({"HEAD"} if any(r == ("GET", path) for r in _pairs()) else set())
        address = who.own.in_path(f"/api/v1/{path}")

        for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "QUERY"} - taken:
            answer = ask(daphne_house.server.port, method, address, headers=who.headers)

            assert answer.status == 405, (method, answer)
            assert set((answer.header("allow") or "").split(", ")) - {"OPTIONS"} == taken

    def test_show_a_coordinator_no_word_of_the_circles_they_answer_for(self, everybody: Cast, daphne_house: House) -> None:
        nele = everybody["coordinator"]

        shown = [ask(daphne_house.server.port, "GET", path, headers=nele.headers) for path in ("circles", "conversations")]

        assert [circle["id"] for circle in shown[0].json["circles"]] == [nele.own.circle_id]
        assert shown[1].json == {"conversations": []}


def _pairs() -> set[tuple[str, str]]:
    return {(row.method, row.path) for row in ROWS}


def _commands() -> Iterator[tuple[str, dict[str, str], str]]:
    for said in COMMANDS.strip().splitlines()[1:]:
        command, *own, elsewhere = said.split()
        yield command, dict(zip(("participant", "buddy", "former"), own, strict=True)), elsewhere


@pytest.fixture(scope="module")
def talkers(daphne_house: House) -> Cast:
    """A second cast, to whom the endpoints did nothing."""
    return gather(daphne_house)


def said(opened: Line, command: str, whose: Belongings) -> str:
    """The type of the reply, or its code when it is a refusal."""
    reply = opened.ask(command, conversation=whose.conversation_id, **FIELDS[command](whose))
    return str(reply.get("code", reply["type"]))


class TestCommands:
    def test_are_all_in_the_table(self) -> None:
        about_a_conversation = {command.__struct_config__.tag for command in frames.Command.__args__ if hasattr(command, "conversation")}

        assert about_a_conversation == {command for command, _, _ in _commands()}

    @pytest.mark.parametrize("role", ["participant", "buddy", "former", "coordinator", "cookie"])
    def test_answer_another_and_a_missing_one_alike(self, role: str, talkers: Cast, daphne_house: House) -> None:
        with line(daphne_house.server.port, talkers[role].headers) as opened:
            for command, _, elsewhere in _commands():
                for whose in (talkers.other, talkers.missing):
                    assert said(opened, command, whose) == elsewhere, (command, opened.heard[-1])
            replies = [{**frame, "reply_to": 0} for frame in opened.heard if frame["type"] == "error"]

        assert len(replies) == 2 * len(list(_commands()))
        assert all(one == replies[0] for one in replies)

    @pytest.mark.parametrize("role", ["participant", "buddy", "former"])
    def test_serve_each_role_what_is_its_own(self, role: str, talkers: Cast, daphne_house: House) -> None:
        who = talkers[role]

        with line(daphne_house.server.port, who.headers) as opened:
            got = {command: said(opened, command, who.own) for command, _, _ in _commands()}

        assert got == {command: own[role] for command, own, _ in _commands()}

    def test_show_a_coordinator_no_word_of_the_circles_they_answer_for(self, talkers: Cast, daphne_house: House) -> None:
        nele = talkers["coordinator"]

        with line(daphne_house.server.port, nele.headers) as opened:
            got = {command: said(opened, command, nele.own) for command, _, _ in _commands()}

        assert set(got.values()) == {"conversation_not_found"}
        assert not [frame for frame in opened.heard if frame["type"] in {"conversation", "entries"}]

    @pytest.mark.parametrize(("role", "close_code"), [("nobody", 4500), ("revoked", 4500), ("gibberish", 4500), ("suspended", 4503)])
    def test_turn_others_away(self, role: str, close_code: int, talkers: Cast, door: House) -> None:
        headers = talkers[role].headers if role in {"nobody", "gibberish"} else gather_one(door, role)

        with line(door.server.port, headers, resumes=False) as opened, pytest.raises(ConnectionClosed) as closed:
            opened.hear()

        assert opened.heard == [{"type": "bye", "code": close_code}]
        assert closed.value.rcvd is not None and closed.value.rcvd.code == close_code


def gather_one(house: House, role: str) -> dict[str, str]:
    made = house.office.ask_now("person")
    if role == "revoked":
        house.office.ask_now("revoke", device=made["device"])
    else:
        house.office.ask_now("suspend", person=made["person"])
    return {"Authorization": f"Bearer {made['token']}"}
