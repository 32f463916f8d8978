"""What a dictionary holds, how it is named, and that the committed ones are whole."""

import hashlib
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from chat.lite import dictionaries
from chat.lite.building import MOST_SERVED
from chat.lite.dictionaries import Dictionary, Table
from chat.views.dictionaries import dictionary as serve

LANGUAGES = [code for code, _ in settings.LANGUAGES]


class TestTables:
    def test_takes_the_longest_string_that_fits(self) -> None:
        table = Table(("a", "ab", "abc", "b"))

        assert table.encode("abcab" + "b") == bytes([3, 2, 4])

    def test_says_a_character_that_it_does_not_know_after_an_escape(self) -> None:
        assert Table(("a",)).encode("aé😊") == b"\x01\0\xc3\xa9\0\xf0\x9f\x98\x8a"

    def test_knows_what_no_text_can_be(self) -> None:
        with pytest.raises(UnicodeEncodeError):
            Table(("a",)).encode("\ud800")


class TestDictionaries:
    def test_consist_of_a_table_and_a_text_said_with_it(self) -> None:
        dictionary = Dictionary("xx1", b"a\nb\n \nab\n\nab ba")

        assert dictionary.table.strings == ("a", "b", " ", "ab")
        assert dictionary.history == bytes([4, 3, 2, 1])

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_there_is_one_for_every_language(self, language: str) -> None:
        dictionary = dictionaries.newest(language)

        assert dictionary.language == language
        assert dictionaries.get(dictionary.name) is dictionary
        assert dictionary.url == f"/lite/{dictionary.name}-{dictionary.sha256[:8]}.bin"

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_are_small(self, language: str) -> None:
        dictionary = dictionaries.newest(language)

        assert len(brotli.compress(dictionary.data, quality=11)) <= MOST_SERVED
        assert len(dictionary.history) < 8_192  # squeezing looks no further back
        assert len(set(dictionary.table.strings)) == len(dictionary.table.strings) <= 255
        assert max(len(string.encode("utf-16-le")) for string in dictionary.table.strings) <= 20  # web/page/squeeze.js looks no further

    @pytest.mark.parametrize("name", ["nl0", "nl01", "nl1 ", "nl", "NL1", "", "xx1", "nl1\n", "../nl1"])
    def test_of_another_name_there_are_none(self, name: str) -> None:
        assert dictionaries.get(name) is None

    def test_of_another_language_there_are_none(self) -> None:
        with pytest.raises(KeyError):
            dictionaries.newest("xx")

    def test_are_newer_by_number_not_by_letter(self) -> None:
        assert sorted(["nl10", "nl9", "fr1"], key=dictionaries.parts_of) == ["fr1", "nl9", "nl10"]


class TestAFolder:
    def test_with_a_file_that_is_not_what_the_index_says_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "nl1.bin").write_bytes(b"a\n\na")
        (tmp_path / "index.toml").write_text('[nl1]\nsha256 = "00"\n')

        with pytest.raises(RuntimeError, match="nl1"):
            dictionaries.read(tmp_path)


class TestServing:
    @pytest.mark.parametrize(
        ("accepted", "encoding"),
        [("gzip, deflate, br", "br"), ("GZIP", "gzip"), ("", None), ("br;q=0, gzip;q=0.5", "gzip"), ("zstd", None), ("*", None)],
    )
    def test_gives_the_smallest_form_that_is_accepted_for_good(self, rf: RequestFactory, accepted: str, encoding: str | None) -> None:
        dictionary = dictionaries.newest("nl")

        answer = serve(rf.get(dictionary.url, headers={"Accept-Encoding": accepted}), "nl1", dictionary.sha256[:8])

        assert answer.status_code == 200
        assert answer.get("Content-Encoding") == encoding
        assert "immutable" in answer["Cache-Control"]
        assert answer["Content-Length"] == str(len(answer.content))
        if encoding == "br":
            assert brotli.decompress(answer.content) == dictionary.data
            assert len(answer.content) <= MOST_SERVED

    @pytest.mark.parametrize(("name", "start"), [("nl1", "00000000"), ("xx1", "00000000"), ("nl1", "")])
    def test_knows_no_other_address(self, rf: RequestFactory, name: str, start: str) -> None:
        assert serve(rf.get("/"), name, start).status_code == 404

    def test_only_reads(self, rf: RequestFactory) -> None:
        assert serve(rf.post("/"), "nl1", "").status_code == 405


class TestTheList:
    def test_names_the_newest_of_each_language_with_its_address_and_hash(self, client: Client) -> None:
        listed = client.get("/lite/dictionaries").json()

        assert set(listed) == {"nl", "fr", "en", "tr", "ar"}
        for one in listed.values():
            data = client.get(one["url"], headers={"accept-encoding": "identity"}).content
            assert hashlib.sha256(data).hexdigest() == one["sha256"]
            assert dictionaries.newest(one["name"][:2]).url == one["url"]
