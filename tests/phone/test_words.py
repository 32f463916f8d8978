import string

import pytest

from phone.words import Words, words_for

LANGUAGES = ["nl", "fr", "en", "tr", "ar"]


def blanks(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


class TestWordsFor:
    def test_speaks_the_persons_language(self) -> None:
        assert words_for("fr").read == "lu"
        assert words_for("nl_BE.UTF-8").read == "gelezen"

    @pytest.mark.parametrize("language", ["de", "", None, "C"])
    def test_speaks_english_when_it_cannot(self, language: str | None) -> None:
        assert words_for(language) is words_for("en")


@pytest.mark.parametrize("language", LANGUAGES)
class TestEveryLanguage:
    def test_fills_the_same_blanks(self, language: str) -> None:
        for field in Words.__dataclass_fields__:
            ours, english = getattr(words_for(language), field), getattr(words_for("en"), field)
            if isinstance(english, str):
                assert blanks(ours) == blanks(english), field

    def test_knows_the_same_problems_and_commands(self, language: str) -> None:
        assert words_for(language).problems.keys() == words_for("en").problems.keys()
        assert [c.split()[0] for c, _ in words_for(language).help] == [c.split()[0] for c, _ in words_for("en").help]

        assert [key for key, _ in words_for(language).keys] == [key for key, _ in words_for("en").keys]

    def test_says_the_same_of_meetings(self, language: str) -> None:
        ours, english = words_for(language).meetings, words_for("en").meetings

        assert [command for command, _ in ours.help] == [command for command, _ in english.help]
        for field in ("acts", "states", "problems"):
            assert getattr(ours, field).keys() == getattr(english, field).keys()
            assert all(getattr(ours, field).values())
        assert all(getattr(ours, field) for field in ours.__dataclass_fields__)

    def test_names_the_address_where_nobody_answers(self, language: str) -> None:
        assert "http://maatje:1" in words_for(language).problem("no_answer", server="http://maatje:1")

    def test_leaves_nothing_empty(self, language: str) -> None:
        assert all(getattr(words_for(language), field) for field in Words.__dataclass_fields__)
