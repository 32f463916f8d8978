"""Short names for what only the module sees; everything else reads as before."""

import shutil
import subprocess

import pytest

from web.javascript import NotOurStyle
from web.shortening import declared, shorten


@pytest.fixture(autouse=True)
def names_by_the_alphabet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.shortening._LETTERS", "abcdefghijklmnopqrstuvwxyz")


def short(text: str) -> str:
    return shorten(text)[0]


class TestShorten:
    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ("const count = 1;\nlet total = count + 2;", "const a=1;let b=a+2;"),
            ("const count = 1;\nconst total = () => { go(); };\nconst rest = 2;\ngo();", "const a=1,b=()=>{go()},c=2;go();"),
            ("if (one) { go(); }\nconst a = 1;\nlet b;\nlet c;", "if(one){go()}const a=1;let b,c;"),
            ("const f = () => { const a = 1; if (a) go(); const b = 2; };", "const a=()=>{const a=1;if(a)go();const b=2};"),
            ("const f = [\n  go(\n    1,\n  ),\n  {two, },\n];\nconst g = [,];", "const a=[go(1),{two}],b=[,];"),
            ("const f = (first, second) => first.second + second;", "const a=(a,b)=>a.second+b;"),
            ("const f = ({slot, seq: place = 1}) => ({slot, seq: place});", "const a=({slot:a,seq:b=1})=>({slot:a,seq:b});"),
            ("const f = one => { const two = one; return [...two]; };", "const a=a=>{const b=a;return[...b]};"),
            ("for (const one of all) go(one);\nfor (const two of all) go(two);", "for(const a of all)go(a);for(const a of all)go(a);"),
            ("const a = `x${b.c}y${one}`, one = 1;", "const c=`x${b.c}y${a}`,a=1;"),
            ("const take = {async page(frame) { return frame; }, name: 1};", "const a={async page(a){return a},name:1};"),
            ("const bare = text => text.replace(/[^a-z/'\"]/g, '');", "const a=a=>a.replace(/[^a-z/'\"]/g,'');"),
            ("const half = whole => whole / 2 / whole;", "const a=a=>a/2/a;"),
            ("try { go(); } catch (problem) { tell(problem); }", "try{go()}catch(a){tell(a)}"),
            ("const x = 1 + +y - -z, s = a in b;", "const c=1+ +y- -z,d=a in b;"),
            ("const d = one + ++two - --three / /x/g.y;", "const a=one+ ++two- --three/ /x/g.y;"),
            ("const d = /a/ in one, e = 1 .x;", "const a=/a/ in one,b=1 .x;"),
            ("if (one) /'/.test(two) && go();", "if(one)/'/.test(two)&&go();"),
            ("const d = one.of / two / one;", "const a=one.of/two/one;"),
            ("{ while (next()) ; }", "{while(next());}"),
            ("function open(status) {\n  status = location;\n}", "function a(a){a=location}"),
        ],
    )
    def test_renames_variables_and_leaves_properties_and_the_window_alone(self, written: str, said: str) -> None:
        assert short(written).replace("\n", "") == said

    def test_keeps_a_name_of_the_window_where_nobody_declared_it(self) -> None:
        said = short("const leave = () => location.replace(status);\nconst show = status => status.name;")

        assert "location.replace(status)" in said
        assert "a=>a.name" in said

    def test_gives_a_shadow_a_name_of_its_own_scope(self) -> None:
        said = short("const f = word => { const g = word => word + 1; return g(word); };")

        assert said == "const a=a=>{const b=a=>a+1;return b(a)};"

    def test_gives_what_a_function_declares_no_name_of_its_parameters_said_or_not(self) -> None:
        assert short("const f = (one, two) => {\n  const three = two;\n  return three;\n};") == "const a=(a,b)=>{const c=b;return c};"
        assert short("try { go(); } catch (problem) { const one = 1; }") == "try{go()}catch(a){const b=1}"

    def test_calls_what_is_imported_as_it_is_told(self) -> None:
        assert shorten("const one = el(words), two = words;", {"el": "a", "words": "c"})[0] == "const b=a(c),d=c;"

    def test_never_takes_a_name_that_means_something_where_it_would_stand(self) -> None:
        said = short("const outer = 1;\nconst f = one => outer + a + one;")

        assert said.replace("\n", "") == "const b=1,c=c=>b+a+c;"

    def test_says_how_the_modules_own_names_are_called_now(self) -> None:
        assert shorten("const count = 1;\nconst more = one => count;")[1] == {"count": "a", "more": "b"}

    def test_keeps_the_lines_that_end_a_statement(self) -> None:
        assert short("const f = () => {\n  go();\n}\nf()\n") == "const a=()=>{go()}\na()"


class TestWhatIsNotOurStyle:
    @pytest.mark.parametrize(
        "written",
        [
            "class Talk {}",
            "var one = 1;",
            "with (one) two();",
            "eval('one');",
            "function *all() { yield 1; }",
            "out: for (const one of all) break out;",
            "go();\nout: while (one) two();",
            "const a = `x${one ? `y${two}` : ''}z`;",
            "const a = `${ {one: two}.one }`;",
            "const a = 'it's';",
            "const a = 'one\n';",
            "const a = `one;",
            "go(); // and then",
            "go(); /* and then */",
            "const a = {} / 2;",
            "const a = one?.two;",
            "const a = one ?? two;",
            "one ||= two;",
            "const été = 1;",
            "this.#own = 1;",
            "go(one]);",
            "if (one) { go();",
            "go(); }",
        ],
    )
    def test_is_refused(self, written: str) -> None:
        with pytest.raises(NotOurStyle):
            short(written)

    @pytest.mark.parametrize(
        "written", ["const a={class:'x',var:1,with:2}", "go({name:1}.class)", "const a=b?.5:1", "switch(a){case 1:default:go()}"]
    )
    def test_is_not_taken_for_what_is(self, written: str) -> None:
        assert short(written).endswith(written[7:])


class TestDeclared:
    def test_names_what_the_module_declares_for_all_of_itself(self) -> None:
        text = "const one = 1, {two, three: four} = window;\nlet five;\nasync function six(seven) { const eight = 1; }\nif (one) { const nine = 1; }"

        assert declared(text) == {"one", "two", "four", "five", "six"}


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
class TestInNode:
    def test_does_the_same_as_before(self) -> None:
        program = """
const words = ['b', 'a'], facts = {count: 2, take(words) { return words.length + this.count; }};
const say = (text, ...values) => text.replace(/{}/g, () => values.shift());
async function walk(list, {deep = 1, ...rest} = {}) {
  const out = [];
  for (const [at, word] of list.entries()) {
    const list = word + at;
    if (at % 2) out.push(`${list}-${deep}`); else out.push(say('{}!{}', list, rest.more));
  }
  try { null.x } catch (problem) { out.push(problem.name) }
  return out.sort((a, b) => a < b ? -1 : 1);
}
walk(words, {more: 'm'}).then(out => console.log(JSON.stringify([out, facts.take(words), {words}])));
"""
        run = [
            subprocess.run(["node", "--input-type=module"], input=text, capture_output=True, text=True, check=True)
            for text in (program, short(program))
        ]

        assert run[0].stdout == run[1].stdout != ""
