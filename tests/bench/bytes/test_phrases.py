"""A file of phrases is read as it is, or named with the line that is wrong."""

from pathlib import Path

import pytest

from bench.bytes.phrases import LANGUAGES, read_phrases


def file(folder: Path, text: str | bytes) -> Path:
    path = folder / "phrases.tsv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


class TestReadPhrases:
    def test_takes_all_held_out_files_without_one(self) -> None:
        found = read_phrases(None)

        assert tuple(found) == LANGUAGES
        assert all(len(phrases) >= 50 for phrases in found.values())

    def test_keeps_texts_as_they_are_by_language(self, tmp_path: Path) -> None:
        found = read_phrases(file(tmp_path, "nl\tDag  Fatima! \n\nar\tسلم\r\nnl\tTot\tmorgen\n"))

        assert found == {"nl": ["Dag  Fatima! ", "Tot\tmorgen"], "ar": ["سلم"]}

    def test_reads_what_windows_wrote(self, tmp_path: Path) -> None:
        assert read_phrases(file(tmp_path, b"\xef\xbb\xbfen\thi\r\n")) == {"en": ["hi"]}

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("nl\tja\nnl nee", "line 2: no tab"),
            ("de\tHallo", "no language of ours: 'de'"),
            ("nl\t ", "no text"),
            ("nl\t" + "x" * 2001, "2,001 characters, and a message has at most 2,000"),
            ("nl\ta\x07b", "a control character, '\\x07'"),
            ("\n\n", "no phrases"),
            (b"nl\t\xff\xfe", "not UTF-8"),
        ],
    )
    def test_says_which_line_is_wrong_and_why(self, tmp_path: Path, text: str | bytes, said: str) -> None:
        with pytest.raises(SystemExit, match=r"phrases\.tsv") as problem:
            read_phrases(file(tmp_path, text))

        assert said in str(problem.value)

    def test_says_that_a_file_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(SystemExit, match="cannot be read"):
            read_phrases(tmp_path / "none.tsv")
