"""What stands around a phrase decides whether it counts."""

import pytest

from moderation.screening.engine import Engine
from moderation.screening.lists import BadList, parse
from tests.moderation.screening.words import HEAD, a_list, a_rule, an_engine, sees

NEGATION = '[negation]\nwords = ["niet", "geen"]\nbefore = 3\nafter = 2\n'


class TestCompany:
    def test_asks_for_a_word_near(self) -> None:
        engine = an_engine("geld", more='near = ["leen*", "stuur mij"]\nwithin = 4')

        assert sees(engine, "leent ge mij wat geld")
        assert sees(engine, "geld, stuur mij dat")
        assert not sees(engine, "geld maakt niet gelukkig")
        assert not sees(engine, "leent ge morgen misschien ook nog eens wat geld")

    def test_does_not_take_the_phrase_for_its_own_company(self) -> None:
        engine = an_engine("pillen*", more='near = ["pillendoos"]')

        assert not sees(engine, "mijn pillendoos")

    def test_finds_company_behind_a_gap_that_ends_the_phrase(self) -> None:
        engine = an_engine("ik ga {...}", more='near = ["straks"]')

        assert sees(engine, "ik ga nu of straks")

    def test_is_silent_beside_an_excuse(self) -> None:
        engine = an_engine("ik ga dood", more='unless = ["van het lachen", "😂"]')

        assert not sees(engine, "ik ga dood van het lachen")
        assert not sees(engine, "ik ga dood 😂")
        assert sees(engine, "ik ga dood van verdriet")


class TestNegation:
    engine = an_engine("zelfmoord*", head=HEAD + NEGATION)

    @pytest.mark.parametrize("text", ["ik heb geen zelfmoordplannen", "niet aan zelfmoord denken", "zelfmoord nee niet"])
    def test_silences_what_it_denies(self, text: str) -> None:
        assert not sees(self.engine, text)

    @pytest.mark.parametrize("text", ["ik kan niet meer. zelfmoord", "geen slaap en de hele nacht zelfmoordgedachten", "niet?\nzelfmoord"])
    def test_reaches_neither_far_nor_over_the_end_of_a_sentence(self, text: str) -> None:
        assert sees(self.engine, text)

    def test_leaves_alone_what_holds_its_own(self) -> None:
        engine = an_engine("ik wil niet meer leven", head=HEAD + NEGATION, more="negatable = false")

        assert sees(engine, "echt niet, ik wil niet meer leven")


class TestLanguages:
    def test_looks_for_long_phrases_of_danger_in_every_language(self) -> None:
        engine = an_engine("i want to die", "die", language="en")

        assert sees(engine, "i want to die", "nl")
        assert not sees(engine, "die man daar", "nl")

    def test_looks_for_the_rest_in_the_languages_of_who_talks(self) -> None:
        engine = an_engine("send me your bank card", language="en", klass="money")
        text = engine.text("send me your bank card", "nl")

        assert not engine.find(text, ("nl", "tr"))
        assert engine.find(text, ("nl", "en"))

    def test_takes_a_single_word_for_what_it_is_to_its_writer(self) -> None:
        engine = an_engine("hoe", "you hoe", language="en", klass="sexual")

        assert not engine.find(engine.text("hoe gaat het", "nl"), ("nl", "en"))
        assert engine.find(engine.text("hoe", "en"), ("en", "nl"))
        assert engine.find(engine.text("you hoe", "nl"), ("nl", "en"))


class TestManyTerms:
    def test_takes_as_many_as_an_organisation_may_have(self) -> None:
        some, many = "bcdfghklmn", "bcdfghjklmnpqrstvwxz"
        words = [f"{a}{b}{c} {d}{e}" for a in some for b in "aeiou" for c in many for d in many for e in "aeiou"]
        engine = Engine.of([parse(a_list(a_rule(*words)), "nl")])

        assert len(words) == 100_000
        assert sees(engine, "dit is bak ba of zo")
        assert not sees(engine, "dit is bak of ba zo")

    def test_never_takes_long_over_a_text_made_to_take_long(self) -> None:
        engine = an_engine("a{a|aa|aaa|} ... {aa|a a|a} ... {a|aa} ... aab")

        assert not sees(engine, "a aa " * 400)
        assert sees(engine, "a aa " * 400 + "aab")


class TestProblems:
    def test_names_every_rule_that_cannot_be_used(self) -> None:
        with pytest.raises(BadList) as refusal:
            an_engine("{goed", "o", "*", "prima")

        assert [problem.partition(":")[0] for problem in refusal.value.problems] == ["rule 1 (tested)"] * 3
