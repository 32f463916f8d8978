"""How small a page is, and for whom."""

import gzip
import re

import brotli
import pytest
from pytest_django import Settings

from accounts.models import Person
from chat.models import Conversation
from tests.web.plain.browser import Browser, say
from web.plain.sheets import squeezed
from web.plain.styles import STYLES

SAID = [  # as people write to each other on a Tuesday
    "Dag Fatima, hoe gaat het met je?",
    "Goed dank je en met jou?",
    "Ook goed! Gaan we donderdag nog naar de markt?",
    "Ja graag. Om 10 uur aan de kerk?",
    "Prima. Neem je de papieren van het OCMW mee?",
    "Welke papieren?",
    "De brief die je vorige week kreeg, met het groene logo",
    "Ah die. Ja die heb ik nog",
    "Dan kijken we er samen naar bij een koffie",
    "Super, dank je wel 😊",
    "Is het ok als mijn zoontje meekomt? De school is dicht",
    "Natuurlijk! Hij mag een warme choco",
    "Hij is al blij",
    "Ik ben een kwartiertje later, de bus rijdt niet",
    "Geen probleem, ik wacht binnen",
    "Ben er!",
    "Het was fijn vandaag, bedankt voor alles",
    "Graag gedaan. Je hebt dat formulier heel goed ingevuld",
    "Volgende week zelfde uur?",
    "Ja, tot dan! Groetjes aan Youssef",
]


class TestEveryPage:
    def test_of_a_conversation_is_small(self, hers: Browser, fatima: Person, annemie: Person, conversation: Conversation) -> None:
        say(SAID, by=[annemie, fatima], conversation=conversation)
        sizes = {}
        for encoding in ("br", "gzip"):
            response = hers.open("/t/1", **{"Accept-Encoding": encoding}).response
            assert response["Content-Encoding"] == encoding
            assert len(re.findall(r"<li>", _read(response.content, encoding))) == 20
            sizes[encoding] = len(response.content)

        print(f"no_script_page_bytes {sizes}, of {sum(len(text.encode()) for text in SAID)} bytes of words")
        assert max(sizes.values()) <= 1_500, sizes

        for path in ("/t", "/t/1/people", "/t/1/people/2", "/t/help", "/t/settings", "/t/out", "/t/x"):
            smaller = [len(hers.open(path, **{"Accept-Encoding": accepted}).response.content) for accepted in ("br", "gzip")]
            assert max(smaller) <= 1_100, (path, smaller)

    def test_about_meetings_is_small_too(self, hers: Browser, series: Conversation, settings: Settings) -> None:
        """A form with three times and all its choices is the largest."""
        settings.MAATJE_NOTICES_CONSOLE = True
        most = {"/t/1/plan": 1_200, "/t/1/meeting/1": 900, "/t/1/meeting/1/move": 800, "/t/1/meeting/1/cancel": 500, "/t/meetings": 500}
        most |= {"/t/meetings/away": 500, "/t/meetings/calendar": 500, "/t/settings/notices": 1_150}

        sizes = {path: len(hers.open(path, **{"Accept-Encoding": "gzip"}).response.content) for path in most}

        print(f"no_script_meeting_bytes {sizes}")
        assert {path: size for path, size in sizes.items() if size > most[path]} == {}

    def test_for_a_stranger_too(self, db: None) -> None:
        assert len(Browser().open("/t", **{"Accept-Encoding": "gzip"}).response.content) <= 1_000


class TestSqueezed:
    @pytest.mark.parametrize(
        ("accept", "encoding"),
        [
            ("gzip, deflate, br", "br"),
            ("gzip;q=1.0, br;q=0", "gzip"),
            ("GZIP", "gzip"),
            ("br; q=0.000, gzip; q=0", ""),
            ("identity", ""),
            ("*", ""),
            ("", ""),
            ("brr, xgzip", ""),
        ],
    )
    def test_is_in_what_the_browser_takes(self, accept: str, encoding: str) -> None:
        data, found = squeezed(b"Dag! " * 99, accept=accept)

        assert found == encoding
        assert _read(data, encoding) == "Dag! " * 99

    @pytest.mark.parametrize("size", [0, 1, 1023, 1024, 65535, 65536, 200_000])
    def test_is_whole_whatever_its_size(self, size: int) -> None:
        assert len(_read(squeezed(b"x" * size, accept="br")[0], "br")) == size


class TestTheStylesheet:
    def test_is_one_small_file_that_is_fetched_once(self) -> None:
        sheet = Browser().open(f"/t/{STYLES.name}.css", **{"Accept-Encoding": "br"})

        assert len(sheet.response.content) <= 700
        assert sheet.response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert sheet.response["Content-Type"] == "text/css"

    def test_of_another_day_is_gone(self) -> None:
        assert Browser().open("/t/000000.css").status == 404


def _read(data: bytes, encoding: str) -> str:
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding](data)
    return str(opened, "utf-8")
