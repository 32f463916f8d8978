import pytest

from phone.printable import on_one_line, printable


class TestPrintable:
    @pytest.mark.parametrize("steering", ["\x1b[2J", "\x9b2J", "\x07", "\x08", "\u202e", "\u2066", "\r"])
    def test_what_somebody_writes_does_not_steer_the_readers_terminal(self, steering: str) -> None:
        shown = printable(f"voor{steering}na")

        assert not any(character in shown for character in "\x1b\x9b\x07\x08\u202e\u2066\r")
        assert shown.startswith("voor")
        assert shown.endswith("na")

    def test_keeps_words_of_every_script(self) -> None:
        assert printable("Günaydın 👋🏽 صباح الخير\r\nça va?") == "Günaydın 👋🏽 صباح الخير\nça va?"


class TestOnOneLine:
    def test_joins_lines(self) -> None:
        assert on_one_line(" een\n\n twee\tdrie ") == "een twee drie"
