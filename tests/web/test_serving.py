"""The page's files: what a first visit costs, in which forms they come, and that two versions never mix."""

import dataclasses
import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chat import newest_page
from chat.lite import dictionaries
from web import serving

LANGUAGES = ["nl", "fr", "en", "tr", "ar"]
FIRST_LOAD, WHOLE_PAGE = 14_000, 40_000
BROWSER = {"Host": "localhost", "Accept-Encoding": "gzip, deflate, br, zstd"}


class Named(HTMLParser):
    """Every file that a page names for a browser of today."""

    def __init__(self) -> None:
        super().__init__()
        self.files: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        is_for_old_browsers = "nomodule" in said
        is_for_later = tag == "link" and said.get("rel") in {None, "apple-touch-icon"}
        if tag in {"link", "script"} and not is_for_old_browsers and not is_for_later:
            self.files.add(said.get("href") or said.get("src") or "")


def get(path: str, **headers: str) -> Any:
    return Client().get(path, headers={**BROWSER, **headers})


def first_load(language: str) -> list[str]:
    """The addresses that a first visit asks for, from the page's own words."""
    page = Named()
    page.feed(brotli.decompress(get("/").content).decode())
    return ["/", "/sw.js", *sorted(page.files), f"/w/words/{language}.js"]


def size_of(response: HttpResponse) -> int:
    assert response.status_code == 200
    assert int(response["Content-Length"]) == len(response.content)
    return len(response.content)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """A small page of its own, of which every module is there."""
    settings.DEBUG = True
    for name in serving.TOGETHER:
        (tmp_path / name).write_text(f"// A line for readers.\nexport const {name[:-3]}Part = '{name}';\n")
    for name, text in {
        "index.html": "<p data-page=@page data-dictionaries=@dictionaries>",
        "app.css": "p { color: red; }",
        "sw.js": "const first = '@files', page = '@page';",
    }.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(serving, "PAGE", tmp_path)
    monkeypatch.setattr(newest_page, "_version", newest_page.version())
    return tmp_path


class TestTheWeightOfThePage:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_fits_a_first_visit_in_fourteen_thousand_bytes(self, language: str) -> None:
        sizes = {path: size_of(get(path)) for path in first_load(language)}
        sizes["dictionary"] = size_of(get(dictionaries.newest(language).url))

        assert sum(sizes.values()) <= FIRST_LOAD, sizes

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_fits_all_that_one_person_can_need_in_forty_thousand(self, language: str) -> None:
        others = re.compile(rf"^(words|help)/(?!{language}\b)")
        mine = [name for name in serving.shelf().files if not others.match(name)]
        sizes = {name: size_of(get("/" if name == "index.html" else "/sw.js" if name == "sw.js" else f"/w/{name}")) for name in mine}
        sizes["dictionary"] = size_of(get(dictionaries.newest(language).url))

        assert sum(sizes.values()) <= WHOLE_PAGE, sizes

    def test_names_only_files_that_are_there(self) -> None:
        assert {name: get(name).status_code for name in first_load("nl")} == dict.fromkeys(first_load("nl"), 200)

    def test_asks_the_database_nothing(self, django_assert_num_queries: DjangoAssertNumQueries, db: None) -> None:
        with django_assert_num_queries(0):
            get("/")


class TestAnswer:
    @pytest.mark.parametrize(
        ("accepted", "encoding"),
        [
            ("gzip, deflate, br", "br"),
            ("gzip, br;q=0", "gzip"),
            ("gzip", "gzip"),
            ("identity", None),
            ("br;q=0.0, GZIP;q=0.5", "gzip"),
            ("", None),
        ],
    )
    def test_comes_in_the_smallest_form_that_the_browser_reads(self, accepted: str, encoding: str | None) -> None:
        response = get("/w/app.js", **{"Accept-Encoding": accepted})

        unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
        assert response.get("Content-Encoding") == encoding
        assert unpack(response.content) == serving.shelf().files["app.js"].plain
        assert response["Vary"] == "Accept-Encoding"

    @pytest.mark.parametrize(
        ("path", "type"),
        [
            ("/", "text/html; charset=utf-8"),
            ("/enrol", "text/html; charset=utf-8"),
            ("/sw.js", "text/javascript; charset=utf-8"),
            ("/w/app.js", "text/javascript; charset=utf-8"),
            ("/w/app.css", "text/css; charset=utf-8"),
            ("/w/help/nl.json", "application/json"),
            ("/w/icon.svg", "image/svg+xml"),
            ("/w/icon.png", "image/png"),
            ("/manifest.webmanifest", "application/manifest+json"),
        ],
    )
    def test_says_what_it_is(self, path: str, type: str) -> None:
        response = get(path)

        assert response["Content-Type"] == type
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_is_not_sent_again_to_a_browser_that_has_it(self) -> None:
        tag = get("/w/app.css")["ETag"]

        again = get("/w/app.css", **{"If-None-Match": f'"other", {tag}'})

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)

    def test_is_asked_about_at_every_visit_and_what_browsers_fetch_by_themselves_once_a_day(self) -> None:
        assert get("/w/app.js")["Cache-Control"] == get("/")["Cache-Control"] == "no-cache"
        assert get("/sw.js")["Cache-Control"] == get("/manifest.webmanifest")["Cache-Control"] == "max-age=86400"

    @pytest.mark.parametrize(
        "path",
        [
            "/w/",
            "/w/nothing.js",
            "/w/index.html",
            "/w/INDEX.HTML",
            "/w/../settings.py",
            "/w/%2e%2e/serving.py",
            "/w/words",
            "/w/view.js",
            "/w/words/nl.js/",
        ],
    )
    def test_is_404_for_all_that_is_no_file_of_the_page(self, path: str) -> None:
        assert get(path).status_code == 404

    def test_takes_no_other_method(self) -> None:
        assert Client().post("/w/app.js", headers=BROWSER).status_code == 405
        assert Client().head("/w/app.js", headers=BROWSER).status_code == 200


