"""Every letter, in every language, for every decision: whole, plain, and of that language alone."""

import re
import tomllib
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from accounts.models import Person
from chat.models import Conversation
from moderation import letters
from moderation.clauses import CLAUSES, LANGUAGES
from moderation.letter_words import FOLDER, words_in
from moderation.letters import Letter
from moderation.models import Case, Decision, Escalation, Statement
from moderation.words import DecisionKind, StatementKind, Urgency
from privacy.models import DataKey
from tests.moderation.casework import flagged

pytestmark = pytest.mark.django_db

RESTRICTIONS = [kind for kind in DecisionKind if kind.is_restriction]
CODES = {code for code in (*DecisionKind.values, *StatementKind.values, *CLAUSES) if "_" in code}  # the others are words too
ARABIC = re.compile(r"[\u0600-\u06ff]")
# Words that stand in every letter of a language and in no other's: what leaked from another shows itself by them.
OF = {
    "nl": {"het", "een", "niet", "iemand"},
    "fr": {"nous", "est", "une", "cette", "pas", "quelqu"},
    "en": {"the", "this", "somebody", "your", "you"},
    "tr": {"bir", "ve", "bunu", "için", "kimse"},
    "ar": set(),
}


@pytest.fixture
def case(talk: Conversation, fatima: Person, now: datetime) -> Case:
    """On what Annemie said in line 2."""
    return flagged(fatima, talk, 2, now=now)


def a_decision(case: Case, kind: DecisionKind, by: Person, *, now: datetime, until: datetime | None = None) -> Decision:
    is_ban = kind is DecisionKind.BAN
    decision = Decision(case=case, kind=kind, clause="no_threats", by=by, at=now, until=until, appeal_until=now + timedelta(days=184))
    decision.in_force_at = None if is_ban else now
    decision.take_words("@@@")
    decision.save()
    return decision


def a_letter(case: Case, person: Person, kind: StatementKind, facts: dict[str, Any], *, now: datetime, **more: Any) -> Statement:
    words = more.pop("words", "")
    statement = Statement(person=person, kind=kind, case=case, facts=facts, at=now, **more)
    statement.take_words(words)
    statement.save()
    return statement


def every_letter(case: Case, annemie: Person, fatima: Person, karin: Person, *, now: datetime) -> list[Statement]:
    """One of each shape that the actions make."""
    made = []
    line = {"line_at": now.isoformat()}
    for kind in RESTRICTIONS:
        decision = a_decision(case, kind, karin, now=now)
        for flag, signal, about, until in product((True, False), (True, False), (line, {}), (None, (now + timedelta(days=3)).isoformat())):
            facts = {
                "kind": str(kind),
                "clause": "no_threats",
                "from_flag": flag,
                "from_signal": signal,
                "until": until,
                "also_hidden": signal,
                "declined": signal and kind is not DecisionKind.HIDE,
                **about,
            }
            made.append(a_letter(case, annemie, StatementKind.RESTRICTION, facts, decision=decision, now=now))
        given_back = product(("", "back", "stays", "gone"), ("", "sent", "some", "waits", "again"))
        ends: list[dict[str, Any]] = [{"kind": str(kind), "outcome": "upheld"}]
        ends += [{"kind": str(kind), "outcome": "overturned", "also_hidden": True, "line": line, "held": held} for line, held in given_back]
        made += [a_letter(case, annemie, StatementKind.APPEAL, facts, decision=decision, words="@@@", now=now) for facts in ends]
    at_once: dict[str, Any] = {"kind": "suspend", "clause": "safety", "at_once": True}
    made.append(
        a_letter(
            case, annemie, StatementKind.RESTRICTION, at_once, decision=a_decision(case, DecisionKind.SUSPEND, karin, now=now), now=now
        )
    )
    declined: dict[str, Any] = {"kind": "hide", "clause": "respect", "declined": True}
    made.append(
        a_letter(case, annemie, StatementKind.RESTRICTION, declined, decision=a_decision(case, DecisionKind.HIDE, karin, now=now), now=now)
    )
    made.append(a_letter(case, annemie, StatementKind.APPEAL, {**declined, "outcome": "overturned", "held": "sent"}, words="@@@", now=now))
    interim = {"kind": "hide", "interim": True, "until": (now + timedelta(hours=72)).isoformat(), "from_flag": True, **line}
    made.append(a_letter(case, annemie, StatementKind.RESTRICTION, interim, now=now))
    made += [
        a_letter(case, annemie, StatementKind.RESTORED, {"kind": kind, **line}, now=now)
        for kind in ("hide", "pause_circle", "suspend", "ban")
    ]
    for kind in DecisionKind:
        flagged_at = {"kind": str(kind), "flagged_at": now.isoformat()}
        shapes: list[dict[str, Any]] = [{}, {"declined": True}, {"was_hidden": True}]
        shapes += [{"overturned": True, "line": line} for line in ("back", "stays", "gone")] if kind.is_restriction else []
        shapes += [{"ended": True}] if kind in {DecisionKind.SUSPEND, DecisionKind.BAN} else []
        made += [a_letter(case, fatima, StatementKind.OUTCOME, {**flagged_at, **shape}, now=now) for shape in shapes]
    return made + [an_answer(case, fatima, words, now=now) for words in ("@@@", "")]


