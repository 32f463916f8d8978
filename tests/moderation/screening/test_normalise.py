"""However somebody writes a word, it is that word."""

import pytest

from moderation.screening.normalise import MOST_STARRED, normalise
from tests.moderation.screening.words import HEAD, an_engine, sees


def line_of(text: str, language: str = "nl", *known: str) -> str:
    return normalise(text, language, spelling={}, known=set(known)).line.strip()


class TestOneSpelling:
    @pytest.mark.parametrize(
        "written",
        [
            "IK WIL DOOD", "ik  wil\tdood!!", "ik\u200b wil d\u200dood", "\u202eik wil dood", "ik wil do\u0301o\u0301d", "ik wil d\u043e\u043ed",
            "ik wil \uff44\uff4f\uff4f\uff44", "ik wil \U0001d41d\U0001d428\U0001d428\U0001d41d", "ik wil d00d", "ik wil dooooood", "ik wil d o o d", "ik wil d.o.o.d", "ik wil d-o-o-d", "ik wil d*od", "ik wil d**d", "ik...wil...dood", "ik wil dóód",
            "ik wil d\u00adood", "«ik» “wil” (dood)",
        ],
    )  # fmt: skip
    def test_sees_through_a_disguise(self, written: str) -> None:
        engine = an_engine("ik wil dood")

        assert sees(engine, written)

    @pytest.mark.parametrize("written", ["il va se foutre en l'air", "il va se foutre en l’air", "qu'il va se foutre en l'air"])
    def test_reads_two_words_where_french_leaves_a_letter_out(self, written: str) -> None:
        engine = an_engine("foutre en l air", language="fr")

        assert sees(engine, written, "fr")

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("24/7 open, 10u30", "24 7 open 10u30"),
            ("50euro of 50€", "50euro of 50 euro"),
            ("de 2de en de 3de", "de 2de en de 3de"),
            ("'t is d'accord, aujourd’hui", "t is daccord aujourdhui"),
            ("jan@example.be", "jan example be"),
            ("ben zo 😂😂", "ben zo 😂 😂"),
        ],
    )
    def test_leaves_what_is_none(self, written: str, read: str) -> None:
        assert line_of(written) == read

    def test_knows_a_word_of_foreign_letters_alone_from_one_that_looks_latin(self) -> None:
        assert line_of("привет") == "привет"
        assert line_of("\u0440\u043e\u0440\u0441\u043ern") == "popcorn"

    def test_keeps_the_digits_of_arabic_in_latin_letters(self) -> None:
        assert line_of("3ayez amoot", "ar") == "3ayez amoot"

    @pytest.mark.parametrize("written", ["أُرِيدُ أَنْ أَمُوتَ", "اريد ان اموت", "أريــــد أن أموت", "إريد آن اموت"])
    def test_reads_arabic_with_and_without_its_signs(self, written: str) -> None:
        assert sees(an_engine("أريد أن أموت", language="ar"), written, "ar")

    def test_reads_the_digits_of_arabic(self) -> None:
        assert line_of("٠٤٧١", "ar") == "0471"


class TestTurkish:
    engine = an_engine("seni öldür*", "sıkıldım", language="tr")

    @pytest.mark.parametrize(
        "written", ["seni öldüreceğim", "SENİ ÖLDÜRECEĞİM", "seni oldurecegim", "SENI OLDURECEGIM", "Seni Öldürecegim"]
    )
    def test_reads_it_with_and_without_its_letters(self, written: str) -> None:
        assert sees(self.engine, written, "tr")

    def test_does_not_take_being_for_dying_when_somebody_has_the_letters(self) -> None:
        engine = an_engine("ölsün", language="tr")

        assert sees(engine, "ölsün", "tr")
        assert not sees(engine, "geçmiş olsun", "tr")


class TestChatSpelling:
    engine = an_engine(
        "ik wil niet meer leven", head=HEAD + '[spelling]\nk = "ik"\nnie = "niet"\nkwil = "ik wil"\n', more="negatable = false"
    )

    @pytest.mark.parametrize("written", ["k wil nie meer leven", "kwil nie meer leven", "ik wil niet meer leven"])
    def test_reads_it_as_plain_words(self, written: str) -> None:
        assert sees(self.engine, written)

    def test_only_in_its_own_language(self) -> None:
        assert not sees(self.engine, "kwil nie meer leven", "fr")


class TestATextThatIsMadeToBeSlow:
    def test_has_a_few_of_its_stars_guessed(self) -> None:
        known = frozenset({"dood"})

        words = normalise("d**d " * (MOST_STARRED + 5), "nl", spelling={}, known=known).line.split()

        assert words.count("dood") == MOST_STARRED

    def test_is_no_word_where_stars_outnumber_letters(self) -> None:
        assert "dooood" not in normalise("d****d", "nl", spelling={}, known=frozenset({"dooood"})).line
