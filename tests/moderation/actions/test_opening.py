"""Reading a case: written down before it is shown, while it is held, and no more than was flagged."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Person
from audit.models import AuditRow
from chat.models import Conversation
from core.errors import Forbidden
from core.ids import new_id
from moderation.actions import opening
from moderation.actions.gathering import signals_seen
from moderation.errors import CaseNotFound, DailyCap, NotYourClaim
from moderation.models import Case, Evidence, Exposure, Flag, Reading, Rules
from moderation.words import FlagReason
from tests.chat.words import edit, retraction, sent
from tests.moderation.casework import SeenLine, Sign, audited, claimed, erase, flagged, raise_flag

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(fatima: Person, talk: Conversation, now: datetime) -> Case:
    return flagged(fatima, talk, 10, words="hij dreigt", now=now)


@pytest.fixture
def held(case: Case, sofie: Person, now: datetime) -> Case:
    return claimed(case, sofie, now=now)


@pytest.fixture
def few_a_day(talk: Conversation) -> None:
    """Two distressing cases a day."""
    Rules.objects.create(organisation=talk.circle.programme.organisation, most_distressing=2)


class TestOpening:
    def test_shows_the_flagged_line_and_five_on_each_side(self, held: Case, sofie: Person, now: datetime) -> None:
        opened = opening.open_case(held.id, by=sofie, now=now)

        assert [(line.seq, line.body) for line in opened.lines] == [(seq, f"zin {seq}") for seq in range(5, 16)]
        assert [line.seq for line in opened.lines if line.is_subject] == [10]
        assert [(flag.reason, flag.words) for flag in opened.flags] == [("harassment", "hij dreigt")]
        assert opened.is_whole

    def test_names_nobody(self, held: Case, sofie: Person, now: datetime) -> None:
        opened = opening.open_case(held.id, by=sofie, now=now)

        assert {line.speaker for line in opened.lines} == {"deelnemer 1", "buddy 2"}
        assert {line.name for line in opened.lines} == {""}

    def test_gives_leads_first_names(self, case: Case, karin: Person, now: datetime) -> None:
        claimed(case, karin, now=now)

        assert {line.name for line in opening.open_case(case.id, by=karin, now=now).lines} == {"Fatima", "Annemie"}

    def test_is_written_down_for_the_log_and_for_those_whose_words_they_are(
        self, held: Case, sofie: Person, fatima: Person, annemie: Person, now: datetime
    ) -> None:
        opening.open_case(held.id, by=sofie, now=now)

        row = AuditRow.objects.get(action="case.read")
        assert (row.actor_id, row.subject) == (sofie.id, f"case:{held.id}")
        assert (row.detail["lines"], row.detail["first"], row.detail["last"]) == (11, 5, 15)
        readings = {reading.person: (reading.by, reading.lines, reading.audit_n) for reading in Reading.objects.all()}
        assert readings == {fatima: (sofie, 7, row.n), annemie: (sofie, 5, row.n)}  # six lines and what she said of it

    def test_of_what_somebody_flagged_a_thousand_times_shows_the_newest_hundred(
        self, held: Case, sofie: Person, fatima: Person, now: datetime, django_assert_max_num_queries: object
    ) -> None:
        Flag.objects.bulk_create(
            Flag(flag_id=new_id(), by=fatima, case=held, conversation_id=held.conversation_id, target_seq=10, reason="worry", at=now)
            for _ in range(1_000)
        )

        with django_assert_max_num_queries(40):  # type: ignore[operator]  # a fixture of pytest-django
            opened = opening.open_case(held.id, by=sofie, now=now)

        assert (len(opened.flags), opened.flags_in_all) == (100, 1_001)

    def test_is_written_down_each_time(self, held: Case, sofie: Person, now: datetime) -> None:
        for _ in range(3):
            opening.open_case(held.id, by=sofie, now=now)

        assert audited(held) == ["opened", "claimed", "read", "read", "read"]
        assert Case.objects.get().version == held.version  # reading changes nothing

    @pytest.mark.parametrize("who", ["nobody", "jan", "late"])
    def test_is_for_whoever_holds_it_and_nobody_else(self, who: str, case: Case, sofie: Person, jan: Person, now: datetime) -> None:
        if who != "nobody":
            claimed(case, sofie, now=now)
        reader, at = {"nobody": (sofie, now), "jan": (jan, now), "late": (sofie, now + timedelta(minutes=30))}[who]

        with pytest.raises(NotYourClaim):
            opening.open_case(case.id, by=reader, now=at)

        assert not Reading.objects.exists() and "read" not in audited(case)

    def test_is_refused_to_other_roles_and_organisations(self, held: Case, nele: Person, stranger: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            opening.open_case(held.id, by=nele, now=now)
        with pytest.raises(CaseNotFound):
            opening.open_case(held.id, by=stranger, now=now)

    def test_of_what_the_screening_saw_shows_lines_too(self, talk: Conversation, sofie: Person, now: datetime) -> None:
        signals_seen([SeenLine(talk.id, 3, [Sign("crisis", 4)])], now=now)
        case = claimed(Case.objects.get(), sofie, now=now)

        opened = opening.open_case(case.id, by=sofie, now=now)

        assert [line.seq for line in opened.lines] == list(range(1, 9))
        assert [(signal.klass, signal.severity) for signal in opened.signals] == [("crisis", 4)]


class TestWhatIsKept:
    def test_stays_as_it_was_whatever_becomes_of_the_log(
        self, fatima: Person, annemie: Person, talk: Conversation, sofie: Person, now: datetime
    ) -> None:
        case = flagged(fatima, talk, 20, now=now)
        sent(edit(annemie, talk, 20, "niets gezegd"), now=now)
        sent(retraction(annemie, talk, 18), now=now)
        erase(talk)

        lines = {line.seq: line.body for line in opening.open_case(claimed(case, sofie, now=now).id, by=sofie, now=now).lines}

        assert lines[20] == "zin 20" and lines[18] == "zin 18"

    def test_shows_both_when_it_is_flagged_again_after_an_edit(
        self, fatima: Person, annemie: Person, talk: Conversation, sofie: Person, now: datetime
    ) -> None:
        case = flagged(fatima, talk, 20, now=now)
        sent(edit(annemie, talk, 20, "erger"), now=now)
        raise_flag(fatima, talk, 20, now=now)

        opened = opening.open_case(claimed(case, sofie, now=now).id, by=sofie, now=now)

        assert [line.body for line in opened.lines if line.seq == 20] == ["zin 20", "erger"]
        assert len(opened.lines) == 7 and opened.is_whole

    @pytest.mark.parametrize("what", ["author", "at", "digest", "body_sealed", "swap"])
    def test_says_so_when_somebody_changed_a_row(self, what: str, held: Case, sofie: Person, fatima: Person, now: datetime) -> None:
        line, other = held.evidence.get(seq=10), held.evidence.get(seq=8)
        changed = {"author": fatima, "at": now + timedelta(hours=1), "digest": bytes(32), "body_sealed": b"\x01" + bytes(40)}
        Evidence.objects.filter(id=line.id).update(**({"body_sealed": other.body_sealed} if what == "swap" else {what: changed[what]}))

        lines = {line.seq: line for line in opening.open_case(held.id, by=sofie, now=now).lines}

        assert (lines[10].is_changed, lines[10].body) == (True, "")
        assert not lines[8].is_changed

    def test_says_so_when_a_row_is_gone(self, held: Case, sofie: Person, now: datetime) -> None:
        held.evidence.get(seq=9).delete()

        assert not opening.open_case(held.id, by=sofie, now=now).is_whole

    def test_shows_no_word_once_the_key_is_gone(self, held: Case, sofie: Person, now: datetime) -> None:
        erase(held)

        opened = opening.open_case(held.id, by=sofie, now=now)

        assert {line.body for line in opened.lines} == {""} and opened.flags[0].words == ""
        assert not Reading.objects.exists()


class TestADay:
    def test_ends_after_so_many_distressing_cases(
        self, talk: Conversation, fatima: Person, sofie: Person, now: datetime, few_a_day: None
    ) -> None:
        first, second, third = (flagged(fatima, talk, seq, reason=FlagReason.SEXUAL, now=now) for seq in (2, 4, 6))
        for case in (first, second, first):
            opening.open_case(claimed(case, sofie, now=now).id, by=sofie, now=now)

        with pytest.raises(DailyCap):
            opening.open_case(claimed(third, sofie, now=now).id, by=sofie, now=now)

        assert Exposure.objects.get().opened == 2
        tomorrow = now + timedelta(days=1)
        assert opening.open_case(claimed(third, sofie, now=tomorrow).id, by=sofie, now=tomorrow).seen_today == 1

    def test_does_not_count_what_is_not_distressing(
        self, talk: Conversation, fatima: Person, sofie: Person, now: datetime, few_a_day: None
    ) -> None:
        for seq in (2, 4, 6):
            case = claimed(flagged(fatima, talk, seq, reason=FlagReason.MONEY, now=now), sofie, now=now)
            assert opening.open_case(case.id, by=sofie, now=now).seen_today == 0

    def test_does_not_end_while_somebody_is_in_danger(
        self, talk: Conversation, fatima: Person, sofie: Person, now: datetime, few_a_day: None
    ) -> None:
        for seq in (2, 4):
            opening.open_case(claimed(flagged(fatima, talk, seq, reason=FlagReason.SEXUAL, now=now), sofie, now=now).id, by=sofie, now=now)
        signals_seen([SeenLine(talk.id, 5, [Sign("threat", 4)])], now=now)

        opened = opening.open_case(claimed(Case.objects.get(target_seq=5), sofie, now=now).id, by=sofie, now=now)

        assert (opened.seen_today, opened.most_a_day) == (3, 2)


class TestWhoFlagged:
    def test_is_for_leads_who_hold_the_case_and_written_down(self, case: Case, karin: Person, now: datetime) -> None:
        claimed(case, karin, now=now)

        (flagger,) = opening.who_flagged(case.id, by=karin, now=now)

        assert (flagger.speaker, flagger.name, flagger.reason) == ("deelnemer 1", "Fatima", "harassment")
        assert audited(case)[-1] == "flaggers_seen"

    def test_is_not_for_moderators(self, held: Case, sofie: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            opening.who_flagged(held.id, by=sofie, now=now)

    def test_is_not_for_a_lead_who_does_not_hold_it(self, case: Case, karin: Person, now: datetime) -> None:
        with pytest.raises(NotYourClaim):
            opening.who_flagged(case.id, by=karin, now=now)
