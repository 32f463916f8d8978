"""What people say, are called and hold is in no line of the log, whatever goes wrong and however much is logged."""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from tests.contracts import cast
from tests.contracts.nasty import NASTY
from tests.contracts.wire import ask, line, raw
from tests.doubles.mail_server import MailServer
from tests.doubles.sms_gateway import Answer as SmsAnswer
from tests.doubles.sms_gateway import SmsGateway
from tests.promises.houses import House

pytestmark = pytest.mark.delivery

WORD = "Kanariepiet"  # stands in everything below
SAID = f"{WORD} zegt dat de sleutel onder de mat ligt"
NAME = f"{WORD} Janssens"
LABEL = f"gsm van {WORD}"
PASSWORD = f"{WORD} is een lang genoeg wachtwoord"
WRONG_CODE = "KANAR-22222"
NUMBER = "+32470918273"
MAIL = f"{WORD}@example.org"
TOKENLIKE = "mtj_" + "cafe" * 16


@dataclass(frozen=True)
class Talkative:
    """A house, and where its texts and mails go."""

    house: House
    sms: SmsGateway
    mail: MailServer


@pytest.fixture(params=["daphne", "uvicorn"])
def talkative(request: pytest.FixtureRequest) -> Iterator[Talkative]:
    """A house that writes down whatever any library has to say."""
    with SmsGateway() as sms, MailServer() as mail:
        sending: dict[str, Any] = {
            "MAATJE_SMS_URL": sms.url,
            "EMAIL_URL": f"smtp://{mail.host}:{mail.port}",
            "DEFAULT_FROM_EMAIL": "maatje@example.org",
        }
        house = House(f"talkative_{request.param}", servers=[request.param], **cast.SETTINGS, **sending, MAATJE_LOG_LEVEL="DEBUG")
        yield Talkative(house, sms, mail)
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


def plans(conversation: str) -> Iterator[tuple[str, str, Any]]:
    """What people plan, where they are reached, and their calendar, over REST: rightly, and wrongly."""
    here, times = f"conversations/{conversation}/meetings", [{"start": cast.soon()}]
    plan = {"times": times, "place": SAID, "purpose": "health"}
    for wrong in ({}, {"place": SAID * 9}, {"zone": WORD}, {"repeat": WORD}, {"times": [SAID]}, {"purpose": WORD}, {WORD: WORD}):
        yield "POST", here, {"draft_id": str(uuid4()), **plan, **wrong}
    yield "POST", f"{here}/1/accept", {"draft_id": str(uuid4()), "version": WORD}
    yield "POST", f"{here}/1/move", {"draft_id": str(uuid4()), **plan}
    yield "POST", f"{here}/1/held", {"took_place": True, "note": SAID}
    yield "POST", f"{here}/1/held", {"took_place": SAID, "note": SAID * 99}
    yield "POST", "meetings/check", {"conversation": conversation, "times": [SAID]}
    yield "POST", "away", {"first_date": WORD, "last_date": WORD}
    for kind, value in (("fcm_token", f"{WORD}-token"), ("fcm_token", WORD * 500), ("email", f"{WORD}@"), (WORD, WORD), ("sms", WORD)):
        yield "POST", "notices/addresses", {"kind": kind, "value": value}
    yield "POST", "notices/addresses", {"kind": "webpush", "value": {"endpoint": f"https://evil.example/{WORD}", "keys": {"auth": WORD}}}
    yield "PATCH", "notices", {"quiet_from": WORD, "shows": WORD}
    yield "POST", "calendar", {"details": WORD}


