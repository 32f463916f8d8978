"""Nobody learns from our answers which invite codes exist, and nobody guesses one."""

import http.client
import json
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from statistics import mean
from typing import Any

import pytest

from accounts.codes import ALPHABET, LENGTH
from tests.contracts.cast import SETTINGS
from tests.contracts.wire import Answer, ask
from tests.promises.houses import House

pytestmark = [pytest.mark.delivery, pytest.mark.slow]

TRIES = 120
GUESSES = 400
PER_ADDRESS = 30
chance = random.Random(20260302)


def guess() -> str:
    return "".join(chance.choice(ALPHABET) for _ in range(LENGTH))


def redeem(house: House, code: str, *, address: str = "") -> Answer:
    headers = {"X-Forwarded-For": address} if address else {}
    return ask(house.server.port, "POST", "enrol", {"code": code}, headers)


@pytest.fixture(scope="module")
def codes(daphne_house: House) -> dict[str, str]:
    """A code of each sort that does not work, made as they come about."""
    house = daphne_house
    made: dict[str, str] = {"unknown": guess()}
    person = house.office.ask_now("person")["person"]
    made["used"] = house.office.ask_now("invite", person=person)
    assert redeem(house, made["used"]).status == 201
    made["revoked"] = house.office.ask_now("invite", person=person)
    change_newest_invite(house, "revoked_at = made_at")
    made["expired"] = house.office.ask_now("invite", person=person)
    change_newest_invite(house, "made_at = '2026-01-01 00:00:00', expires_at = '2026-01-08 00:00:00'")
    return made


def change_newest_invite(house: House, change: str) -> None:
    with closing(sqlite3.connect(house.folder / "maatje.sqlite3", timeout=20)) as database, database:
        newest = "(SELECT id FROM accounts_invite ORDER BY made_at DESC LIMIT 1)"
        assert database.execute(f"UPDATE accounts_invite SET {change} WHERE id = {newest}").rowcount == 1


class TestCodesThatDoNotWork:
    def test_answer_alike_in_status_headers_and_text(self, daphne_house: House, codes: dict[str, str]) -> None:
        answers = {sort: redeem(daphne_house, code) for sort, code in codes.items()}

        assert {answer.status for answer in answers.values()} == {404}
        assert {answer.code for answer in answers.values()} == {"invite_invalid"}
        assert len({str(answer.alike(codes[sort])) for sort, answer in answers.items()}) == 1

    def test_answer_alike_once_there_were_too_many_tries(self, guarded_house: House, codes: dict[str, str]) -> None:
        """Five wrong tries an hour for a code, whether it exists or not."""
        person = guarded_house.office.ask_now("invited")
        used_up = {"existing": person["code"], "unknown": guess()}
        assert redeem(guarded_house, used_up["existing"], address="198.51.100.1").status == 201

        seen = {}
        for sort, code in used_up.items():
            tries = [redeem(guarded_house, code, address=f"198.51.100.{number}") for number in range(2, 9)]
            seen[sort] = [(answer.status, answer.code) for answer in tries]

        assert seen["unknown"] == [(404, "invite_invalid")] * 5 + [(429, "too_many_attempts")] * 2
        assert seen["existing"] == [(404, "invite_invalid")] * 4 + [(429, "too_many_attempts")] * 3

    def test_answer_in_the_same_time(self, daphne_house: House, codes: dict[str, str]) -> None:
        """Measured up to six times, because machines are noisy; told apart each time is told apart."""
        worst = 2.0
        for _ in range(6):
            means = measure(daphne_house, codes)
            worst = max(means.values()) / min(means.values())
            if worst <= 1.15:
                return
        pytest.fail(f"the slowest sort takes {worst:.2f} times as long as the fastest")


