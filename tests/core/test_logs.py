import logging

import pytest

from core.logs import FORBIDDEN_KEYS, Brief, drop_content


class TestDropContent:
    @pytest.mark.parametrize("key", sorted(FORBIDDEN_KEYS))
    def test_withholds_what_could_carry_words_or_secrets(self, key: str) -> None:
        assert drop_content(None, "info", {key: "geheim", key.upper(): "geheim"}) == {key: "[withheld]", key.upper(): "[withheld]"}

    def test_keeps_ids_and_codes(self) -> None:
        assert drop_content(None, "info", {"event": "sent", "seq": 3}) == {"event": "sent", "seq": 3}


class TestBrief:
    @pytest.mark.parametrize(("name", "is_kept"), [("django.security.TooManyFieldsSent", False), ("django.request", True), ("chat", True)])
    def test_tells_what_strangers_do_in_one_line(self, name: str, is_kept: bool) -> None:  # a parameter
        problem = (ValueError, ValueError("x"), None)
        record = logging.LogRecord(name, logging.ERROR, "", 1, "said", None, problem)

        assert Brief().filter(record)
        assert (record.exc_info == problem) == is_kept
