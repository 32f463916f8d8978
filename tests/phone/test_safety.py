"""Reporting and asking from what is typed, kept until it is answered; and what is said of receipts, letters and helplines."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from phone import wire
from phone.happenings import Letters, Needed, Receipt
from phone.kept import Kept
from phone.safety import REASONS, URGENCIES, CannotReport, Report, report_of
from phone.session import Session
from phone.words import words_for
from tests.phone.entries import EPOCH, FATIMA, HERE, NINE, card, fatimas_phone, frame, message

LANGUAGES = ["nl", "fr", "en", "tr", "ar"]
LOG = [message(1, author=2), message(2, author=1), message(3, author=2), message(4, author=1)]


def resumed(kept: Kept) -> Session:
    session = Session(kept, at=0)
    session.hear(frame("welcome", epoch=EPOCH, person=FATIMA, device=FATIMA, now=NINE, heartbeat=240, window=64), at=0)
    session.commands(at=0)
    session.hear(frame("resumed", reply_to=1, epoch=EPOCH), at=0)
    session.hear(frame("conversation", card=card()), at=0)
    return session


def said_by(session: Session) -> Any:
    (command,) = [one for one in session.commands(at=1) if isinstance(one, wire.Flag | wire.Escalate | wire.Send)]
    return command


class TestReportOf:
    def test_is_about_the_newest_line_of_somebody_else(self) -> None:
        assert report_of("/flag", "5 alweer geld", LOG, you=1) == Report("flag", "money", "alweer geld", target=3, author=2)

    def test_needs_no_words(self) -> None:
        assert report_of("/ask", "1", LOG, you=1) == Report("escalate", "today")

    @pytest.mark.parametrize(("command", "rest"), [("/flag", ""), ("/flag", "7"), ("/flag", "geld"), ("/ask", "0"), ("/ask", "4 nu")])
    def test_refuses_what_is_not_in_the_list(self, command: str, rest: str) -> None:
        with pytest.raises(CannotReport):
            report_of(command, rest, LOG, you=1)

    def test_refuses_where_nobody_else_said_anything(self) -> None:
        with pytest.raises(CannotReport):
            report_of("/flag", "1", [message(1, author=1)], you=1)


class TestAReport:
    def test_waits_under_its_own_id_until_its_receipt_and_leaves_nothing(self) -> None:
        kept = fatimas_phone()
        draft = kept.report(HERE, Report("flag", "money", "alweer", target=3, author=2), now=NINE)
        session = resumed(kept)

        flag = said_by(session)
        happened = session.hear(frame("flagged", reply_to=flag.ref, flag_id=draft.draft_id, at=NINE, answer_by=NINE, on_duty=True), at=1)

        assert flag == wire.Flag(flag.ref, HERE, draft.draft_id, "money", target=3, words="alweer")
        assert happened[0] == Receipt(is_flag=True, answer_by=NINE, name=None, on_duty=True)
        assert kept.outbox.drafts == []

    def test_is_about_the_person_after_a_restored_backup(self) -> None:
        kept = fatimas_phone()
        kept.report(HERE, Report("flag", "money", target=3, author=2), now=NINE)

        kept.start_afresh(now=NINE)

        (draft,) = kept.outbox.drafts
        assert draft.waits
        assert draft.command(1) == wire.Flag(1, HERE, draft.draft_id, "money", member=2)

    def test_of_a_question_names_who_has_it(self) -> None:
        kept = fatimas_phone()
        kept.report(HERE, Report("escalate", "today", "Bel je?"), now=NINE)
        session = resumed(kept)

        asked = said_by(session)
        happened = session.hear(frame("escalated", reply_to=asked.ref, answer_by=NINE, name="Nele"), at=1)

        assert (asked.urgency, asked.words) == ("today", "Bel je?")
        assert happened[0] == Receipt(is_flag=False, answer_by=NINE, name="Nele", on_duty=False)


class TestAMessage:
    def test_that_waits_for_a_moderator_is_not_said_again(self) -> None:
        kept = fatimas_phone()
        draft = kept.write(HERE, "Dag allemaal", now=NINE)
        session = resumed(kept)

        sent = said_by(session)
        session.hear(frame("waiting", reply_to=sent.ref, conversation=HERE, draft_id=draft.draft_id, until=NINE), at=1)

        assert [one for one in session.commands(at=500) if isinstance(one, wire.Send)] == []
        assert kept.outbox.drafts == [draft]

    def test_that_asks_for_help_says_so(self) -> None:
        kept = fatimas_phone()
        draft = kept.write(HERE, "ik kan niet meer", now=NINE)
        session = resumed(kept)

        sent = said_by(session)
        happened = session.hear(
            frame("sent", reply_to=sent.ref, conversation=HERE, draft_id=draft.draft_id, seq=9, at=NINE, help="crisis"), at=1
        )

        assert happened[-1] == Needed("crisis")

    def test_of_letters_is_told(self) -> None:
        assert resumed(fatimas_phone()).hear(frame("statements", unread=2), at=1) == [Letters(2)]


@pytest.mark.parametrize("language", LANGUAGES)
class TestWords:
    def test_have_a_word_for_every_reason_and_urgency(self, language: str) -> None:
        said = words_for(language).safety

        assert (len(said.reasons), len(said.urgencies)) == (len(REASONS), len(URGENCIES))

    def test_tell_what_happened(self, language: str) -> None:
        said, zone = words_for(language).safety, ZoneInfo("Europe/Brussels")

        assert "2/3 09:00" in said.told(Receipt(is_flag=True, answer_by=NINE, name=None, on_duty=True), zone)
        assert "Nele" in said.told(Receipt(is_flag=False, answer_by=NINE, name="Nele", on_duty=False), zone)
        assert "112" in said.told(Needed("crisis"), zone)
        assert said.told(Letters(0), zone) == ""
