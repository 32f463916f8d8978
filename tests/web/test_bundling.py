"""Modules that come in one file: each in a scope of its own, found by who asks for it."""

import pytest

from web.bundling import bundled
from web.javascript import NotOurStyle

WHEN = "import {el} from './view.js';\nconst day = 1;\nexport const said = time => el(time + day);\n"
MEET = (
    "import {el, go} from './view.js';\nimport {said} from './when.js';\nconst day = 2;\nexport async function show() { go(said(day)); }\n"
)
BUNDLES = {"dates": ("when", "meet"), "mine": ("people",)}


def together(**others: str) -> dict[str, str]:
    return bundled({"when.js": WHEN, "meet.js": MEET, "people.js": "export const show = 1;\n", **others}, BUNDLES)


class TestBundled:
    def test_gives_each_module_its_own_scope_and_says_imports_once(self) -> None:
        files = together()

        assert set(files) == {"dates.js", "mine.js"}
        assert files["dates.js"].count("import {") == 1
        assert files["dates.js"].startswith("import {el, go} from './view.js';\nexport const when_ = (() => {\nconst day = 1;")
        assert "export const meet_ = (() => {\nconst {said} = when_;\nconst day = 2;" in files["dates.js"]
        assert "return {show};\n})();" in files["dates.js"]

    def test_sends_who_asks_for_one_to_where_it_is(self) -> None:
        asks = "const a = () => import('./meet.js'); const b = () => import('./other.js'); const c = ['when.js', 'meet.js', 'other.js'];"

        said = together(**{"app.js": asks})["app.js"]

        assert "import('./dates.js').then(all => all.meet_)" in said
        assert "import('./other.js')" in said
        assert "['dates.js', 'other.js']" in said

    def test_finds_one_whose_name_is_known_later(self) -> None:
        said = together(**{"app.js": "const show = wanted => import(`./${wanted}.js`);"})["app.js"]

        assert said == "const show = wanted => import('./' + ({people: 'mine'}[wanted] || 'dates') + '.js').then(all => all[wanted + '_']);"

    def test_refuses_one_name_for_two_things(self) -> None:
        clash = WHEN.replace("{el} from './view.js'", "{go} from './elsewhere.js'").replace("el(", "go(")

        with pytest.raises(NotOurStyle, match="dates: go comes from two modules"):
            together(**{"when.js": clash})

    def test_lets_a_module_declare_its_own_name(self) -> None:
        plan = "import {said, when} from './when.js';\nexport const show = () => said(when);\n"
        files = bundled({"when.js": WHEN + "export const when = 3;\n", "plan.js": plan}, {"dates": ("when", "plan")})

        assert "const {said, when} = when_;" in files["dates.js"]