def measure(house: House, codes: dict[str, str]) -> dict[str, float]:
    """The mean time of each sort over one connection, interleaved, without the slower half (a busy machine's)."""
    times: dict[str, list[float]] = {sort: [] for sort in codes}
    connection = http.client.HTTPConnection("127.0.0.1", house.server.port, timeout=30)
    try:
        for _ in range(TRIES):
            for sort in chance.sample(list(codes), len(codes)):
                body = json.dumps({"code": codes[sort]})
                started = time.perf_counter()
                connection.request("POST", "/api/v1/enrol", body, {"Content-Type": "application/json"})
                connection.getresponse().read()
                times[sort].append(time.perf_counter() - started)
    finally:
        connection.close()
    return {sort: mean(sorted(taken)[: TRIES // 2]) for sort, taken in times.items()}


@pytest.fixture(autouse=True)
def within_one_hour() -> None:
    """Tries are counted by the hour of the clock; a count that starts anew in the middle would say nothing."""
    left = 3_600 - time.time() % 3_600
    if left < 90:
        time.sleep(left + 1)


@pytest.fixture(scope="module")
def guarded_house() -> Iterator[House]:
    """A house behind one proxy, with the limits that people meet."""
    limits: dict[str, Any] = {
        "MAATJE_TRUSTED_PROXIES": "1",
        "MAATJE_ATTEMPTS_PER_CODE": "5",
        "MAATJE_ATTEMPTS_PER_ADDRESS": str(PER_ADDRESS),
    }
    house = House("guarded", servers=["daphne"], **{**SETTINGS, **limits})
    yield house
    house.close()


class TestGuessing:
    def test_hits_nothing_and_locks_out_only_who_guesses(self, guarded_house: House) -> None:
        house = guarded_house
        waiting = house.office.ask_now("invited")

        answers = [redeem(house, guess(), address="203.0.113.7") for _ in range(GUESSES)]

        assert [answer.status for answer in answers[:PER_ADDRESS]] == [404] * PER_ADDRESS
        assert {answer.status for answer in answers[PER_ADDRESS:]} == {429}
        assert redeem(house, waiting["code"], address="203.0.113.7").status == 429
        assert redeem(house, waiting["code"], address="203.0.113.8").status == 201

    def test_is_not_helped_by_writing_addresses_oneself(self, guarded_house: House) -> None:
        """The proxy appends whom it was called by; what stands left of that is the guesser's own word."""
        house = guarded_house
        spoofed = [f"198.18.{number // 250}.{number % 250}, 203.0.113.9" for number in range(PER_ADDRESS + 10)]
        disguised = ["203.0.113.9:4711", "  203.0.113.9  ", "::ffff:203.0.113.9", ",,203.0.113.9"]

        answers = [redeem(house, guess(), address=forwarded) for forwarded in spoofed]

        assert [answer.status for answer in answers] == [404] * PER_ADDRESS + [429] * 10
        assert {redeem(house, guess(), address=forwarded).status for forwarded in disguised} == {429}

    def test_is_not_helped_by_many_addresses_in_one_home(self, guarded_house: House) -> None:
        statuses = [redeem(guarded_house, guess(), address=f"2001:db8:5:6::{number:x}").status for number in range(1, PER_ADDRESS + 6)]

        assert statuses == [404] * PER_ADDRESS + [429] * 5
        assert redeem(guarded_house, guess(), address="2001:db8:5:7::1").status == 404

    def test_is_not_helped_by_another_spelling_or_the_cookie(self, guarded_house: House) -> None:
        """One code in any spelling is one code."""
        code = guess()
        spellings = [code, code.lower(), f"{code[:5]}-{code[5:]}", f" {code} ", code.translate({ord(c): ord(c) + 0xFEE0 for c in code})]

        for number, spelling in enumerate(spellings):
            assert redeem(guarded_house, spelling, address=f"192.0.2.{number + 1}").status == 404
        assert redeem(guarded_house, code, address="192.0.2.99").status == 429

    def test_without_a_proxy_believes_nobody(self, daphne_house: House) -> None:
        """The header counts for nothing: a thousand addresses there are one here."""
        redeem(daphne_house, guess())
        before = addresses_counted(daphne_house)

        for number in range(10):
            redeem(daphne_house, guess(), address=f"198.51.100.{number}")

        assert (before, addresses_counted(daphne_house)) == (1, 1)


def addresses_counted(house: House) -> int:
    with closing(sqlite3.connect(house.folder / "maatje.sqlite3", timeout=20)) as database:
        (count,) = database.execute("SELECT count(DISTINCT subject) FROM accounts_attemptcount WHERE kind = 'address'").fetchone()
    return int(count)
