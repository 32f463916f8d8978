"""What a browser loads first is what the page itself names."""

from bench.bytes.app import first_load, named_in

SHELL = """<!doctype html><html><head>
<link rel="stylesheet" href="/w/app.css"><link rel="manifest" href="/w/m.webmanifest"><link rel="icon" href="/w/icon.svg">
<link rel="apple-touch-icon" href="/w/icon.png"><link rel="modulepreload" href="/w/wire.js">
<script type="module" src="/w/app.js"></script><script nomodule src="/w/old.js"></script></head></html>"""


class TestNamedIn:
    def test_leaves_out_what_a_browser_of_today_does_not_fetch(self) -> None:
        assert named_in(SHELL) == ["/w/app.css", "/w/m.webmanifest", "/w/icon.svg", "/w/wire.js", "/w/app.js"]


class TestFirstLoad:
    def test_adds_what_the_script_asks_for_by_itself(self) -> None:
        files = first_load(SHELL, language="tr", dictionary="/lite/tr1-0123abcd.bin")

        assert files[0] == "/"
        assert {"/sw.js", "/w/words/tr.js", "/lite/tr1-0123abcd.bin"} <= set(files)
