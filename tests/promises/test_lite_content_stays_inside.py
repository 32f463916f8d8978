"""What is said or planned in lite, squeezed or not, in a POST, or shown in a photo, appears in no log, file, database or layer either."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.lite.frames import pack
from tests.media.pictures import photo
from tests.promises import houses
from tests.promises.houses import House
from tests.promises.lite_device import NL, lite
from tests.promises.words import CANARY, NAME_CANARY, words

pytestmark = [pytest.mark.delivery, pytest.mark.looks_back, pytest.mark.timeout(120)]

PHOTO = photo(90, 60)
SQUEEZED = [NL.squeeze(words(f"very private {number}")) for number in range(4)]


def _disguises() -> Iterator[bytes]:
    for plain in [CANARY.encode(), NAME_CANARY.encode(), *SQUEEZED, PHOTO[-40:-8]]:
        yield plain
        yield plain.hex().encode()
        yield repr(plain)[2:-1].encode()
        yield base64.b64encode(plain).rstrip(b"=")[:-1]
        yield base64.urlsafe_b64encode(plain).rstrip(b"=")[:-1]


LOOKS_LIKE = sorted(set(_disguises()))


def _found_in(data: bytes) -> list[bytes]:
    return [disguise for disguise in LOOKS_LIKE if disguise in data]


class TestContentOfLiteStaysInside:
    async def test_somebody_talks_in_every_way_and_the_looking_can_find(self, either_house: House) -> None:
        house = either_house
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        async with lite(house, pair["people"][0]) as phone:
            visitor = lite(house, pair["people"][1])
            await visitor.visit()
            await phone.send(conversation, words("very private 0"))
            await phone.send(conversation, words("very private 1"), kind="edit", target=1)
            await visitor.write(conversation, words("very private 2"))
            raw = await visitor.post(pack([-10, visitor.memory.cursor(), None, ["nl1"]], [1, 1, 1, SQUEEZED[2]]))
            await phone.say_raw(pack([1, 9, "no draft", SQUEEZED[3]]))
            await phone.say_raw(pack([-11, 9, 1, 0, "no draft", None, None, [words("no time")], None, None, None, words("nowhere")]))
            times = [{"start": f"{(datetime.now(UTC) + timedelta(days=9)):%Y-%m-%d}T14:37"}]
            about: dict[str, Any] = {
                "conversation": conversation,
                "draft_id": str(uuid4()),
                "act": "propose",
                "times": times,
                "place": words("in lite"),
            }
            planned = await phone.request("meet", seconds=10, **about)
            upload = str(uuid4())
            answer = await house.rest(pair["people"][0]).ask("PUT", f"conversations/{conversation}/media/{upload}", PHOTO)
            await phone.has(conversation, 4)

            assert planned["type"] == "sent", planned
            assert answer.status == 201, answer
            assert phone.bodies(conversation) == [words("very private 1"), words("very private 2")]
            assert SQUEEZED[1] in raw, "it is told in just these bytes"
            assert _found_in(pack([1, 1, 1, SQUEEZED[0]]))
            assert phone.knows(NAME_CANARY)
            assert phone.knows(words("in lite"))

    def test_in_no_log_and_no_file_of_the_data_folder(self) -> None:
        for house in houses.standing():
            for file in sorted(house.folder.rglob("*")):
                if file.is_file():
                    assert _found_in(file.read_bytes()) == [], file

    def test_in_no_table_file_of_postgresql_and_nothing_that_passed_through_the_layer(self) -> None:
        files = [file for file in sorted(houses.postgres().data.rglob("*")) if file.is_file()]
        heard = b"".join(bytes(tap.heard) for tap in houses.taps)

        assert files
        assert b"maatje.live" in heard
        for file in files:
            assert _found_in(file.read_bytes()) == [], file
        assert _found_in(heard) == []
