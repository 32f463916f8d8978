"""Hidden for now: at once, for at most 72 hours, with a letter, and back by itself."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from accounts.models import Person
from chat.actions import hiding
from chat.models import Conversation, Entry
from core.errors import Invalid
from moderation.actions import cases, changing, interim
from moderation.errors import NotFromHere, NotYourClaim
from moderation.models import Case, Statement
from moderation.words import CaseState, StatementKind
from tests.chat.words import line, retraction, sent
from tests.moderation.casework import audited, claimed, flagged, fresh, raise_flag, told

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]

HOUR = timedelta(hours=1)


@pytest.fixture
def held(fatima: Person, talk: Conversation, sofie: Person, now: datetime) -> Case:
    return claimed(flagged(fatima, talk, 10, now=now), sofie, now=now)


def hide(case: Case, by: Person, *, hours: int = 24, now: datetime) -> Case:
    return cases.hide_for_now(case.id, hours=hours, by=by, version=fresh(case).version, now=now)


def is_hidden(talk: Conversation, seq: int = 10) -> bool:
    return line(talk, seq).hidden_seq is not None


class TestHidingForNow:
    def test_takes_the_line_out_of_sight_and_says_so_to_its_author(
        self, held: Case, sofie: Person, annemie: Person, talk: Conversation, now: datetime
    ) -> None:
        hidden = hide(held, sofie, now=now)

        assert (hidden.state, hidden.interim_until, hidden.version) == (CaseState.CLAIMED, now + 24 * HOUR, held.version + 1)
        assert is_hidden(talk) and line(talk, 21).kind == "hide"
        letter = Statement.objects.get()
        assert (letter.person, letter.kind, letter.decision) == (annemie, StatementKind.RESTRICTION, None)
        assert letter.facts["until"] == (now + 24 * HOUR).isoformat()
        assert audited(held) == ["opened", "claimed", "hidden_for_now"]

    @pytest.mark.parametrize("hours", [-1, 0, 73, 10_000])
    def test_takes_one_to_72_hours(self, hours: int, held: Case, sofie: Person, talk: Conversation, now: datetime) -> None:
        with pytest.raises(Invalid):
            hide(held, sofie, hours=hours, now=now)

        assert not is_hidden(talk)

    def test_may_be_made_longer_but_not_beyond_72_hours(self, held: Case, sofie: Person, now: datetime) -> None:
        hide(held, sofie, hours=24, now=now)
        later = now + timedelta(minutes=20)

        assert hide(held, sofie, hours=70, now=later).interim_until == later + 70 * HOUR
        with pytest.raises(NotFromHere):
            hide(held, sofie, hours=72, now=later)
        assert Statement.objects.count() == 1

    def test_happens_once(self, held: Case, sofie: Person, now: datetime) -> None:
        """Whoever lets 72 hours pass decides, and does not hide it again."""
        hide(held, sofie, hours=72, now=now)
        later = now + 72 * HOUR
        cases.restore_due(now=later)
        claimed(held, sofie, now=later)

        with pytest.raises(NotFromHere):
            hide(held, sofie, hours=1, now=later)

    def test_is_for_whoever_holds_it(self, held: Case, jan: Person, talk: Conversation, now: datetime) -> None:
        with pytest.raises(NotYourClaim):
            hide(held, jan, now=now)

        assert not is_hidden(talk)

    @pytest.mark.parametrize("what", ["person", "hidden", "taken_back"])
    def test_is_for_a_line_that_is_there_to_hide(
        self, what: str, fatima: Person, annemie: Person, talk: Conversation, sofie: Person, now: datetime
    ) -> None:
        if what == "hidden":
            hiding.hide(talk.id, 20, now=now)
        elif what == "taken_back":
            sent(retraction(annemie, talk, 20), now=now)
        case = flagged(fatima, talk, member=2, now=now) if what == "person" else flagged(fatima, talk, 20, now=now)

        with pytest.raises(NotFromHere):
            hide(claimed(case, sofie, now=now), sofie, now=now)


class TestRestoring:
    def test_happens_by_itself_and_is_told(self, held: Case, sofie: Person, annemie: Person, talk: Conversation, now: datetime) -> None:
        hide(held, sofie, hours=24, now=now)

        assert cases.restore_due(now=now + 24 * HOUR - HOUR) == 0 and is_hidden(talk)
        assert cases.restore_due(now=now + 24 * HOUR) == 1
        assert cases.restore_due(now=now + 24 * HOUR) == 0

        assert not is_hidden(talk)
        kinds = list(Statement.objects.filter(person=annemie).order_by("id").values_list("kind", flat=True))
        assert kinds == [StatementKind.RESTRICTION, StatementKind.RESTORED]
        assert audited(held)[-1] == "restored" and fresh(held).interim_until is None

    def test_happens_whoever_holds_the_case_by_then(self, held: Case, sofie: Person, talk: Conversation, now: datetime) -> None:
        hide(held, sofie, hours=24, now=now)
        cases.release(held.id, by=sofie, version=fresh(held).version, now=now)

        cases.restore_due(now=now + 24 * HOUR)

        assert not is_hidden(talk) and fresh(held).state == CaseState.TRIAGED

    def test_leaves_what_was_taken_back_meanwhile(
        self, fatima: Person, annemie: Person, talk: Conversation, sofie: Person, now: datetime
    ) -> None:
        case = claimed(flagged(fatima, talk, 20, now=now), sofie, now=now)
        hide(case, sofie, hours=24, now=now)
        sent(retraction(annemie, talk, 20), now=now)

        assert cases.restore_due(now=now + 24 * HOUR) == 1

        assert Entry.objects.get(conversation=talk, seq=20).body_sealed is None
        assert not Statement.objects.filter(person=annemie, kind=StatementKind.RESTORED).exists()  # nobody can read it again

    @pytest.mark.parametrize("keeps_hidden", [True, False])
    def test_does_not_undo_what_was_decided(self, keeps_hidden: bool, held: Case, sofie: Person, talk: Conversation, now: datetime) -> None:
        hide(held, sofie, hours=24, now=now)
        with transaction.atomic():
            case = changing.lock(held.id, with_conversation=True)
            interim.settle(case, keeps_hidden=keeps_hidden, now=now)
            changing.save(case, now=now)

        assert cases.restore_due(now=now + 24 * HOUR) == 0
        assert is_hidden(talk) == keeps_hidden

    def test_gives_another_72_hours_when_it_is_flagged_anew(
        self, held: Case, fatima: Person, sofie: Person, talk: Conversation, now: datetime
    ) -> None:
        hide(held, sofie, hours=72, now=now)
        later = now + 72 * HOUR
        cases.restore_due(now=later)
        told(claimed(held, sofie, now=later), now=later)
        raise_flag(fatima, talk, 10, now=later)

        assert hide(claimed(held, sofie, now=later), sofie, hours=72, now=later).interim_until == later + 72 * HOUR