class TestHeaders:
    def test_are_few_on_a_file(self) -> None:
        response = get("/w/app.js")

        assert set(response.headers) == {
            "Content-Type", "Content-Encoding", "Content-Length", "ETag", "Cache-Control", "Vary", "X-Content-Type-Options",
        }  # fmt: skip

    def test_guard_the_page_itself(self) -> None:
        response = get("/")

        policy = {name: rest for name, *rest in (part.split() for part in response["Content-Security-Policy"].split(";"))}
        assert policy["default-src"] == ["'none'"]
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["worker-src"] == ["'self'"]
        assert policy["frame-ancestors"] == ["'none'"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in response.headers

    @pytest.mark.parametrize("path", ["/", "/enrol", "/t", "/t/help", "/about", "/accounts/login/", "/nothing", "/w/nothing.html"])
    def test_let_nobody_frame_anything_that_is_html(self, path: str, db: None) -> None:
        response = get(path)

        if response.get("Content-Type", "").startswith("text/html"):
            assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


class TestVersion:
    def test_stands_in_the_page_and_in_the_service_worker_and_is_told_to_the_sockets(self) -> None:
        version = serving.version()

        assert re.fullmatch(r"[0-9a-f]{8}", version)
        assert f"data-page={version} " in brotli.decompress(get("/").content).decode()
        assert f"'page-{version}'" in brotli.decompress(get("/sw.js").content).decode()
        assert newest_page.version() == version

    @pytest.mark.parametrize(
        "name", ["app.css", "app.js", "talk.js", "index.html", "sw.js", "help.json", "icon.svg", "icon.png", "app.webmanifest"]
    )
    def test_changes_with_any_file(self, name: str, page: Path) -> None:
        before = serving.version()

        with (page / name).open("a") as file:
            file.write('"blue"' if name.endswith((".json", ".webmanifest")) else "\nexport default 'blue';")

        assert serving.version() != before
        assert b"blue" in serving.shelf().files["app.js" if name == "talk.js" else name].plain

    def test_changes_with_a_newer_dictionary(self, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = serving.version()
        newer = dataclasses.replace(dictionaries.newest("nl"), name="nl99")
        older = dictionaries.newest
        monkeypatch.setattr(dictionaries, "newest", lambda code: newer if code == "nl" else older(code))

        (page / "app.css").touch()

        assert serving.version() != before
        assert b"nl99" in serving.shelf().files["index.html"].plain

    def test_is_put_into_nothing_that_means_something_else_by_its_sign(self, page: Path) -> None:
        (page / "app.css").write_text("@page { margin: 0 }")

        assert serving.shelf().files["app.css"].plain == b"@page{margin:0}"

    def test_stays_when_only_what_readers_see_changed(self, page: Path) -> None:
        before = serving.version()

        (page / "view.js").write_text("// Another line for readers.\n\n   export const viewPart = 'view.js';\n")

        assert serving.version() == before

    def test_tells_the_service_worker_the_tag_of_every_file(self) -> None:
        worker = brotli.decompress(get("/sw.js").content).decode()
        others = brotli.decompress(get("/w/files.json").content).decode()

        for name, file in serving.shelf().files.items():
            if name not in {"sw.js", "manifest.webmanifest", "icon.svg", "icon.png"}:
                assert f'"{name}":"{file.tag}"' in worker + others, name


class TestHelplines:
    def test_are_of_one_day_and_begin_with_112_in_every_language(self) -> None:
        lists = {language: get(f"/w/help/{language}.json", **{"Accept-Encoding": ""}).json() for language in LANGUAGES}

        assert len({known["checked_on"] for known in lists.values()}) == 1
        for language, known in lists.items():
            assert known["lines"][0]["number"] == "112", language
            assert all(re.fullmatch(r"[0-9 ]{3,12}", line["number"]) and line["name"] and line["what"] for line in known["lines"]), language


class TestWords:
    @pytest.mark.parametrize("part", ["", "-more", "-meet", "-notices"])
    def test_are_the_same_in_every_language(self, part: str) -> None:
        names = {
            language: re.findall(r"^  '?(\w+)'?: ", (serving.PAGE / f"words/{language}{part}.js").read_text(), re.MULTILINE)
            for language in LANGUAGES
        }

        for language in LANGUAGES:
            assert names[language] == names["nl"], language

    @pytest.mark.parametrize("part", ["", "-more", "-meet", "-notices"])
    def test_have_the_same_places_to_fill(self, part: str) -> None:
        places = {
            language: re.findall(r"^  '?(\w+)'?: (.*)$", (serving.PAGE / f"words/{language}{part}.js").read_text(), re.MULTILINE)
            for language in LANGUAGES
        }

        for language in LANGUAGES:
            assert {name: said.count("{}") for name, said in places[language]} == {name: said.count("{}") for name, said in places["nl"]}, (
                language
            )

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_say_one_thing_by_one_name_because_all_parts_meet_in_one_place(self, language: str) -> None:
        said: dict[str, set[str]] = {}
        for path in (serving.PAGE / "words").glob(f"{language}*.js"):
            for name, text in re.findall(r"^  '?(\w+)'?: (.*)$", path.read_text(), re.MULTILINE):
                said.setdefault(name, set()).add(text)

        assert {name: texts for name, texts in said.items() if len(texts) > 1} == {}
