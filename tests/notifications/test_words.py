"""What notices say: the same in five languages, short, and nothing that tells who somebody is."""

from dataclasses import asdict
from typing import Any, get_args

import pytest
from smpplib import gsm

from chat.frames.meetings import Act
from notifications.models import NoticeKind
from notifications.words import LANGUAGES, OF_ACTS, code_text, text_of, words

FORBIDDEN = (
    # the word itself, and its neighbours
    *("poverty", "poor", "armoede", "arm ", "pauvre", "précar", "yoksul", "fakir", "فقر", "فقير", "welfare", "bijstand", "leefloon", "ocmw", "cpas"),
    # who is behind it
    *("maatje", "organisation", "organisatie", "association", "vereniging", "kuruluş", "dernek", "منظمة", "جمعية", "volunteer", "vrijwillig", "bénévol", "gönüllü", "متطوع"),
    *("client", "cliënt", "coordinator", "coördinator", "coordinat", "koordinatör", "منسق"),
    # debts, health and what else a meeting may be about
    *("debt", "schuld", "dette", "borç", "دين", "health", "gezond", "santé", "sağlık", "صحة"),
    # places for names, places and words of people
    *("{name}", "{place}", "{who}", "{text}", "{from}", "{naam}", "%s", "%(", "http", "www."),
)  # fmt: skip
PLACES = {"reminder_day": {"{time}"}, "reminder_hours": {"{time}"}, "code": {"{code}"}}


def said(language: str) -> dict[str, str]:
    return asdict(words(language))


@pytest.mark.parametrize("language", LANGUAGES)
class TestWords:
    def test_are_there_and_short(self, language: str) -> None:
        for name, text in said(language).items():
            plain = text.replace("\u00a0", " ")
            assert plain == " ".join(plain.split()) != "", name
            assert len(text.split()) <= 12, name
            assert name == "summary" or text[-1] in ".!?", name

    def test_hold_nothing_that_tells_who_somebody_is(self, language: str) -> None:
        found = [(name, word) for name, text in said(language).items() for word in FORBIDDEN if word in text.lower()]

        assert found == []

    def test_leave_room_for_an_hour_and_a_code_alone(self, language: str) -> None:
        for name, text in said(language).items():
            assert {f"{{{part.partition('}')[0]}}}" for part in text.split("{")[1:]} == PLACES.get(name, set()), name

    def test_fit_one_text_message_each(self, language: str) -> None:
        texts = [text.format(time="14:00", code="123456") for name, text in said(language).items() if name != "mail_stop"]

        assert [text for text in texts if len(gsm.make_parts(text)[0]) > 1] == []


class TestLoading:
    def test_refuses_no_language(self) -> None:
        assert words("xx") == words("nl")

    def test_gives_words_that_nobody_changes(self) -> None:
        everything: Any = words("nl")

        with pytest.raises(AttributeError):
            everything.message = "Jij daar!"

    def test_reads_each_language_in_its_own_words(self) -> None:
        assert len({words(language) for language in LANGUAGES}) == len(LANGUAGES) == 5


class TestText:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_only_that_there_is_a_message_unless_asked_for_more(self, language: str) -> None:
        kinds = {*NoticeKind.values, "new"} - {"duty"}
        details = ("", *OF_ACTS, "day", "hours")

        texts = {text_of(kind, detail, shows="nothing", language=language, time="14:00") for kind in kinds for detail in details}

        assert texts == {words(language).message}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_tells_staff_where_to_look_whatever_they_chose(self, language: str) -> None:
        assert {text_of("duty", "now:case", shows=shows, language=language) for shows in ("nothing", "kind")} == {words(language).duty}

    @pytest.mark.parametrize(
        ("kind", "detail", "text"),
        [
            ("entry", "", "You have a message."),
            ("meeting", "propose", "You are asked for a meeting."),
            ("meeting", "counter", "Somebody asks for another time for a meeting."),
            ("meeting", "move", "Somebody asks for another time for a meeting."),
            ("meeting", "accept", "There is an answer about a meeting."),
            ("meeting", "end", "A meeting is cancelled."),
            ("meeting", "whatever", "You have a message."),
            ("reminder", "day", "You have a meeting tomorrow at 14:00."),
            ("reminder", "hours", "You have a meeting today at 14:00."),
            ("circle", "ended", "There is news about your group or your buddy."),
            ("nudge", "", "Somebody waits for your answer. Take your time."),
            ("escalation", "", "You have a message."),
        ],
    )
    def test_says_what_it_is_about_to_who_asked(self, kind: str, detail: str, text: str) -> None:
        assert text_of(kind, detail, shows="kind", language="en", time="14:00") == text

    def test_of_a_reminder_without_an_hour_is_a_message(self) -> None:
        assert text_of("reminder", "day", shows="kind", language="en") == "You have a message."

    def test_knows_every_act(self) -> None:
        assert set(OF_ACTS) == set(get_args(Act))

    def test_of_a_code_holds_the_code(self) -> None:
        assert code_text("123456", language="fr") == "Ton code est 123456."
