"""The grammar of the lists."""

import pytest

from moderation.screening.anchors import anchors_of
from moderation.screening.grammar import BadPhrase, compile_phrase
from tests.moderation.screening.words import an_engine, sees


def plainly(word: str, *, is_whole: bool) -> str:
    return word


class TestPhrases:
    @pytest.mark.parametrize(
        ("phrase", "text", "is_seen"),
        [
            ("dood", "dood", True),
            ("dood", "doodmoe", False),
            ("dood*", "doodmoe", True),
            ("*moord", "zelfmoord", True),
            ("*moord", "moordend", False),
            ("*moord*", "zelfmoordplan", True),
            ("{ik|we} wil{len|} weg", "we willen weg", True),
            ("{ik|we} wil{len|} weg", "ik wil weg", True),
            ("{ik|we} wil{len|} weg", "jij wil weg", False),
            ("{heel|} veel pillen", "veel pillen", True),
            ("{de|een hele {doos|pot}} pillen", "een hele pot pillen", True),
            ("{de|een hele {doos|pot}} pillen", "een hele pillen", False),
            ("ik ga _ slaan", "ik ga u slaan", True),
            ("ik ga _ slaan", "ik ga slaan", False),
            ("ik ga _ slaan", "ik ga u eens slaan", False),
            ("ik ga ... slaan", "ik ga slaan", True),
            ("ik ga ... slaan", "ik ga u nu eens slaan", True),
            ("ik ga ... slaan", "ik ga u nu eens hard slaan", False),
            ("ik ga ... slaan", "ik ga. Morgen slaan", False),
            ("{kom|ga} ... {weg|hier}", "ga nu eens weg", True),
            ("... dood ...", "dood", True),
            (". dood (a) [x", "dood a x", True),
            ("dood?", "dood", True),
        ],
    )
    def test_stand_where_they_say(self, phrase: str, text: str, is_seen: bool) -> None:
        assert sees(an_engine(phrase), text) is is_seen

    @pytest.mark.parametrize("phrase", ["", "_", "...", "{a", "a}", "a|b", "*", "_ ... _", "{{{{{{a}}}}}}"])
    def test_are_refused_when_they_say_nothing(self, phrase: str) -> None:
        with pytest.raises(BadPhrase):
            compile_phrase(phrase, plainly)

    def test_are_looked_for_by_their_longest_words(self) -> None:
        assert anchors_of(compile_phrase("ik ga _ vermoorden", plainly)) == ([" vermoorden "], 3, (" ik ga ",))

    def test_are_looked_for_by_every_way_to_say_them(self) -> None:
        anchors = anchors_of(compile_phrase("{ik|we} ... {vermoord*|wurgen}", plainly))

        assert anchors is not None
        assert (sorted(anchors.texts), anchors.at) == ([" vermoord", " wurgen "], 2)

    def test_of_one_letter_cannot_be_looked_for(self) -> None:
        assert anchors_of(compile_phrase("{a|dood}", plainly)) is None
