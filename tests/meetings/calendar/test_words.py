"""Every word in every language."""

from typing import get_args

from accounts.models import Language
from chat.frames.meetings import Purpose
from meetings.calendar import words


def test_no_purpose_and_no_language_goes_without_a_word() -> None:
    for language in Language.values:
        plain = words.summary(language, "work", details=False)
        told = {words.summary(language, purpose, details=True) for purpose in get_args(Purpose)}
        assert plain and words.ALL[language] and words.ONLINE[language]
        assert len(told) == 9 and all(one.startswith(f"{plain}: ") and len(one) > len(plain) + 3 for one in told)
