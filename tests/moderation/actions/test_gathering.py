"""One case a subject, however many flags and signals; the most urgent of them says how soon."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from accounts.models import Person
from audit.models import AuditRow
from chat.models import Conversation
from moderation.actions import cases
from moderation.actions.gathering import TAKEN_UP_FOR, signals_seen
from moderation.models import Case, Signal
from moderation.words import CaseState, FlagReason, Priority
from tests.chat.words import edit, sent
from tests.moderation.casework import SeenLine, Sign, audited, claimed, flagged, fresh, raise_flag, say, told

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]

HOUR = timedelta(hours=1)


def see(conversation: Conversation, seq: int, *signs: Sign, now: datetime) -> None:
    """As the send path does: in the transaction that wrote the line."""
    with transaction.atomic():
        list(Conversation.objects.locked().filter(id=conversation.id))
        signals_seen([SeenLine(conversation.id, seq, signs)], now=now)


class TestWhatTheScreeningSaw:
    @pytest.mark.parametrize(
        ("sign", "priority"),
        [
            (Sign("crisis", 4), Priority.DANGER),
            (Sign("threat", 4), Priority.DANGER),
            (Sign("crisis", 3), Priority.SAFEGUARDING),
            (Sign("crisis", 2), Priority.HARASSMENT),
            (Sign("sexual", 2), Priority.SAFEGUARDING),
            (Sign("money", 4), Priority.SAFEGUARDING),
            (Sign("hate", 4), Priority.HARASSMENT),
            (Sign("contact", 2), Priority.OTHER),
        ],
        ids=lambda value: f"{value.klass}{value.severity}" if isinstance(value, Sign) else "",
    )
    def test_opens_a_case_that_is_so_urgent(
        self, sign: Sign, priority: Priority, talk: Conversation, fatima: Person, now: datetime
    ) -> None:
        see(talk, 3, sign, now=now)

        case = Case.objects.get()
        assert (case.priority, case.target_seq, case.subject) == (priority, 3, fatima)
        assert case.evidence.count() == 8
        assert AuditRow.objects.get(subject=f"case:{case.id}").detail["source"] == "signal"

    def test_opens_nothing_when_it_is_slight(self, talk: Conversation, now: datetime) -> None:
        see(talk, 3, Sign("crisis", 1), now=now)

        assert not Case.objects.exists()

    def test_is_kept_with_a_case_that_is_there_even_so(self, talk: Conversation, fatima: Person, now: datetime) -> None:
        case = flagged(fatima, talk, 4, now=now)

        see(talk, 4, Sign("crisis", 1), now=now)

        assert case.signals.get().severity == 1

    def test_looks_for_contact_details_in_the_first_weeks_only(self, talk: Conversation, now: datetime) -> None:
        see(talk, 3, Sign("contact", 3), now=now + timedelta(weeks=6))
        assert not Case.objects.exists()

        see(talk, 3, Sign("contact", 3), now=now + timedelta(weeks=6) - HOUR)
        assert Case.objects.exists()

    def test_speaks_once_for_each_rule(self, talk: Conversation, now: datetime) -> None:
        for _ in range(2):
            see(talk, 3, Sign("hate", 3), now=now)
        see(talk, 3, Sign("hate", 3, "another"), now=now)

        assert Signal.objects.count() == 2
        assert audited(Case.objects.get()) == ["opened", "signalled"]

    def test_in_an_edit_is_about_what_was_edited(self, talk: Conversation, annemie: Person, now: datetime) -> None:
        see(talk, 20, Sign("hate", 3), now=now)
        sent(edit(annemie, talk, 20, "nog erger"), now=now)

        see(talk, 21, Sign("hate", 3), now=now)

        case = Case.objects.get()
        assert case.target_seq == 20
        assert [line.body for line in case.evidence.filter(seq=20).order_by("taken_at")] == ["zin 20", "nog erger"]

    def test_in_many_lines_of_a_batch_is_a_case_each(self, talk: Conversation, group: Conversation, now: datetime) -> None:
        say(group, (group.members.get(number=1).person, "oei"), now=now)
        found = [
            SeenLine(talk.id, 4, [Sign("hate", 3)]),
            SeenLine(group.id, 1, [Sign("money", 2)]),
            SeenLine(talk.id, 3, [Sign("hate", 1)]),
        ]

        with transaction.atomic():
            signals_seen(found, now=now)

        assert set(Case.objects.values_list("target_seq", flat=True)) == {1, 4}

    def test_takes_nothing_from_anybody(self, talk: Conversation, fatima: Person, now: datetime) -> None:
        before = Conversation.objects.values().get(id=talk.id)

        see(talk, 3, Sign("threat", 4), now=now)

        fatima.refresh_from_db()
        assert fatima.suspended_at is None and Conversation.objects.values().get(id=talk.id) == before
        assert Case.objects.get().state == CaseState.NEW


class TestGathering:
    def test_keeps_one_case_for_all_who_flag_a_line(self, group: Conversation, now: datetime) -> None:
        chantal, dirk, amina = (member.person for member in group.members.order_by("number"))
        say(group, (dirk, "bah"), now=now)

        cases_of = {raise_flag(person, group, 1, now=now).case_id for person in (chantal, amina)}

        assert len(cases_of) == 1
        assert Case.objects.get().version == 2  # a second person is news to whoever looks at it

    def test_brings_the_deadline_forward_for_what_is_more_urgent(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        case = flagged(fatima, talk, 10, reason=FlagReason.HARASSMENT, now=now)

        raise_flag(fatima, talk, 10, reason=FlagReason.MONEY, now=now + HOUR)

        raised = fresh(case)
        assert (raised.priority, raised.due_at, raised.version) == (Priority.SAFEGUARDING, now + 5 * HOUR, 2)

    def test_never_puts_the_deadline_back(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        case = flagged(fatima, talk, 10, reason=FlagReason.HARASSMENT, now=now)

        raise_flag(fatima, talk, 10, reason=FlagReason.MONEY, now=now + 23 * HOUR)
        raise_flag(fatima, talk, 10, reason=FlagReason.HATE, now=now + 23 * HOUR)

        assert (fresh(case).priority, fresh(case).due_at) == (Priority.SAFEGUARDING, now + 24 * HOUR)

    @pytest.mark.parametrize("order", [("flag", "signal"), ("signal", "flag")])
    def test_makes_danger_of_unsafe_and_a_serious_signal(
        self, order: tuple[str, str], fatima: Person, talk: Conversation, now: datetime
    ) -> None:
        for what in order:
            if what == "flag":
                raise_flag(fatima, talk, 10, reason=FlagReason.UNSAFE, now=now)
            else:
                see(talk, 10, Sign("hate", 3), now=now)

        assert Case.objects.get().priority == Priority.DANGER

    def test_leaves_the_claim_where_it_is(self, fatima: Person, talk: Conversation, sofie: Person, now: datetime) -> None:
        case = claimed(flagged(fatima, talk, 10, now=now), sofie, now=now)

        see(talk, 10, Sign("threat", 4), now=now)

        left = fresh(case)
        assert (left.state, left.claimed_by, left.priority) == (CaseState.CLAIMED, sofie, Priority.DANGER)
        assert left.version == case.version + 1


class TestTakingUpAgain:
    @pytest.fixture
    def closed(self, fatima: Person, talk: Conversation, sofie: Person, now: datetime) -> Case:
        case = told(claimed(flagged(fatima, talk, 10, now=now), sofie, now=now), now=now)
        return cases.close(case.id, by=sofie, version=case.version, now=now)

    def test_is_what_a_new_flag_does(self, closed: Case, fatima: Person, talk: Conversation, now: datetime) -> None:
        later = now + timedelta(days=30)

        case = raise_flag(fatima, talk, 10, reason=FlagReason.MONEY, now=later).case

        assert case == closed
        again = fresh(case)
        assert (again.state, again.opened_at, again.due_at) == (CaseState.REOPENED, later, later + 4 * HOUR)
        assert (again.decided_at, again.closed_at, again.for_leads, again.hand_ups) == (None, None, False, 0)

    def test_happens_before_it_is_closed_too(self, fatima: Person, talk: Conversation, sofie: Person, now: datetime) -> None:
        case = told(claimed(flagged(fatima, talk, 10, now=now), sofie, now=now), now=now)

        raise_flag(fatima, talk, 10, now=now + HOUR)

        assert fresh(case).state == CaseState.REOPENED

    def test_of_the_same_flag_does_nothing(self, closed: Case, fatima: Person, talk: Conversation, now: datetime) -> None:
        flag = closed.flags.get()

        raise_flag(fatima, talk, 10, flag_id=flag.flag_id, now=now + HOUR)

        assert fresh(closed).state == CaseState.CLOSED

    def test_goes_on_beside_an_appeal(self, closed: Case, fatima: Person, talk: Conversation, now: datetime) -> None:
        Case.objects.filter(id=closed.id).update(state=CaseState.APPEALED, closed_at=None)

        raise_flag(fatima, talk, 10, now=now + HOUR)

        assert fresh(closed).state == CaseState.REOPENED and closed.flags.count() == 2

    def test_is_a_new_case_once_the_words_of_the_old_are_due_to_go(
        self, closed: Case, fatima: Person, talk: Conversation, now: datetime
    ) -> None:
        case = raise_flag(fatima, talk, 10, now=now + TAKEN_UP_FOR).case

        assert case != closed and fresh(closed).state == CaseState.CLOSED
        assert raise_flag(fatima, talk, 10, now=now + TAKEN_UP_FOR + HOUR).case == case
