"""The five languages say the same things."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from accounts.errors import Suspended
from accounts.models import Language, Person
from chat import errors as chat_errors
from chat import frames
from core.errors import DomainError
from meetings import errors as meeting_errors
from meetings.advice import Unwise
from meetings.occurrences import WhyNot
from notifications import errors as notice_errors
from tests.contracts.test_protocol_page import _FOR_MEMBERS as FOR_MEMBERS
from tests.web.plain.browser import Browser
from web.plain import errors as plain_errors
from web.plain.words import LANGUAGES, words


def names(said: Any, before: str = "") -> Iterator[str]:
    for name, text in said.items():
        if isinstance(text, str):
            assert text.strip() == text != "", f"{before}{name}"
            yield before + name
        else:
            yield from names(text, f"{before}{name}.")


class TestWords:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_are_there_in_every_language(self, language: str) -> None:
        assert list(names(words(language))) == list(names(words("nl")))

    def test_are_there_for_what_a_conversation_refuses(self) -> None:
        everything: list[object] = [*vars(chat_errors).values(), Suspended]
        refusals = [kind for kind in everything if isinstance(kind, type) and issubclass(kind, DomainError)]
        only_devices = {"bad_range", "draft_reused", "malformed", "unknown_command", "wrong_kind_of_frame", "frame_too_big", "not_resumed"}
        said = {kind.code for kind in refusals} - only_devices - {"refused", "invalid"}

        assert said - set(words("nl")["refused"]) == set()

    def test_are_there_for_what_meetings_and_notices_refuse(self) -> None:
        everything = [*vars(meeting_errors).values(), *vars(notice_errors).values(), *vars(plain_errors).values()]
        refusals = {kind for kind in everything if isinstance(kind, type) and issubclass(kind, DomainError)}
        only_devices = {"endpoint_refused", "push_keys_invalid"}

        assert {kind.code for kind in refusals} - only_devices - {"refused", "broken"} - set(words("nl")["refused"]) == set()

    def test_are_there_for_what_safety_refuses_to_members(self) -> None:
        assert {kind.code for kind in FOR_MEMBERS} - set(words("nl")["refused"]) == set()

    def test_are_there_for_every_reason_urgency_and_need(self) -> None:
        said = words("nl")["safe"]

        assert tuple(said["reasons"]) == get_args(frames.FlagReason)
        assert tuple(said["urgencies"]) == get_args(frames.Urgency)
        assert tuple(said["needs"]) == get_args(frames.Help)

    def test_are_there_for_all_that_a_meeting_can_be(self) -> None:
        meet = words("nl")["meet"]

        assert set(meet["acts"]) == set(get_args(frames.meetings.Act))
        assert set(meet["purposes"]) == set(get_args(frames.meetings.Purpose))
        assert set(meet["states"]) >= set(get_args(frames.meetings.MeetingState))
        assert set(meet["fate"]) >= set(get_args(WhyNot)) - {""}
        assert set(meet["warnings"]) == set(get_args(Unwise))


class TestFrench:
    def test_breaks_no_line_before_a_question_mark(self) -> None:
        said = [*Path("web/plain/words").glob("fr*"), *Path("web/page/words").glob("fr*"), *Path("phone/words").glob("fr*"), Path("web/page/help/fr.json"), Path("moderation/words_of_letters/fr.toml")]  # fmt: skip

        broken = [line for path in said for line in path.read_text().splitlines() if re.search(r"(?<=[\w’.…}>)]) [?!:;»]|« ", line)]

        assert broken == []


class TestArabic:
    def test_is_written_from_the_right_on_every_page(self, hers: Browser, fatima: Person) -> None:
        fatima.language = Language.AR
        fatima.save()

        for path in ("/t", "/t/1", "/t/1/people", "/t/help", "/t/settings", "/t/out", "/t/x"):
            assert '<html lang="ar" dir="rtl">' in hers.open(path).html

    def test_lets_each_message_choose_its_side(self, hers: Browser) -> None:
        hers.send("مرحبا")

        assert '<p dir="auto">مرحبا' in hers.open("/t/1").html