def frames_of(conversation: str) -> Iterator[str | bytes]:
    """Every way over the socket; three bad ones end it."""
    draft = str(uuid4())
    yield json.dumps({"type": "send", "ref": 1, "conversation": conversation, "draft_id": draft, "body": SAID})
    yield json.dumps({"type": "send", "ref": 2, "conversation": conversation, "draft_id": draft, "body": SAID + "?"})
    yield json.dumps({"type": "send", "ref": 3, "conversation": conversation, "draft_id": str(uuid4()), "body": SAID * 100})
    yield json.dumps({"type": "send", "ref": 4, "conversation": str(uuid4()), "draft_id": str(uuid4()), "body": SAID})
    yield json.dumps({"type": "edit", "ref": 5, "conversation": conversation, "draft_id": str(uuid4()), "target": 1, "body": SAID})
    yield json.dumps({"type": "edit", "ref": 6, "conversation": conversation, "draft_id": str(uuid4()), "target": 99, "body": SAID})
    meet = {
        "type": "meet",
        "conversation": conversation,
        "draft_id": str(uuid4()),
        "act": "propose",
        "place": SAID,
        "times": [{"start": cast.soon()}],
    }
    yield json.dumps(meet | {"ref": 9})
    yield json.dumps(meet | {"ref": 10, "zone": WORD})
    yield json.dumps({"type": "held", "ref": 11, "conversation": conversation, "meeting": 1, "took_place": True, "note": SAID})
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
    everywhere = (
        bearer,
        cookie,
        cookie | {"Origin": house.server.url},
        {"Authorization": f"Bearer {TOKENLIKE}"},
        {"Authorization": f"Basic {WORD}"},
    )
    asked = [(one, everywhere) for one in bodies(conversation)] + [
        (one, (bearer, cookie | {"Origin": house.server.url})) for one in plans(conversation)
    ]
    for (method, path, said), places in asked:
        for headers in places:
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
        f"/calendar/{WORD}.ics",
        f"conversations/{conversation}/meetings/{WORD}.ics",
        f"/admin/?q={WORD}",
        f"/accounts/login/?next=/{WORD}",
    ):
        statuses.add(ask(port, "GET", path, headers=bearer).status)
    return statuses


def be_reached(there: Talkative, circle: dict[str, Any]) -> str:
    """By mail and by SMS, and be refused by both once in words that hold the address. Gives the token of a calendar that was looked at."""
    (fatima, annemie), port = circle["people"], there.house.server.port
    there.sms.answers[NUMBER] = [SmsAnswer(400, f"not so, {NUMBER}")]
    there.mail.refuses_data[MAIL] = f"451 4.3.0 not now, {MAIL}"

    def say(who: dict[str, str], method: str, path: str, said: Any) -> Any:
        answer = ask(port, method, path, said, {"Authorization": f"Bearer {who['token']}"})
        assert answer.status < 300, (path, answer)
        return answer.json

    for one in (fatima, annemie):
        say(one, "PATCH", "notices", {"quiet_from": "00:00", "quiet_until": "00:00", "by_mail": True, "every_minutes": 0})
    say(annemie, "POST", "notices/addresses", {"kind": "sms"})
    say(fatima, "POST", "notices/addresses", {"kind": "email", "value": MAIL})
    until(lambda: there.mail.connections > 0)
    say(fatima, "POST", "notices/addresses", {"kind": "email", "value": f"other.{MAIL}"})
    say(fatima, "POST", f"conversations/{circle['conversation']}/entries", {"draft_id": str(uuid4()), "body": SAID})
    calendar = say(fatima, "POST", "calendar", {"details": True})["url"].partition("/calendar/")[2]
    for path in (f"/calendar/{calendar}", f"/calendar/{calendar}x", f"/calendar/{calendar}/{WORD}"):
        ask(port, "GET", path)
    return str(calendar).removesuffix(".ics")


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


class TestTheLog:
    def test_holds_no_word_name_label_code_address_or_token(self, talkative: Talkative) -> None:
        house, port = talkative.house, talkative.house.server.port
        circle = house.office.ask_now("circle", phones=["", NUMBER])
        calendar = be_reached(talkative, circle)
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
        until(lambda: bool(talkative.sms.asked and talkative.mail.mails))
        house.server.stop()

        assert {200, 201, 204, 400, 401, 403, 404, 405, 409, 413, 503} <= statuses
        assert cookie.startswith("mtj_")
        assert "problem=OperationalError" in house.logs(), "what went wrong does stand there, by the name of the problem"
        log = house.logs().lower()
        secrets = [
            WORD,
            SAID[13:],
            PASSWORD[12:],
            WRONG_CODE,
            *codes,
            token,
            token[4:],
            cookie,
            TOKENLIKE,
            circle["people"][1]["token"],
            NUMBER[1:],
            calendar,
        ]
        assert [secret for secret in secrets if secret.lower() in log] == []
