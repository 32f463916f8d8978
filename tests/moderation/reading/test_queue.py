"""What whoever triages sees: enough to choose, and no word or name of anybody."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import Person
from chat.models import Conversation
from core.errors import Forbidden
from moderation.actions import cases
from moderation.actions.gathering import signals_seen
from moderation.models import Case, Recusal
from moderation.reading import queue
from moderation.words import CaseState, DecisionKind, FlagReason, Priority
from tests.factories import make_organisation
from tests.moderation.casework import SeenLine, Sign, claimed, flagged, fresh, raise_flag, told
from tests.moderation.deciding import decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(fatima: Person, talk: Conversation, now: datetime) -> Case:
    return flagged(fatima, talk, 10, reason=FlagReason.HATE, words="geheime woorden", now=now)


class TestRows:
    def test_say_what_it_is_about_without_words_or_names(self, case: Case, talk: Conversation, sofie: Person, now: datetime) -> None:
        signals_seen([SeenLine(talk.id, 10, [Sign("threat", 3), Sign("hate", 2)])], now=now)

        (row,) = queue.rows(sofie, now=now)

        assert (row.about, row.circle_kind, row.state, row.priority) == ("buddy 2", "pair", CaseState.NEW, Priority.SAFEGUARDING)
        assert (row.reasons, row.signals, row.worst_signal) == ({"hate": 1}, {"threat": 1, "hate": 1}, 3)
        assert (row.is_about_a_person, row.is_overdue, row.is_mine, row.may_claim) == (False, False, False, True)
        for word in ("geheim", "zin 10", "Annemie", "Fatima"):
            assert word not in repr(row)

    def test_come_by_deadline(self, fatima: Person, talk: Conversation, sofie: Person, now: datetime) -> None:
        late, soon = flagged(fatima, talk, 2, now=now), flagged(fatima, talk, 4, reason=FlagReason.MONEY, now=now)

        assert [row.id for row in queue.rows(sofie, now=now)] == [soon.id, late.id]

    def test_come_after_those_that_wait_once_they_are_decided(
        self, fatima: Person, talk: Conversation, sofie: Person, karin: Person, now: datetime
    ) -> None:
        urgent, other = flagged(fatima, talk, 4, reason=FlagReason.MONEY, now=now), flagged(fatima, talk, 2, now=now)

        decided(claimed(urgent, karin, now=now), DecisionKind.NOTE, karin, now=now)

        assert [row.id for row in queue.rows(sofie, now=now)] == [other.id, urgent.id]

    def test_are_those_of_ones_own_organisation(self, case: Case, stranger: Person, now: datetime) -> None:
        assert queue.rows(stranger, now=now) == []
        assert queue.row(case.id, stranger, now=now) is None

    def test_leave_out_circles_that_one_knows(self, case: Case, sofie: Person, now: datetime) -> None:
        Recusal.objects.create(person=sofie, circle=case.circle, at=now)

        assert queue.rows(sofie, now=now) == []

    @pytest.mark.parametrize("who", ["nele", "fatima"])
    def test_are_for_those_who_may_see_the_queue(self, who: str, case: Case, request: pytest.FixtureRequest, now: datetime) -> None:
        with pytest.raises(Forbidden):
            queue.rows(request.getfixturevalue(who), now=now)

    def test_are_filtered(self, fatima: Person, talk: Conversation, sofie: Person, jan: Person, now: datetime) -> None:
        mine = claimed(flagged(fatima, talk, 2, now=now), sofie, now=now)
        his = claimed(flagged(fatima, talk, 4, now=now), jan, now=now)
        new = flagged(fatima, talk, 6, reason=FlagReason.MONEY, now=now)
        late = now + timedelta(hours=5)

        def ids(**filters: object) -> set[object]:
            return {row.id for row in queue.rows(sofie, **({"now": now} | filters))}  # type: ignore[arg-type]  # each filter has a type of its own

        assert ids() == {mine.id, his.id, new.id}
        assert ids(mine=True) == {mine.id}
        assert ids(state=CaseState.CLAIMED) == {mine.id, his.id}
        assert ids(priority=Priority.SAFEGUARDING) == {new.id}
        assert ids(overdue=True) == set() and ids(overdue=True, now=late) == {new.id}
        assert ids(mine=True, now=late) == set()  # the lease is over

    def test_say_who_may_claim(self, case: Case, sofie: Person, jan: Person, karin: Person, now: datetime) -> None:
        def may_claim(person: Person, at: datetime = now) -> bool:
            return queue.rows(person, now=at)[0].may_claim

        held = claimed(case, sofie, now=now)
        assert not may_claim(jan) and may_claim(jan, now + timedelta(minutes=30))
        cases.escalate(held.id, words="hulp", by=sofie, version=held.version, now=now)
        assert not may_claim(jan) and may_claim(karin)

    def test_cost_as_much_for_many_as_for_few(
        self, fatima: Person, talk: Conversation, sofie: Person, now: datetime, django_assert_max_num_queries: object
    ) -> None:
        for seq in range(2, 21, 2):
            flagged(fatima, talk, seq, now=now)

        with django_assert_max_num_queries(5):  # type: ignore[operator]  # a fixture of pytest-django
            assert len(queue.rows(sofie, now=now)) == 10

    def test_look_back_on_what_is_closed(self, case: Case, sofie: Person, now: datetime) -> None:
        left = told(claimed(case, sofie, now=now), now=now)
        cases.close(case.id, by=sofie, version=left.version, now=now)

        assert queue.rows(sofie, now=now) == []
        assert [row.id for row in queue.rows(sofie, state=CaseState.CLOSED, now=now)] == [case.id]


class TestTheStamp:
    def test_changes_with_every_change_also_of_one_instant(
        self, case: Case, fatima: Person, talk: Conversation, sofie: Person, now: datetime
    ) -> None:
        stamps = [queue.stamp([case.organisation_id])]
        acts: list[Callable[[], object]] = [
            lambda: cases.triage(case.id, priority=Priority.OTHER, by=sofie, version=1, now=now),
            lambda: claimed(case, sofie, now=now),
            lambda: cases.renew(case.id, by=sofie, version=fresh(case).version, now=now),
            lambda: raise_flag(fatima, talk, 10, now=now),
            lambda: flagged(fatima, talk, 12, now=now + timedelta(seconds=1)),
        ]
        for act in acts:
            act()
            stamps.append(queue.stamp([case.organisation_id]))

        assert len(set(stamps)) == len(acts) + 1

    def test_is_one_query_an_organisation_and_knows_no_other(self, case: Case, now: datetime, django_assert_num_queries: object) -> None:
        elsewhere = make_organisation(name="Elders", now=now)

        with django_assert_num_queries(2):  # type: ignore[operator]  # a fixture of pytest-django
            both = queue.stamp([case.organisation_id, elsewhere.id])

        assert queue.stamp([elsewhere.id]) == "-"
        assert queue.stamp([case.organisation_id]) in both
