import pytest

from accounts.phones import clean_phone, hint_of
from core.errors import Invalid


class TestCleanPhone:
    @pytest.mark.parametrize("typed", ["0470 12 34 56", "+32 470 12 34 56", "0032470123456", "0470/12.34.56", "+32 (0) 470 12 34 56"])
    def test_gives_one_spelling_however_it_was_typed(self, typed: str) -> None:
        assert clean_phone(typed) == "+32470123456"

    def test_keeps_another_country(self) -> None:
        assert clean_phone("+31 6 12345678") == "+31612345678"

    @pytest.mark.parametrize("typed", ["", "hello", "12", "+32 1", "0470 12 34 56 78 90", "\x00"])
    def test_refuses_what_cannot_be_called(self, typed: str) -> None:
        with pytest.raises(Invalid):
            clean_phone(typed)


class TestHintOf:
    def test_shows_the_end_only(self) -> None:
        assert hint_of("+32470123456") == "… 34 56"

    def test_says_nothing_without_a_number(self) -> None:
        assert hint_of(None) is None