def an_answer(case: Case, person: Person, words: str, *, now: datetime) -> Statement:
    escalation = Escalation.objects.create(
        escalation_id=case.id, circle=case.circle, conversation=case.conversation, by=person, urgency=Urgency.TODAY,
        data_key=DataKey.objects.make(now=now), at=now, due_at=now,
    ) if not Escalation.objects.exists() else Escalation.objects.get()  # fmt: skip
    statement = Statement(person=person, kind=StatementKind.ESCALATION, escalation=escalation, facts={}, at=now)
    statement.take_words(words)
    statement.save()
    return statement


class TestEveryLetter:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_whole_plain_and_in_one_language(
        self, case: Case, annemie: Person, fatima: Person, karin: Person, now: datetime, language: str
    ) -> None:
        everything = every_letter(case, annemie, fatima, karin, now=now)

        assert len(everything) > 100
        for statement in everything:
            letter = letters.tell(statement, language=language)
            text = "\n".join([letter.title, *letter.paragraphs])
            own_words = text.replace("@@@", "").replace("zin 2", "").replace("Maatje", "")
            assert letter.title and letter.paragraphs and all(letter.paragraphs)
            assert not re.search(r"[{}]|None|T\d\d:\d\d|\+00:00", text), text
            assert not CODES & set(re.findall(r"[a-z_]+", own_words)), text
            said = set(re.findall(r"[^\W\d_]+", own_words.lower()))
            if language == "ar":
                assert not re.search(r"[A-Za-z]", own_words), text
            else:
                assert not ARABIC.search(own_words)
                others = set().union(*(words for other, words in OF.items() if other != language)) - OF[language]
                assert not said & others, (said & others, text)

    def test_fits_one_page_of_short_sentences(self, case: Case, annemie: Person, fatima: Person, karin: Person, now: datetime) -> None:
        for statement, language in product(every_letter(case, annemie, fatima, karin, now=now), LANGUAGES):
            text = " ".join(letters.tell(statement, language=language).paragraphs)

            assert len(text.split()) <= 230, text
            sentences = re.split(r"[.?!:؟]\s", text)
            assert max(len(sentence.split()) for sentence in sentences) <= 27, max(sentences, key=lambda one: len(one.split()))


