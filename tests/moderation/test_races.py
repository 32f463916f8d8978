"""Many at once, on SQLite and on PostgreSQL: what one at a time guarantees, all at once guarantee too."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, transaction

from accounts.models import Person, Role
from audit import log
from audit.models import AuditRow
from chat.models import Conversation
from core.errors import DomainError
from core.ids import new_id
from moderation.actions import cases, opening, widening
from moderation.actions.gathering import signals_seen
from moderation.errors import StaleVersion
from moderation.models import Case, Flag, Reading
from moderation.words import CaseState, FlagReason, Priority
from tests.chat.together import together
from tests.chat.words import message, send
from tests.factories import make_circle, make_person
from tests.moderation.casework import SeenLine, Sign, audited, claimed, flagged, fresh, raise_flag, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]

THREADS = 16


def codes(what: Callable[[int], object]) -> Counter[str]:
    """What each of many threads got: `ok`, or the code of the refusal."""

    def one(number: int) -> str:
        try:
            what(number)
        except DomainError as problem:
            return problem.code
        except OperationalError as problem:
            if "deadlock" in str(problem):  # which `together` would try again, and nobody would know
                return "deadlock"
            raise
        return "ok"

    return Counter(together(one, threads=THREADS))


def is_whole_log() -> bool:
    return log.verify(signed={})[1] is None


class TestManyFlags:
    def test_of_one_device_are_one_flag(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        flag_id = new_id()

        ids = together(lambda _: raise_flag(fatima, talk, 10, flag_id=flag_id, words="au", now=now).id, threads=THREADS)

        assert len(set(ids)) == Flag.objects.count() == Case.objects.count() == 1
        assert audited(Case.objects.get()) == ["opened"]

    def test_with_one_id_and_many_words_are_one_flag_and_refusals(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        flag_id = new_id()

        answers = codes(lambda n: raise_flag(fatima, talk, 10, flag_id=flag_id, words=f"{n}", now=now))

        assert answers == {"ok": 1, "flag_reused": THREADS - 1} and Flag.objects.count() == 1

    def test_with_one_id_in_two_conversations_are_one_flag(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        """Two locks: the constraint decides, and the loser is told so."""
        other = make_circle(people=[fatima, make_person(role=Role.BUDDY, now=now)], now=now).conversation
        flag_id = new_id()

        answers = codes(lambda n: raise_flag(fatima, (talk, other)[n % 2], member=2, flag_id=flag_id, now=now))

        assert Flag.objects.count() == Case.objects.count() == 1
        assert answers == {"ok": THREADS // 2, "flag_reused": THREADS // 2}

    def test_of_many_people_and_the_screening_are_one_case(self, group: Conversation, now: datetime) -> None:
        chantal, dirk, amina = (member.person for member in group.members.order_by("number"))
        say(group, (dirk, "bah"), now=now)

        def one(number: int) -> None:
            if number % 4 == 0:
                with transaction.atomic():
                    list(Conversation.objects.locked().filter(id=group.id))
                    signals_seen([SeenLine(group.id, 1, [Sign("hate", 3, f"rule_{number}")])], now=now)
            else:
                raise_flag((chantal, amina)[number % 2], group, 1, now=now)

        assert codes(one) == {"ok": THREADS}

        case = Case.objects.get()
        assert (case.flags.count(), case.signals.count()) == (12, 4)
        assert len(audited(case)) == THREADS and is_whole_log()

    def test_beside_messages_and_claims_wait_for_nobody_forever(
        self, fatima: Person, annemie: Person, talk: Conversation, sofie: Person, now: datetime
    ) -> None:
        """Locks are taken in one order: conversations, cases, the end of the audit log."""
        known = [flagged(fatima, talk, seq, now=now) for seq in (2, 4, 6)]

        def one(number: int) -> None:
            case = known[number % 3]
            match number % 4:
                case 0:
                    send(message(annemie, talk, f"{number}"), now=now)
                case 1:
                    raise_flag(fatima, talk, (case.target_seq or 0), now=now)
                case 2:
                    claimed(case, sofie, now=now)
                case _:
                    held = claimed(case, sofie, now=now)
                    cases.hide_for_now(case.id, hours=1, by=sofie, version=held.version, now=now)

        answers = codes(one)

        assert answers["ok"] >= THREADS // 2
        assert set(answers) <= {"ok", "stale_version", "not_from_here"} and is_whole_log()


class TestManyModerators:
    @pytest.fixture
    def moderators(self, now: datetime) -> list[Person]:
        return [make_person(role=Role.MODERATOR, name=f"M{number}", now=now) for number in range(THREADS)]

    @pytest.fixture
    def case(self, fatima: Person, talk: Conversation, now: datetime) -> Case:
        return flagged(fatima, talk, 10, reason=FlagReason.MONEY, now=now)

    def test_who_claim_one_case_are_one_who_gets_it(self, case: Case, moderators: list[Person], now: datetime) -> None:
        answers = codes(lambda n: cases.claim(case.id, by=moderators[n], version=1, now=now))

        assert answers == {"ok": 1, "already_claimed": THREADS - 1}
        assert audited(case) == ["opened", "claimed"] and fresh(case).version == 2

    def test_who_claim_what_lapsed_are_one_who_gets_it(self, case: Case, moderators: list[Person], sofie: Person, now: datetime) -> None:
        held = claimed(case, sofie, now=now)
        later = now + timedelta(minutes=30)

        def one(number: int) -> None:
            if number == 0:
                cases.lapse_due(now=later)
            else:
                claim(moderators[number])

        def claim(moderator: Person) -> None:
            try:
                cases.claim(case.id, by=moderator, version=fresh(held).version, now=later)
            except StaleVersion:  # it lapsed between their look and their act: they look again
                cases.claim(case.id, by=moderator, version=fresh(held).version, now=later)

        answers = codes(one)

        assert Counter(audited(case))["claimed"] == 2 and Counter(audited(case))["lapsed"] == 1
        assert answers["ok"] == 2 and set(answers) <= {"ok", "already_claimed"}

    def test_who_act_on_one_version_are_one_who_did(self, case: Case, moderators: list[Person], now: datetime) -> None:
        answers = codes(lambda n: cases.triage(case.id, priority=Priority.OTHER, by=moderators[n], version=1, now=now))

        assert answers == {"ok": 1, "stale_version": THREADS - 1} and fresh(case).version == 2

    def test_who_read_and_renew_at_once_leave_a_row_each(self, case: Case, sofie: Person, now: datetime) -> None:
        held = claimed(case, sofie, now=now)

        codes(lambda n: opening.open_case(held.id, by=sofie, now=now))

        assert Counter(audited(case))["read"] == THREADS
        assert Reading.objects.values("audit_n").distinct().count() == THREADS and is_whole_log()

    def test_who_widen_at_once_take_each_line_once(self, case: Case, karin: Person, now: datetime) -> None:
        held = claimed(case, karin, now=now)

        answers = codes(lambda n: widening.ask(held.id, lines=6 + n % 10, reason="meer", by=karin, version=held.version, now=now))

        assert answers == {"ok": 1, "stale_version": THREADS - 1}
        seqs = list(case.evidence.values_list("seq", flat=True))
        assert len(seqs) == len(set(seqs))

    def test_who_restore_at_once_restore_once(self, case: Case, sofie: Person, now: datetime) -> None:
        held = claimed(case, sofie, now=now)
        cases.hide_for_now(held.id, hours=1, by=sofie, version=held.version, now=now)

        done = together(lambda _: cases.restore_due(now=now + timedelta(hours=1)), threads=THREADS)

        assert sum(done) == 1 and Counter(audited(case))["restored"] == 1
        assert fresh(case).state == CaseState.CLAIMED


class TestAReadThatDoesNotCommit:
    def test_shows_nothing(self, fatima: Person, talk: Conversation, sofie: Person, now: datetime) -> None:
        """Inside somebody else's transaction it could be undone after it was shown: so it refuses to run there."""
        case = claimed(flagged(fatima, talk, 10, now=now), sofie, now=now)

        with pytest.raises(RuntimeError), transaction.atomic():
            opening.open_case(case.id, by=sofie, now=now)

        assert not AuditRow.objects.filter(action="case.read").exists()
