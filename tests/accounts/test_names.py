import pytest

from accounts.names import clean_label, clean_name
from core.errors import Invalid


class TestCleanName:
    def test_composes_and_trims(self) -> None:
        assert clean_name("  Zoe\u0308 ") == "Zoë"

    def test_counts_code_points_not_bytes(self) -> None:
        assert clean_name("ğ" * 80) == "ğ" * 80

    @pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Fa\x00tima", "Fati\nma", "\u202eamitaF", "\ud800", "a\u2066b"])
    def test_refuses_what_is_empty_long_or_disguised(self, name: str) -> None:
        with pytest.raises(Invalid):
            clean_name(name)


class TestCleanLabel:
    def test_may_be_empty(self) -> None:
        assert clean_label("") == ""

    def test_refuses_more_than_forty(self) -> None:
        with pytest.raises(Invalid):
            clean_label("x" * 41)
