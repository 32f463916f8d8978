import pytest

from console.marks import plainly


class TestPlainly:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("gewoon", "gewoon"),
            ("<b>", "&lt;b&gt;"),
            ("a\u202eb", 'a<span class="unseen">dwing rechts→links</span>b'),
            ("ge\u200bld", 'ge<span class="unseen">nulbreedte</span>ld'),
            ("a\u0007b", 'a<span class="unseen">U+0007</span>b'),
            ("\U000e0041", '<span class="unseen">U+E0041</span>'),
            ("regel\nregel", "regel\nregel"),
            ("مرحبا", "مرحبا"),
        ],
        ids=["plain", "markup", "override", "zero-width", "control", "tag", "lines", "arabic"],
    )
    def test_shows_what_nobody_would_see(self, written: str, shown: str) -> None:
        assert plainly(written) == shown

    def test_leaves_an_emoji_of_several_whole(self) -> None:
        assert plainly("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"
        assert "unseen" in plainly("a\u200db")
