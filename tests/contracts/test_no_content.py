"""What people say, are called and hold is in no line of the log, whatever goes wrong and however much is logged."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from tests.contracts import cast
from tests.contracts.nasty import NASTY
from tests.contracts.wire import ask, line, raw
from tests.promises.houses import House

pytestmark = pytest.mark.delivery

WORD = "Kanariepiet"  # stands in everything below
SAID = f"{WORD} zegt dat de sleutel onder de mat ligt"
NAME = f"{WORD} Janssens"
LABEL = f"gsm van {WORD}"
PASSWORD = f"{WORD} is een lang genoeg wachtwoord"
WRONG_CODE = "KANAR-22222"
TOKENLIKE = "mtj_" + "cafe" * 16


@pytest.fixture(params=["daphne", "uvicorn"])
def talkative(request: pytest.FixtureRequest) -> Iterator[House]:
    """A house that writes down whatever any library has to say."""
    house = House(f"talkative_{request.param}", servers=[request.param], **cast.SETTINGS, MAATJE_LOG_LEVEL="DEBUG")
    yield house
    house.close()
    shutil.rmtree(house.folder, ignore_errors=True)


def bodies(conversation: str) -> Iterator[tuple[str, str, Any]]:
    """Every way over REST in which words come in: rightly, and wrongly."""
    entries, draft = f"conversations/{conversation}/entries", str(uuid4())
    yield "POST", entries, {"draft_id": draft, "body": SAID}
    yield "POST", entries, {"draft_id": draft, "body": SAID + "!"}
    yield "POST", entries, {"draft_id": str(uuid4()), "body": SAID * 100}
    yield "POST", entries, {"draft_id": str(uuid4()), "body": SAID + "\x07"}
    yield "POST", entries, {"draft_id": WORD, "body": SAID}
    yield "POST", entries, {"draft_id": str(uuid4()), "body": [SAID]}
    yield "POST", entries, [SAID]
    yield "POST", entries, b'{"body": "' + SAID.encode()
    yield "POST", entries, b'{"body": "' + SAID.encode() + b'", "body": "' + SAID.encode() + b'"}'
    yield "POST", entries, b'{"body": "' + (SAID * 2_000).encode() + b'"}'
    yield "POST", f"{entries}/1/edit", {"draft_id": str(uuid4()), "body": SAID}
    yield "POST", f"{entries}/999/edit", {"draft_id": str(uuid4()), "body": SAID}
    yield "POST", f"conversations/{uuid4()}/entries", {"draft_id": str(uuid4()), "body": SAID}
    yield "POST", f"conversations/{conversation}/marks", {"read": SAID}
    yield "PUT", f"conversations/{conversation}/mute", {"until": SAID}
    yield "POST", "poll", {"cursors": {SAID: 1}}
    yield "POST", "poll", b"{" + SAID.encode()
    yield "PATCH", "me", {"name": NAME}
    yield "PATCH", "me", {"name": NAME * 9}
    yield "PATCH", "me", {"name": NAME + "\u202e"}
    yield "PATCH", "me", {NAME: NAME}
    yield "PATCH", "me", {"language": WORD, "zone": WORD, "shows_read_marks": WORD}
    yield "POST", "enrol", {"code": WRONG_CODE, "label": LABEL}
    yield "POST", "enrol", {"code": WRONG_CODE, "label": LABEL * 9}
    yield "POST", "enrol", {"code": [WRONG_CODE], "keep": WORD}
    yield "POST", "enrol", {"code": WRONG_CODE, "keep": "cookie"}
    yield "DELETE", "me", {"name": NAME}
    yield "POST", f"conversations/{conversation}/marks", {"read": 1, "note": SAID}


def frames_of(conversation: str) -> Iterator[str | bytes]:
    """Every way over the socket; three bad ones end it."""
    draft = str(uuid4())
    yield json.dumps({"type": "send", "ref": 1, "conversation": conversation, "draft_id": draft, "body": SAID})
    yield json.dumps({"type": "send", "ref": 2, "conversation": conversation, "draft_id": draft, "body": SAID + "?"})
    yield json.dumps({"type": "send", "ref": 3, "conversation": conversation, "draft_id": str(uuid4()), "body": SAID * 100})
    yield json.dumps({"type": "send", "ref": 4, "conversation": str(uuid4()), "draft_id": str(uuid4()), "body": SAID})
    yield json.dumps({"type": "edit", "ref": 5, "conversation": conversation, "draft_id": str(uuid4()), "target": 1, "body": SAID})
    yield json.dumps({"type": "edit", "ref": 6, "conversation": conversation, "draft_id": str(uuid4()), "target": 99, "body": SAID})
    yield json.dumps({"type": SAID, "ref": 7, "body": SAID})
    yield json.dumps({"type": "send", "ref": 8, "conversation": SAID, "draft_id": SAID, "body": SAID})
    yield '{"type": "send", "body": "' + SAID
    yield SAID
    yield SAID.encode()
    yield SAID * 500


@contextmanager
def without_a_log(house: House) -> Iterator[None]:
    """The table of entries is gone: what nobody foresaw."""
    table, away = "chat_entry", "chat_entry_gone"
    _rename(house, table, away)
    try:
        yield
    finally:
        _rename(house, away, table)


def _rename(house: House, table: str, name: str) -> None:
    with closing(sqlite3.connect(house.folder / "maatje.sqlite3", timeout=20)) as database, database:
        database.execute(f"ALTER TABLE {table} RENAME TO {name}")


def ref_of(said: str | bytes) -> int | None:
    """By which its reply is known; absent when nobody could read it."""
    return int(json.loads(said)["ref"]) if isinstance(said, str) and said.startswith("{") and said.endswith("}") else None


def say_everything(house: House, conversation: str, token: str) -> set[int]:
    """Say it over REST with the token in each place it may and may not stand, then over sockets. Gives the statuses met."""
    port, bearer = house.server.port, {"Authorization": f"Bearer {token}"}
    cookie = {"Cookie": f"__Host-maatje={token}; __Host-maatje-who=1"}
    statuses = set()
    for method, path, said in bodies(conversation):
        for headers in (
            bearer,
            cookie,
            cookie | {"Origin": house.server.url},
            {"Authorization": f"Bearer {TOKENLIKE}"},
            {"Authorization": f"Basic {WORD}"},
        ):
            statuses.add(ask(port, method, path, said, headers | {"User-Agent": WORD, "Referer": f"http://x/{WORD}"}).status)
    for said in frames_of(conversation):
        with suppress(ConnectionClosed, TimeoutError), line(port, bearer) as opened:
            for _ in range(3):
                opened.say(said, ref=ref_of(said))
    for path in (
        f"me?token={token}&q={WORD}",
        f"{WORD}/{token}",
        f"conversations/{WORD}",
        f"/{WORD}",
        f"/admin/?q={WORD}",
        f"/accounts/login/?next=/{WORD}",
    ):
        statuses.add(ask(port, "GET", path, headers=bearer).status)
    return statuses


class TestTheLog:
    def test_holds_no_word_name_label_code_or_token(self, talkative: House) -> None:
        house, port = talkative, talkative.server.port
        circle = house.office.ask_now("circle")
        codes = [house.office.ask_now("invite", person=one["person"]) for one in circle["people"]]
        fatima = ask(port, "POST", "enrol", {"code": codes[0], "label": LABEL})
        browser = ask(port, "POST", "enrol", {"code": codes[1], "label": LABEL, "keep": "cookie"}, {"Origin": house.server.url})
        token, cookie = fatima.json["token"], (browser.header("set-cookie") or "").partition("=")[2].partition(";")[0]

        statuses = say_everything(house, circle["conversation"], token)
        with without_a_log(house):
            statuses |= say_everything(house, circle["conversation"], token)
        for nasty in NASTY.values():
            ask(port, "POST", "enrol", nasty.body.replace(b'"a"', json.dumps(WORD).encode()), {"Content-Type": nasty.content_type})
        ask(
            port,
            "POST",
            "/accounts/login/",
            f"login=nele&password={PASSWORD}".encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        raw(port, f"POST /api/v1/enrol HTTP/1.1\r\nHost: x\r\nX: {WORD}\r\nContent-Length: zz\r\n\r\n{SAID}".encode())
        ask(port, "POST", "sign-out-everywhere", headers={"Authorization": f"Bearer {token}"})
        say_everything(house, circle["conversation"], token)
        house.server.stop()

        assert {200, 201, 204, 400, 401, 403, 404, 405, 409, 413, 503} <= statuses
        assert cookie.startswith("mtj_")
        assert "problem=OperationalError" in house.logs(), "what went wrong does stand there, by the name of the problem"
        log = house.logs().lower()
        secrets = [WORD, SAID[13:], PASSWORD[12:], WRONG_CODE, *codes, token, token[4:], cookie, TOKENLIKE, circle["people"][1]["token"]]
        assert [secret for secret in secrets if secret.lower() in log] == []
