"""Somebody else looks again, once; what they overturn is given back and told."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Person
from audit.models import AuditRow
from chat.models import Conversation
from core.errors import Forbidden
from moderation import letters
from moderation.actions import appealing, appeals, cases, looking_again
from moderation.errors import (
    AlreadyClaimed,
    AppealNotFound,
    NotFromHere,
    NothingToAppeal,
    NotYourClaim,
    OwnCircle,
    OwnDecision,
    StaleVersion,
    StatementNotFound,
    TooLateToAppeal,
    WordsNeeded,
)
from moderation.models import Appeal, Case, Evidence, Reading
from moderation.words import CaseState, DecisionKind, StatementKind
from programmes.models import Circle, State
from tests.chat.attachments import uploaded, with_media
from tests.chat.words import sent, shown
from tests.conftest import Clock
from tests.moderation.casework import audited, claimed, fresh, raise_flag
from tests.moderation.deciding import answered, appealed, banned, decided, held_case, letter_to, letters_to

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]

K = DecisionKind


@pytest.fixture
def held(fatima: Person, talk: Conversation, karin: Person, now: datetime) -> Case:
    return held_case(fatima, talk, karin, now=now)


@pytest.fixture
def hidden(held: Case, karin: Person, now: datetime) -> Case:
    """What Annemie said in line 2 was hidden."""
    decided(held, K.HIDE, karin, now=now)
    return fresh(held)


class TestAppealing:
    def test_asks_that_somebody_looks_again_within_the_houses_term(self, hidden: Case, annemie: Person, now: datetime) -> None:
        made = appealed(annemie, now=now)

        assert (made.words, made.due_at) == ("Het was een grap.", now + timedelta(days=7))
        assert fresh(hidden).state == CaseState.APPEALED
        assert audited(hidden)[-1] == "appealed"

    def test_is_for_whom_it_concerns_alone(self, hidden: Case, annemie: Person, fatima: Person, nele: Person, now: datetime) -> None:
        letter = letter_to(annemie, StatementKind.RESTRICTION)

        for by in (fatima, nele):
            with pytest.raises(StatementNotFound):
                appeals.appeal(statement_id=letter.id, words="nee", by=by, now=now)

    def test_is_done_by_the_coordinator_for_who_was_shut_out(
        self, held: Case, annemie: Person, nele: Person, karin: Person, lotte: Person, now: datetime
    ) -> None:
        banned(held, karin, lotte, now=now)
        letter = letter_to(annemie, StatementKind.RESTRICTION)

        made = appeals.appeal(statement_id=letter.id, words="Annemie vraagt het.", by=nele, now=now)

        assert made.person == annemie
        assert AuditRow.objects.get(action="case.appealed").actor_id == nele.id

    def test_is_once_a_decision(self, hidden: Case, annemie: Person, now: datetime) -> None:
        appealed(annemie, now=now)

        with pytest.raises(NothingToAppeal):
            appealed(annemie, now=now)

    def test_lasts_six_months(self, hidden: Case, annemie: Person, now: datetime) -> None:
        with pytest.raises(TooLateToAppeal):
            appealed(annemie, now=now + timedelta(days=184))
        assert appealed(annemie, now=now + timedelta(days=183, hours=23)).outcome == ""

    def test_says_why(self, hidden: Case, annemie: Person, now: datetime) -> None:
        with pytest.raises(WordsNeeded):
            appealed(annemie, words=" ", now=now)

    def test_is_not_about_an_outcome(self, hidden: Case, fatima: Person, now: datetime) -> None:
        with pytest.raises(NothingToAppeal):
            appeals.appeal(statement_id=letter_to(fatima, StatementKind.OUTCOME).id, words="nee", by=fatima, now=now)

    def test_leaves_a_case_that_was_taken_up_again_where_it_is(
        self, hidden: Case, talk: Conversation, annemie: Person, fatima: Person, rosa: Person, clock: Clock
    ) -> None:
        raise_flag(fatima, talk, 2, now=clock.move(days=1))
        assert fresh(hidden).state == CaseState.REOPENED

        answered(appealed(annemie, now=clock()), "overturned", rosa, now=clock())

        assert fresh(hidden).state == CaseState.REOPENED
        assert talk.entries.get(seq=2).hidden_seq is None


class TestWhoLooksAgain:
    def test_had_no_part_in_the_case(
        self, hidden: Case, annemie: Person, karin: Person, lotte: Person, rosa: Person, now: datetime
    ) -> None:
        made = appealed(annemie, now=now)

        with pytest.raises(OwnDecision):
            appeals.claim(made.id, by=karin, version=made.version, now=now)
        assert appealing.free_to_look(made) == [rosa.id]
        assert appeals.claim(made.id, by=lotte, version=made.version, now=now).claimed_by == lotte

    def test_did_not_even_hold_it(
        self, fatima: Person, annemie: Person, talk: Conversation, karin: Person, lotte: Person, now: datetime
    ) -> None:
        case = held_case(fatima, talk, lotte, now=now)
        cases.release(case.id, by=lotte, version=case.version, now=now)
        decided(claimed(case, karin, now=now), K.WARN, karin, now=now)
        made = appealed(annemie, now=now)

        with pytest.raises(OwnDecision):
            appeals.claim(made.id, by=lotte, version=made.version, now=now)

    def test_is_of_this_house_outside_the_circle_and_has_the_role(
        self, hidden: Case, annemie: Person, sofie: Person, stranger: Person, lotte: Person, now: datetime
    ) -> None:
        made = appealed(annemie, now=now)
        hidden.circle.coordinator = lotte
        hidden.circle.save()

        for by, refusal in ((sofie, Forbidden), (stranger, AppealNotFound), (lotte, OwnCircle)):
            with pytest.raises(refusal):
                appeals.claim(made.id, by=by, version=made.version, now=now)

    def test_is_one_at_a_time(self, hidden: Case, annemie: Person, rosa: Person, lotte: Person, clock: Clock) -> None:
        made = appealed(annemie, now=clock())
        with pytest.raises(StaleVersion):
            appeals.claim(made.id, by=rosa, version=made.version + 1, now=clock())
        held = appeals.claim(made.id, by=rosa, version=made.version, now=clock())

        with pytest.raises(AlreadyClaimed):
            appeals.claim(made.id, by=lotte, version=held.version, now=clock())
        with pytest.raises(NotYourClaim):
            appeals.decide(made.id, outcome="upheld", words="ja", by=lotte, version=held.version, now=clock())
        assert appeals.claim(made.id, by=lotte, version=held.version, now=clock.move(minutes=31)).claimed_by == lotte

    def test_may_give_it_back(self, hidden: Case, annemie: Person, rosa: Person, now: datetime) -> None:
        made = appealed(annemie, now=now)
        held = appeals.claim(made.id, by=rosa, version=made.version, now=now)

        assert appeals.release(made.id, by=rosa, version=held.version, now=now).claimed_by is None


class TestOpening:
    def test_shows_the_lines_the_decision_and_the_appeal_and_is_written_down_first(
        self, hidden: Case, annemie: Person, fatima: Person, rosa: Person, now: datetime
    ) -> None:
        made = appealed(annemie, now=now)
        with pytest.raises(NotYourClaim):
            looking_again.open_appeal(made.id, by=rosa, now=now)
        appeals.claim(made.id, by=rosa, version=made.version, now=now)

        opened = looking_again.open_appeal(made.id, by=rosa, now=now)

        assert (opened.words, opened.found) == ("Het was een grap.", "Dit kan niet.")
        assert [line.body for line in opened.lines if line.is_subject] == ["zin 2"]
        row = AuditRow.objects.get(action="appeal.read")
        assert {reading.person_id for reading in Reading.objects.filter(audit_n=row.n)} == {annemie.id, fatima.id}

    def test_shows_no_word_of_a_line_that_somebody_changed(self, hidden: Case, annemie: Person, rosa: Person, now: datetime) -> None:
        made = appealed(annemie, now=now)
        appeals.claim(made.id, by=rosa, version=made.version, now=now)
        Evidence.objects.filter(case=hidden, seq=2).update(digest=b"x" * 32)

        opened = looking_again.open_appeal(made.id, by=rosa, now=now)

        assert [(line.body, line.is_changed) for line in opened.lines if line.is_subject] == [("", True)]

    def test_shows_the_photo_that_was_decided_on(
        self, talk: Conversation, fatima: Person, annemie: Person, karin: Person, rosa: Person, now: datetime
    ) -> None:
        seq = sent(with_media(annemie, talk, uploaded(annemie, talk, now=now)), now=now)[0]
        decided(held_case(fatima, talk, karin, seq, now=now), K.HIDE, karin, now=now)
        made = appealed(annemie, now=now)
        appeals.claim(made.id, by=rosa, version=made.version, now=now)
        (line,) = [one for one in looking_again.open_appeal(made.id, by=rosa, now=now).lines if one.is_subject]

        data, content_type = looking_again.open_media(made.id, line.evidence_id, by=rosa, now=now)

        assert line.has_media and content_type == line.media_type and len(data) > 100
        assert AuditRow.objects.filter(action="appeal.media_read", actor_id=rosa.id).count() == 1
        with pytest.raises(AppealNotFound):
            looking_again.open_media(made.id, made.id, by=rosa, now=now)


class TestUpholding:
    def test_leaves_everything_and_says_why(
        self, hidden: Case, talk: Conversation, annemie: Person, fatima: Person, rosa: Person, now: datetime
    ) -> None:
        made = answered(appealed(annemie, now=now), "upheld", rosa, now=now)

        assert (made.outcome, made.decided_by, made.answer) == ("upheld", rosa, "Daarom.")
        assert fresh(hidden).state == CaseState.NOTIFIED
        assert talk.entries.get(seq=2).hidden_seq is not None
        letter = letters.tell(letter_to(annemie, StatementKind.APPEAL), language="en")
        assert letter.title == "The decision stays" and "Daarom." in letter.paragraphs
        assert len(letters_to(fatima)) == 1

    def test_is_once(self, hidden: Case, annemie: Person, rosa: Person, now: datetime) -> None:
        made = answered(appealed(annemie, now=now), "upheld", rosa, now=now)

        with pytest.raises(NotFromHere):
            appeals.claim(made.id, by=rosa, version=made.version, now=now)


class TestOverturning:
    def test_gives_a_message_back_and_tells_both_sides(
        self, hidden: Case, talk: Conversation, annemie: Person, fatima: Person, rosa: Person, now: datetime
    ) -> None:
        answered(appealed(annemie, now=now), "overturned", rosa, now=now)

        assert shown(fatima, talk)[2].body == "zin 2"
        assert letters.tell(letter_to(annemie, StatementKind.APPEAL), language="en").title == "The decision was undone"
        assert letters.tell(letters_to(fatima)[-1], language="en").title == "Your report was looked at again"
        assert audited(hidden)[-1] == "overturned"

    def test_lets_who_was_banned_back_in(
        self, held: Case, annemie: Person, nele: Person, karin: Person, lotte: Person, rosa: Person, now: datetime
    ) -> None:
        banned(held, karin, lotte, now=now)
        made = appeals.appeal(statement_id=letter_to(annemie, StatementKind.RESTRICTION).id, words="nee", by=nele, now=now)

        answered(made, "overturned", rosa, now=now)

        annemie.refresh_from_db()
        assert annemie.suspended_at is None

    def test_lets_a_circle_go_on_by_a_reviewer(self, held: Case, annemie: Person, karin: Person, rosa: Person, now: datetime) -> None:
        decided(held, K.PAUSE_CIRCLE, karin, now=now)

        answered(appealed(annemie, now=now), "overturned", rosa, now=now)

        assert Circle.objects.get(id=held.circle_id).state == State.ACTIVE

    def test_cannot_begin_a_circle_anew_and_says_so(self, held: Case, annemie: Person, karin: Person, rosa: Person, now: datetime) -> None:
        decided(held, K.PART_WAYS, karin, now=now)

        answered(appealed(annemie, now=now), "overturned", rosa, now=now)

        assert Circle.objects.get(id=held.circle_id).state == State.ENDED
        letter = letters.tell(letter_to(annemie, StatementKind.APPEAL), language="en")
        assert any("does not begin again by itself" in paragraph for paragraph in letter.paragraphs)

    def test_of_a_warning_takes_it_back(self, held: Case, annemie: Person, karin: Person, rosa: Person, now: datetime) -> None:
        decided(held, K.WARN, karin, now=now)

        made = answered(appealed(annemie, now=now), "overturned", rosa, now=now)

        assert Appeal.objects.get(id=made.id).decision.overturned_at == now
