"""Every operation of the served document, asked by everybody, with whatever its schema allows and whatever it does not."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as some
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from tests.contracts.cast import ROLES, Belongings, Cast, Somebody
from tests.contracts.test_authz import ROWS, SIGNS_OUT, Row, each_row, newcomer
from tests.contracts.wire import ask
from tests.promises.houses import House

pytestmark = [pytest.mark.delivery, pytest.mark.slow]

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
]
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
EXAMPLES = 50 if NIGHTLY else 2  # of each third of the roles: the simplest, and one that no other third has
THIRDS = [ROLES[place::3] for place in range(3)]
_CODE = re.compile(r"[a-z]+(_[a-z]+)*")

bounded = settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def document(daphne_house: House) -> Any:
    """What is served; without the ways to sign in, which the roles see to themselves."""
    served = ask(daphne_house.server.port, "GET", "openapi.json").json
    for methods in served["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    return schemathesis.openapi.from_dict(served)


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as one:
        one.trust_env = False
        yield one


class TestEveryOperation:
    @each_row
    def test_answers_everybody_as_its_schema_says(
        self, row: Row, document: Any, everybody: Cast, daphne_house: House, session: requests.Session
    ) -> None:
        operation: APIOperation = document[row.address][row.method]

        @bounded
        @given(case=operation.as_strategy(), whose=some.sampled_from(["own", "other", "missing", "anything"]))
        def ask(roles: list[str], case: Case, whose: str) -> None:
            for role in roles:
                who = who_for(row, role, everybody, daphne_house)
                settle(case, whose, who.own, everybody)
                response = case.call(base_url=daphne_house.server.url, session=session, headers=who.headers)
                case.validate_response(response, checks=CHECKS)
                ensure_house_style(response)

        for place, roles in enumerate(THIRDS):
            seed(place)(ask)(roles)
        assert "Traceback" not in daphne_house.logs()

    @each_row
    def test_refuses_everybody_what_its_schema_does_not_allow(
        self, row: Row, document: Any, everybody: Cast, daphne_house: House, session: requests.Session
    ) -> None:
        operation: APIOperation = document[row.address][row.method]

        @bounded
        @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        def ask(roles: list[str], case: Case) -> None:
            for role in roles:
                who = who_for(row, role, everybody, daphne_house)
                response = case.call(base_url=daphne_house.server.url, session=session, headers=who.headers)
                case.validate_response(response, checks=CHECKS)
                ensure_house_style(response)

        try:
            for place, roles in enumerate(THIRDS):
                seed(place)(ask)(roles)
        except Unsatisfiable:
            assert "{" not in row.path and row.body is None, "only what takes nothing cannot be asked wrongly"
        assert "Traceback" not in daphne_house.logs()

    def test_is_tried(self) -> None:
        assert len(ROWS) > 20


def who_for(row: Row, role: str, everybody: Cast, house: House) -> Somebody:
    return newcomer(house, role) if row.path in SIGNS_OUT and role in {"participant", "cookie"} else everybody[role]


def settle(case: Case, whose: str, own: Belongings, everybody: Cast) -> None:
    """Put ids that mean something into the address, and let no poll wait."""
    chosen = {"own": own, "other": everybody.other, "missing": everybody.missing}.get(whose)
    if chosen is not None:
        for name in case.path_parameters or {}:
            case.path_parameters[name] = getattr(chosen, name)
    if isinstance(case.body, dict) and isinstance(case.body.get("wait"), int):
        case.body["wait"] = 0


def ensure_house_style(response: Any) -> None:
    """What the document does not say for each operation again."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    assert "no-store" in str(headers.get("cache-control")), headers
    if response.status_code < 400:
        return
    said = response.json()
    assert _CODE.fullmatch(said["code"]), said
    assert said["message"].endswith(".") or said["code"] == "malformed", said
    assert (response.status_code in {429, 503}) == ("retry-after" in headers), headers
    assert (response.status_code == 401) == ("www-authenticate" in headers), headers
