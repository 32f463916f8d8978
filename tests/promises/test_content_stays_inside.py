"""The content of a message, and a name, appear in no log, URL, layer, database or data folder: after the whole run."""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.promises import houses
from tests.promises.houses import House
from tests.promises.words import CANARY, NAME_CANARY, words

pytestmark = [pytest.mark.delivery, pytest.mark.looks_back, pytest.mark.timeout(120)]


def _disguises() -> Iterator[bytes]:
    for word in (CANARY, NAME_CANARY):
        plain = word.encode()
        yield plain
        yield plain.hex().encode()
        yield word.encode("utf-16-le")
        for shift in range(3):
            yield base64.b64encode(b" " * shift + plain)[4:-4]


LOOKS_LIKE = list(_disguises())


def _found_in(data: bytes) -> list[bytes]:
    return [disguise for disguise in LOOKS_LIKE if disguise in data]


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
            await peer.has(conversation, 2)

            assert _found_in(repr(peer.frames).encode())
            assert peer.knows(NAME_CANARY)

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
                assert "chat_entry" in dump
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
