from datetime import datetime

import msgspec

from chat.frames import Meeting, MeetingTime
from console.words import happened, meeting_in_words, seen
from console.words.refusals import _REFUSALS
from console.words.signals import _SAW
from core.errors import DomainError
from moderation import errors
from moderation.screening.lists import in_package, parse


class TestRefusals:
    def test_have_a_sentence_for_every_code_of_moderation(self) -> None:
        own = [
            one
            for one in vars(errors).values()
            if isinstance(one, type) and issubclass(one, DomainError) and one.__module__ == errors.__name__
        ]

        assert not [one.code for one in own if one.code not in _REFUSALS]


class TestHappened:
    def test_tells_codes_in_words(self) -> None:
        assert happened("triaged", {"priority": 0}) == "Dringendheid bepaald: direct gevaar"
        assert happened("decided", {"kind": "warn"}) == "Beslist: verwittigen"

    def test_never_fails_on_what_it_does_not_know(self) -> None:
        assert happened("sang", {}) == "sang"
        assert happened("read", {}) == "Gelezen"


class TestSignals:
    def test_have_a_word_for_every_rule_of_our_lists(self) -> None:
        reasons = {rule.reason for language, text in in_package().items() for rule in parse(text, language).rules}

        assert sorted(reason for reason in reasons if reason not in _SAW) == []

    def test_are_told_plainly_where_the_code_is_of_an_organisation(self) -> None:
        assert seen("secret_meeting") == "zeg het tegen niemand"
        assert seen("our_own_rule") == "our own rule"


class TestMeetings:
    def test_are_told_in_a_line(self) -> None:
        at = datetime.fromisoformat("2026-03-07T13:00:00+00:00")
        time = MeetingTime(start="2026-03-07T14:00", minutes=60, at=at)
        meeting = Meeting(1, 1, "propose", "proposed", 1, "Europe/Brussels", [time], place="Markt")

        assert meeting_in_words(msgspec.json.encode(meeting).decode()) == "Afspraak (voorgesteld): za 7 maart, 14:00, Markt"

    def test_say_so_when_they_cannot_be_read(self) -> None:
        assert "niet meer te lezen" in meeting_in_words("{}")
