"""Lists as people write them, and what is told to those who make a mistake."""

import tomllib

import pytest

from moderation.screening.engine import Engine
from moderation.screening.lists import CLASSES, LANGUAGES, BadList, in_package, parse
from moderation.words import SignalClass
from tests.moderation.screening.words import HEAD, a_list, a_rule


def problems_of(text: str) -> list[str]:
    with pytest.raises(BadList) as refusal:
        parse(text, "nl")
    return refusal.value.problems


class TestBadLists:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[[rule", "not TOML"),
            ("", "no [[rule]]"),
            ("rule = 3", "no [[rule]]"),
            (a_list(a_rule("dood", klass="weather")), "class is one of"),
            (a_list(a_rule("dood", severity=5)), "severity is a whole number"),
            (a_list(a_rule("dood", reason="Wish to die")), "reason is a code"),
            (a_list(a_rule()), "at least one phrase"),
            (a_list(a_rule("  ")), "empty phrase"),
            (a_list(a_rule("dood", more="negatable = 1")), "negatable is true or false"),
            (a_list(a_rule("dood", more="within = -1")), "within is a whole number"),
            (a_list(a_rule("dood", more='naer = ["x"]')), "no setting 'naer'"),
            (a_list(a_rule("dood", more="near = [3]")), "empty phrase in near"),
            (a_list(a_rule("dood"), head="version = 1\n"), "reviewed_on is a date"),
            (a_list(a_rule("dood"), head=HEAD.replace("version = 1", 'version = "1"')), "version is a whole number"),
            (a_list(a_rule("dood"), head=HEAD + "[spelling]\nk = 3\n"), "spelling"),
            (a_list(a_rule("dood"), head=HEAD + "negation = 3\n"), "[negation] is a table"),
            (a_list(a_rule("x" * 10_001)), "longer than"),
            ("version = " + "9" * 5_000, "not TOML"),
            ("a = " + "[" * 20_000, "not TOML"),
            ("a" + ".a" * 3_000 + " = 1", "dots between them"),
            ("'a b' . \"a\"." * 4 + "a = 1", "dots between them"),
        ],
        ids=lambda value: value if len(value) < 40 and "\n" not in value else "",
    )
    def test_are_refused_with_what_is_wrong(self, text: str, said: str) -> None:
        assert any(said in problem for problem in problems_of(text))

    def test_hear_everything_at_once_up_to_a_limit(self) -> None:
        many = [a_rule("dood", klass="weather", severity=9)] * 100

        assert len(problems_of(a_list(*many))) == 20

    @pytest.mark.parametrize("sign", [".*", "(a+)+$", "[z-a]", "\\\\d{1000000}", "(?=x)", "^$"])
    def test_take_no_sign_for_a_regular_expression(self, sign: str) -> None:
        try:
            engine = Engine.of([parse(a_list(a_rule(f"dood {sign} ofzo")), "nl")])
        except BadList:
            return

        assert not engine.find(engine.text("dood aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! ofzo", "nl"), ("nl",))

    @pytest.mark.parametrize("braces", [4, 180], ids=["few", "many"])
    def test_open_no_more_braces_than_anybody_meant(self, braces: int) -> None:
        letters = "{" + "|".join("abcdefghijklmnopqrstuvwxyz") + "}"

        with pytest.raises(BadList, match="more than 250,000 ways"):
            Engine.of([parse(a_list(a_rule("w" + letters * braces), a_rule("goed")), "nl")])

    def test_open_no_braces_in_braces_without_end(self) -> None:
        with pytest.raises(BadList, match="deep"):
            Engine.of([parse(a_list(a_rule("w" + "{" * 4_000 + "a" + "}" * 4_000)), "nl")])


class TestOurLists:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_can_be_used(self, language: str) -> None:
        rules = parse(in_package()[language], language)

        Engine.of([rules])
        assert {rule.klass for rule in rules.rules} == set(CLASSES)
        assert rules.reviewed_on < rules.review_by

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_are_written_as_they_are_read(self, language: str) -> None:
        assert tomllib.loads(in_package()[language])["version"] >= 1

    def test_know_the_classes_of_the_tables(self) -> None:
        assert set(CLASSES) == set(SignalClass.values)
