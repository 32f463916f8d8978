import gzip

import brotli
import pytest
from django.test import Client

from console import serving

MOST = 60_000  # bytes of everything that a page of the console needs, as it is
MOST_ON_THE_WIRE = 24_000


class TestFiles:
    @pytest.mark.parametrize(("encoding", "opened"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)])
    def test_come_as_small_as_the_browser_reads_them(self, client: Client, encoding: str, opened: type) -> None:
        answer = client.get(serving.address_of("desk.css"), headers={"Accept-Encoding": encoding})

        assert opened(answer.content) == serving.kept("desk.css").plain
        assert answer.get("Content-Encoding", "") == encoding

    def test_are_asked_for_once(self, client: Client) -> None:
        answer = client.get(serving.address_of("desk.js"))

        assert "immutable" in answer["Cache-Control"]
        assert client.get("/console/own/000000000000/desk.js")["Cache-Control"] == "no-cache"

    def test_are_two(self, client: Client) -> None:
        assert client.get("/console/own/0/page.html").status_code == 404

    def test_are_small_enough_for_a_weak_laptop(self) -> None:
        files = [serving.kept(name) for name in serving.PARTS]

        assert sum(len(one.squeezed["br"]) for one in files) < MOST_ON_THE_WIRE
        assert sum(len(one.squeezed["gzip"]) for one in files) < MOST


class TestTheScript:
    def test_evaluates_nothing_and_writes_no_style(self) -> None:
        own = serving.kept("desk.js").plain.decode().split("The staff's pages", 1)[1]

        assert not [word for word in ("eval(", "Function(", "innerHTML", ".style", "setAttribute('style") if word in own]
