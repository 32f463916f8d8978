"""Bodies made by hand to break parsers, on everything that takes a body: each a stable code, never a trace."""

import os
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import uuid4

import pytest

from tests.contracts.cast import Belongings
from tests.contracts.nasty import NASTY, TOO_BIG, Nasty
from tests.contracts.test_authz import ROWS, Row
from tests.contracts.wire import ask
from tests.promises.houses import House

pytestmark = pytest.mark.delivery

WRITING = [row for row in ROWS if isinstance(row.body, dict)]
TAKING_NOTHING = [row for row in ROWS if row.body is None and not row.path.startswith("sign-out")]
COUNTS = {"me/data"}  # its bytes rise with every asking
SHARE = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 3


def some_of_each(rows: list[Row]) -> Iterator[tuple[Row, Iterator[tuple[str, Nasty]]]]:
    """Where nobody reads a body: a third of them for each operation and a third of the operations for each body; every night all."""
    for place, row in enumerate(rows):
        yield row, islice(NASTY.items(), place % SHARE, None, SHARE)


def address_in(circle: dict[str, str], row: Row) -> str:
    return Belongings(conversation_id=circle["conversation"]).in_path(row.address)


class TestEveryWritingOperation:
    def test_answers_each_with_a_code(self, daphne_house: House) -> None:
        door = daphne_house
        circle = door.office.ask_now("circle")
        bearer = {"Authorization": f"Bearer {circle['people'][0]['token']}"}
        wrong = {}

        for row in WRITING:
            for name, nasty in NASTY.items():
                headers = bearer | {"Content-Type": nasty.content_type}
                answer = ask(door.server.port, row.method, address_in(circle, row), nasty.body, headers)
                if (answer.status, answer.code) not in nasty.refusals:
                    wrong[row.path, name] = (answer.status, answer.code)

        assert len(WRITING) == 24
        assert wrong == {}
        assert "Traceback" not in door.logs()
        assert door.server.answers()

    def test_looks_at_no_body_of_somebody_it_does_not_know(self, door: House) -> None:
        circle = door.office.ask_now("circle")

        for row, bodies in some_of_each([row for row in WRITING if row.path != "enrol"]):
            for _, nasty in bodies:
                answer = ask(door.server.port, row.method, address_in(circle, row), nasty.body, {"Content-Type": nasty.content_type})
                assert (answer.status, answer.code) in {(401, "unauthenticated")} | (nasty.refusals & TOO_BIG)


ID = str(uuid4())
FLAG: dict[str, Any] = {"flag_id": ID, "reason": "worry", "target": 3}
QUESTION: dict[str, Any] = {"escalation_id": ID, "urgency": "today"}
ALMOST_RIGHT: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "flags": (
        FLAG,
        [
            {"flag_id": "1"},
            {"flag_id": None},
            {"reason": "danger"},
            {"reason": None},
            {"reason": ["worry"]},
            {"target": -1},
            {"target": 1.5},
            {"target": 2**63},
            {"target": True},
            {"target": None, "member": 0},
            {"target": None, "member": 2**31},
            {"words": None},
            {"words": "a" * 1_001},
        ],
    ),
    "escalations": (
        QUESTION,
        [{"escalation_id": 7}, {"escalation_id": None}, {"urgency": "now"}, {"urgency": None}, {"words": {}}, {"words": "a" * 1_001}],
    ),
}


class TestSafety:
    """What is right but for one field; the words of somebody who needs help are never lost in a 500."""

    def test_names_what_is_wrong_with_one_field(self, daphne_house: House) -> None:
        door = daphne_house
        circle = door.office.ask_now("circle")
        bearer = {"Authorization": f"Bearer {circle['people'][0]['token']}"}
        got = {}

        for path, (right, wrongs) in ALMOST_RIGHT.items():
            for wrong in wrongs:
                answer = ask(door.server.port, "POST", f"conversations/{circle['conversation']}/{path}", right | wrong, bearer)
                got[path, str(wrong)[:40]] = (answer.status, answer.code)

        assert {asked: answer for asked, answer in got.items() if answer != (400, "invalid")} == {}

    def test_refuses_words_of_nothing_or_too_many_of_them(self, daphne_house: House) -> None:
        door = daphne_house
        circle = door.office.ask_now("circle")
        bearer = {"Authorization": f"Bearer {circle['people'][0]['token']}"}

        got = [ask(door.server.port, "POST", f"statements/{ID}/appeal", {"words": words}, bearer) for words in ("", "a" * 1_001, None, 5)]

        assert [(answer.status, answer.code) for answer in got] == [(400, "invalid")] * 4


class TestOperationsThatTakeNothing:
    def test_do_not_mind_what_they_are_sent(self, uvicorn_house: House) -> None:
        door = uvicorn_house
        circle = door.office.ask_now("circle")
        missing = Belongings()
        bearer = {"Authorization": f"Bearer {circle['people'][0]['token']}"}
        wrong = {}

        for row, bodies in some_of_each(TAKING_NOTHING):
            plain = ask(door.server.port, row.method, missing.in_path(row.address), headers=bearer)
            for name, nasty in bodies:
                headers = bearer | {"Content-Type": nasty.content_type}
                answer = ask(door.server.port, row.method, missing.in_path(row.address), nasty.body, headers)
                is_as_before = answer.alike() == plain.alike() or (row.path in COUNTS and answer.status == plain.status)
                if not is_as_before and (answer.status, answer.code) not in nasty.refusals & TOO_BIG:
                    wrong[row.path, name] = (answer.status, answer.code)

        assert wrong == {}
        assert "Traceback" not in door.logs()
