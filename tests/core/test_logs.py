import pytest

from core.logs import FORBIDDEN_KEYS, drop_content


class TestDropContent:
    @pytest.mark.parametrize("key", sorted(FORBIDDEN_KEYS))
    def test_withholds_what_could_carry_words_or_secrets(self, key: str) -> None:
        assert drop_content(None, "info", {key: "geheim", key.upper(): "geheim"}) == {key: "[withheld]", key.upper(): "[withheld]"}

    def test_keeps_ids_and_codes(self) -> None:
        assert drop_content(None, "info", {"event": "sent", "seq": 3}) == {"event": "sent", "seq": 3}
