"""Several modules in one file: what they import from each other falls away, and what others import comes from that file."""

import re

import pytest

from web.javascript import NotOurStyle
from web.joining import NamesClash, together

VIEW = "export const words = {};\nexport function el(name) { return name; }\n"
APP = "import {el, words} from './view.js';\nexport const page = el('p');\n"
HELP = "import {el} from './view.js';\nimport {page} from './app.js';\nimport {other} from './other.js';\nel(page, other);\n"
OTHER = "export const other = 1;\n"


def joined(**files: str) -> dict[str, str]:
    return together({f"{name}.js": text for name, text in files.items()}, ("view.js", "app.js"), is_short=False)


def split_edition(text: str) -> tuple[str, str]:
    return text, re.findall(r"let (_\w+);export", text)[0]


class TestTogether:
    def test_shares_one_scope_and_exports_what_the_others_ask_for(self) -> None:
        files = joined(view=VIEW, app=APP, help=HELP)

        said, edition = split_edition(files["app.js"])
        assert said.split("\n") == [
            "const words = {};", "function el(name) { return name; }", "", "const page = el('p');", "", f"let {edition};export{{{edition},el,page}};",
        ]  # fmt: skip
        assert set(files) == {"app.js", "help.js"}

    def test_points_the_others_to_the_joined_file_and_leaves_their_own_imports_alone(self) -> None:
        files = joined(view=VIEW, app=APP, help=HELP)

        edition = split_edition(files["app.js"])[1]
        assert files["help.js"].split("\n")[:2] == [f"import {{{edition}, el, page}} from './app.js';", "import {other} from './other.js';"]

    def test_lets_no_file_of_another_edition_load(self) -> None:
        before, after = (joined(view=VIEW, app=APP + more, help=HELP) for more in ("", "el('more');\n"))

        assert split_edition(before["app.js"])[1] != split_edition(after["app.js"])[1]

    def test_calls_things_by_their_short_names_on_both_sides(self) -> None:
        files = together({"view.js": VIEW, "app.js": APP, "help.js": HELP, "other.js": OTHER}, ("view.js", "app.js"), is_short=True)

        edition = split_edition(files["app.js"])[1]
        names = re.findall(rf"export\{{{edition},(\w+),(\w+)\}}", files["app.js"])[0]
        el, page = re.findall(r"(\w+)\((\w+),other\)", files["help.js"])[0]
        assert {el, page} == {*names}
        assert f"function {el}(" in files["app.js"]
        assert f"import{{{edition},{el},{page}}}from'./app.js';" in files["help.js"]

    def test_gives_a_module_that_is_not_joined_short_names_and_lets_others_call_it_as_before(self) -> None:
        own = "import {el} from './view.js';\nimport {other} from './other.js';\nconst place = 1;\nexport const show = el => el + place;\nexport function hide() { el(place, other); }\n"
        files = together({"view.js": VIEW, "app.js": APP, "own.js": own, "other.js": OTHER}, ("view.js", "app.js"), is_short=True)

        short, hide = re.findall(r"export\{(\w+) as show,(\w+) as hide\}", files["own.js"])[0]
        el, place = re.findall(rf"function {hide}\(\)\{{(\w+)\((\w+),other\)\}}", files["own.js"])[0]
        assert f"const {place}=1,{short}=" in files["own.js"]
        assert re.search(rf",{short}=(\w+)=>\1\+{place};", files["own.js"])
        assert len({short, hide, el, place}) == 4

    @pytest.mark.parametrize(
        ("written", "why"),
        [
            ("import * as all from './view.js';\n", "import \\* as all"),
            ("import {el as make} from './view.js';\n", "el as make"),
            ("import './view.js';\n", "import './view.js'"),
            ("export {page};\n", "export {page}"),
            ("import {missing} from './other.js';\n", "missing of other.js"),
            ("const one = `${`two`}`;\n", "line 1"),
        ],
    )
    def test_refuses_what_it_does_not_read_and_says_where(self, written: str, why: str) -> None:
        with pytest.raises(NotOurStyle, match=f"help.js: .*{why}"):
            together({"view.js": VIEW, "app.js": APP, "help.js": written, "other.js": OTHER}, ("view.js", "app.js"), is_short=True)

    def test_refuses_two_modules_that_declare_one_name(self) -> None:
        with pytest.raises(NamesClash, match=r"view.js and app.js both declare 'words'"):
            joined(view=VIEW, app="const words = 1;\n")

    def test_sees_names_that_are_declared_in_patterns_and_lists_and_none_that_are_not_of_the_module(self) -> None:
        joined(view="const f = words => { const page = words; return page; };\n", app="const words = 1, page = 2;\n")

        with pytest.raises(NamesClash, match="'page'"):
            joined(view="const {page} = window;\n", app="let first, page;\n")