class TestWords:
    def test_have_the_same_keys_in_every_language_and_none_that_nobody_says(self) -> None:
        tables = [tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8")) for language in LANGUAGES]

        keys = [{name: sorted(value) if isinstance(value, dict) else "" for name, value in table.items()} for table in tables]
        assert all(one == keys[0] for one in keys)
        assert len(words_in("nl").months) == len(words_in("ar").months) == 12

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_the_rules_are_all_there(self, language: str) -> None:
        assert all(CLAUSES[code][language].strip() for code in CLAUSES)

    def test_of_a_language_that_nobody_wrote_are_those_of_the_first(self) -> None:
        assert words_in("xx") == words_in("nl")


def the_letter(case: Case, person: Person, by: Person, *, now: datetime, **facts: Any) -> Letter:
    decision = a_decision(case, DecisionKind(facts["kind"]), by, now=now)
    told = {"clause": "no_threats", "from_flag": True, "from_signal": False, "line_at": now.isoformat(), **facts}
    statement = a_letter(case, person, StatementKind.RESTRICTION, told, decision=decision, now=now)
    return letters.tell(statement, language="en")


class TestAStatementOfReasons:
    def test_says_what_how_long_why_on_which_ground_and_how_to_appeal(
        self, case: Case, annemie: Person, karin: Person, now: datetime
    ) -> None:
        letter = the_letter(
            case, annemie, karin, kind="suspend", until=datetime.fromisoformat("2026-03-09T11:00:00+00:00").isoformat(), now=now
        )

        assert letter.title == "You cannot use Maatje now"
        text = "\n".join(letter.paragraphs)
        for said in (
            "This lasts until 9 March 2026 at 12:00.", "“zin 2”", "@@@", "Somebody reported this to us. We never say who.",
            "No computer was used", CLAUSES["no_threats"]["en"], "Then somebody else looks again",
        ):  # fmt: skip
            assert said in text
        assert letter.appeal_until is not None

    def test_names_the_program_when_the_screening_saw_it(self, case: Case, annemie: Person, karin: Person, now: datetime) -> None:
        text = "\n".join(the_letter(case, annemie, karin, kind="warn", from_flag=False, from_signal=True, now=now).paragraphs)

        assert "Nobody reported you. A program" in text and "A program never decides." in text

    def test_says_the_same_between_two_people_whether_one_flagged_or_the_screening_saw_it(
        self, case: Case, annemie: Person, karin: Person, now: datetime
    ) -> None:
        """Where only one other is there, "somebody reported this" would say who."""
        texts = {
            "\n".join(the_letter(case, annemie, karin, kind="warn", in_pair=True, from_flag=flag, from_signal=not flag, now=now).paragraphs)
            for flag in (True, False)
        }

        assert len(texts) == 1 and "We never say which of the two" in texts.pop()

    def test_says_nowhere_who_flagged(self, case: Case, annemie: Person, fatima: Person, karin: Person, now: datetime) -> None:
        text = "\n".join(the_letter(case, annemie, karin, kind="hide", now=now).paragraphs)

        assert fatima.name not in text and str(fatima.id) not in text and karin.name not in text

    def test_quotes_what_was_flagged_to_its_author_alone(
        self, case: Case, annemie: Person, fatima: Person, karin: Person, now: datetime
    ) -> None:
        to_author = the_letter(case, annemie, karin, kind="hide", now=now)
        to_another = the_letter(case, fatima, karin, kind="part_ways", now=now)

        assert "“zin 2”" in to_author.paragraphs
        assert not any("zin" in paragraph for paragraph in to_another.paragraphs)

    def test_can_still_be_read_without_words_once_the_case_is_erased(
        self, case: Case, annemie: Person, karin: Person, now: datetime
    ) -> None:
        the_letter(case, annemie, karin, kind="hide", now=now)
        assert case.data_key is not None
        case.data_key.delete()

        letter = letters.tell(Statement.objects.get(kind=StatementKind.RESTRICTION), language="en")
        assert not any("zin" in paragraph or "@@@" in paragraph for paragraph in letter.paragraphs)


class TestAnOutcome:
    def test_says_in_general_what_was_done_and_nothing_of_what_was_written(self, case: Case, fatima: Person, now: datetime) -> None:
        facts = {"kind": "warn", "flagged_at": now.isoformat()}
        letter = letters.tell(a_letter(case, fatima, StatementKind.OUTCOME, facts, now=now), language="en")

        assert letter.title == "What became of your report"
        assert letter.appeal_until is None
        assert "zin" not in " ".join(letter.paragraphs)
        assert "Thank you" in " ".join(letter.paragraphs)
