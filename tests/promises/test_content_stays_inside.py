"""The content of a message or a meeting, a name, and where somebody is reached, appear in no log, URL, layer, database or data folder: after the whole run."""

import base64
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.promises import houses
from tests.promises.device import Device
from tests.promises.houses import House
from tests.promises.rest import Rest
from tests.promises.words import CANARY, NAME_CANARY, words

pytestmark = [pytest.mark.delivery, pytest.mark.looks_back, pytest.mark.timeout(120)]


DAY = (datetime.now(UTC) + timedelta(days=9)).strftime("%Y-%m-%d")
WHEN = "14:37"  # in Brussels; the instant, which notices hold by design, shows another hour
PURPOSE = "neighbourhood"
MAIL = f"{CANARY}@example.org"
PUSH = {
    "endpoint": f"https://fcm.googleapis.com/fcm/send/{CANARY}",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",  # the example of RFC 8291
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
}
calendars: set[str] = set()  # tokens that were told in this run


def _disguises() -> Iterator[bytes]:
    for word in (CANARY, NAME_CANARY, f"{DAY}T{WHEN}", f"{DAY} {WHEN}", PURPOSE, *calendars):
        plain = word.encode()
        yield plain
        yield plain.hex().encode()
        yield word.encode("utf-16-le")
        for shift in range(3):
            yield base64.b64encode(b" " * shift + plain)[4:-4]


def _found_in(data: bytes) -> list[bytes]:
    return [disguise for disguise in _disguises() if disguise in data]


async def _plan(phone: Device, peer: Rest, conversation: str) -> None:
    """Every way in which a meeting is spoken of: rightly, and wrongly."""
    here, times, place = f"conversations/{conversation}/meetings", [{"start": f"{DAY}T{WHEN}", "minutes": 90}], words("achter het station")
    plan: dict[str, Any] = {"times": times, "place": place, "purpose": PURPOSE, "repeat": "FREQ=WEEKLY"}
    about: dict[str, Any] = {"conversation": conversation, "draft_id": str(uuid4())}
    assert (await phone.request("meet", **about, act="propose", **plan))["type"] == "sent"
    assert (await peer.post(f"{here}/1/accept", {"draft_id": str(uuid4()), "version": 1})).status == 201
    wrong: list[dict[str, Any]] = [
        {"place": words("x" * 300)},
        *({name: CANARY} for name in ("zone", "repeat", "purpose")),
        {"times": [CANARY]},
    ]
    for said in wrong:
        answer = await peer.post(here, {"draft_id": str(uuid4()), **plan, **said})
        assert answer.status == 400, (said, answer)
    assert (
        await peer.post(f"{here}/1/held", {"took_place": True, "date": DAY, "note": words("to the coordinator")})
    ).code == "not_over_yet"
    assert (await phone.request("meet", **about, act="move", meeting=1, version=1, **plan))["code"] == "draft_reused"
    await phone.say_raw('{"type":"meet","place":"' + place)


async def _be_reached(somebody: Rest) -> None:
    """Give every kind of address, good and bad, and make a calendar of one's own."""
    for kind, value in (("email", MAIL), ("fcm_token", f"{CANARY}-token"), ("webpush", PUSH)):
        answer = await somebody.post("notices/addresses", {"kind": kind, "value": value})
        assert answer.status == 201, answer
    for kind, value in (
        ("email", f"{CANARY}@"),
        ("fcm_token", CANARY * 400),
        ("webpush", {**PUSH, "endpoint": f"https://evil.example/{CANARY}"}),
    ):
        assert (await somebody.post("notices/addresses", {"kind": kind, "value": value})).status in {400, 409}
    made = await somebody.post("calendar", {"details": True})
    address = made.body["url"].partition("/calendar/")[2]
    calendars.add(address.removesuffix(".ics"))
    shown = await somebody.get(f"/calendar/{address}")
    assert shown.status == 200 and CANARY in shown.body
    for method, path in (
        ("POST", f"/calendar/{address}"),
        ("GET", f"/calendar/{address}/x"),
        ("GET", f"/calendar/{address[:-5]}B.ics"),
    ):  # 256 bits never end in B
        assert (await somebody.ask(method, path)).status == 404


class TestContentStaysInside:
    async def test_somebody_talks_and_the_looking_can_find(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        async with house.device(pair["people"][0], conversation) as phone, house.device(pair["people"][1], conversation) as peer:
            await phone.send(conversation, words("very private"))
            await phone.send(conversation, words("still very private"), kind="edit", target=1)
            await phone.send(conversation, words("x" * 3_000))
            await phone.say_raw('{"type":"send","body":"' + words("malformed") + '"}')
            await house.rest(pair["people"][0]).post(f"conversations/{conversation}/entries", {"draft_id": "no", "body": words("refused")})
            await _plan(phone, house.rest(pair["people"][1]), conversation)
            await _be_reached(house.rest(pair["people"][0]))
            await peer.has(conversation, 4)

            assert _found_in(repr(peer.frames).encode())
            assert peer.knows(NAME_CANARY)
            assert peer.knows(f"{DAY}T{WHEN}")
            assert peer.knows(PURPOSE)

    def test_in_no_log_and_no_file_of_the_data_folder(self) -> None:
        for house in houses.standing():
            for file in sorted(house.folder.rglob("*")):
                if file.is_file():
                    assert _found_in(file.read_bytes()) == [], file

    def test_in_no_table_file_and_no_journal_of_postgresql(self) -> None:
        assert any(house.postgres for house in houses.standing())
        for file in sorted(houses.postgres().data.rglob("*")):
            if file.is_file():
                assert _found_in(file.read_bytes()) == [], file

    def test_in_no_dump(self, tmp_path: Path) -> None:
        for house in houses.standing():
            if house.postgres:
                dump = _plain_dump(house)
                assert all(table in dump for table in ("chat_entry", "meetings_meeting", "notifications_notice"))
                assert _found_in(dump.encode()) == [], house.name

    def test_in_nothing_that_passed_through_the_layer(self) -> None:
        heard = b"".join(bytes(tap.heard) for tap in houses.taps)

        assert b"maatje.live" in heard, "nothing was heard at all"
        assert _found_in(heard) == []

    async def test_in_no_metric(self, house: House) -> None:
        answer = await house.rest().get("/metrics")

        assert answer.status == 200
        assert _found_in(repr(answer.body).encode()) == []


def _plain_dump(house: House) -> str:
    assert house.postgres is not None  # it was asked for
    command = [str(house.postgres._bin / "pg_dump"), "-d", house.database_url.replace("postgres://", "postgresql://")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
