"""What decisions do, how it ends, and how it is given back."""

from datetime import datetime, timedelta

import pytest

from accounts.actions import people
from accounts.models import Device, Person, Role
from chat.models import Conversation
from core.errors import Forbidden
from moderation.actions import cases, decisions
from moderation.errors import NotFromHere, NothingToHide
from moderation.models import Case, Decision
from moderation.words import DecisionKind, StatementKind
from programmes.actions import circles
from programmes.models import Circle, EndReason, State
from tests.chat.words import shown
from tests.conftest import Clock
from tests.factories import make_circle, make_device
from tests.moderation.casework import claimed, flagged, fresh, say
from tests.moderation.deciding import banned, decided, held_case, letter_to, letters_to

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]

K = DecisionKind
WEEK = timedelta(days=7)


@pytest.fixture
def held(fatima: Person, talk: Conversation, karin: Person, now: datetime) -> Case:
    """On what Annemie said in line 2; a lead has it."""
    return held_case(fatima, talk, karin, now=now)


def is_suspended(person: Person) -> bool:
    person.refresh_from_db()
    return person.suspended_at is not None


def state_of(case: Case) -> str:
    return Circle.objects.get(id=case.circle_id).state


class TestHiding:
    def test_takes_the_line_away(self, held: Case, talk: Conversation, fatima: Person, karin: Person, now: datetime) -> None:
        decided(held, K.HIDE, karin, now=now)

        assert (shown(fatima, talk)[2].hidden_seq, shown(fatima, talk)[21].kind) == (21, "hide")

    def test_of_what_a_decision_hid_already_is_refused(
        self, held: Case, talk: Conversation, fatima: Person, karin: Person, clock: Clock
    ) -> None:
        """Two measures on one line could not be undone one by one."""
        decided(held, K.HIDE, karin, now=clock())
        again = held_case(fatima, talk, karin, now=clock.move(hours=1))

        with pytest.raises(NothingToHide):
            decided(again, K.HIDE, karin, now=clock())

    def test_of_what_the_same_case_hid_for_now_keeps_it_hidden(
        self, held: Case, talk: Conversation, fatima: Person, karin: Person, now: datetime
    ) -> None:
        cases.hide_for_now(held.id, hours=5, by=karin, version=fresh(held).version, now=now)

        decided(held, K.HIDE, karin, now=now)

        assert shown(fatima, talk)[2].hidden_seq == 21


class TestPausing:
    def test_lets_the_circle_rest_by_a_lead_who_does_not_answer_for_it(
        self, held: Case, talk: Conversation, annemie: Person, karin: Person, now: datetime
    ) -> None:
        decided(held, K.PAUSE_CIRCLE, karin, now=now)

        circle = Circle.objects.get(id=held.circle_id)
        talk.refresh_from_db()
        assert (circle.state, circle.paused_by, talk.paused_at) == (State.PAUSED, karin, now)
        with pytest.raises(Forbidden):
            circles.resume(circle=circle, by=annemie, now=now)

    def test_makes_a_members_rest_its_own(self, held: Case, annemie: Person, karin: Person, now: datetime) -> None:
        circles.pause(circle=held.circle, by=annemie, now=now)

        decided(held, K.PAUSE_CIRCLE, karin, now=now)

        assert Circle.objects.get(id=held.circle_id).paused_by == karin

    def test_of_a_circle_that_gets_to_know_each_other_stops_its_conversation(
        self, fatima: Person, annemie: Person, nele: Person, bram: Person, karin: Person, clock: Clock
    ) -> None:
        circle = make_circle(state=State.TRIAL, people=[fatima, annemie], coordinator=nele, deputy=bram, now=clock())
        say(circle.conversation, (annemie, "lelijk"), now=clock())
        case = held_case(fatima, circle.conversation, karin, 1, now=clock())

        decided(case, K.PAUSE_CIRCLE, karin, until=clock() + WEEK, now=clock())
        assert Conversation.objects.get(circle=circle).paused_at == clock()

        decisions.end_due(now=clock.move(days=7))
        assert Conversation.objects.get(circle=circle).paused_at is None

    def test_ends_by_itself_and_says_so(self, held: Case, annemie: Person, karin: Person, clock: Clock) -> None:
        decision = decided(held, K.PAUSE_CIRCLE, karin, until=clock() + WEEK, now=clock())
        assert decisions.end_due(now=clock.move(days=6)) == 0

        assert decisions.end_due(now=clock.move(days=1)) == 1

        assert state_of(held) == State.ACTIVE
        assert Decision.objects.get(id=decision.id).ended_at == clock()
        assert letter_to(annemie, StatementKind.RESTORED).facts["kind"] == "pause_circle"
        assert decisions.end_due(now=clock()) == 0

    def test_that_a_coordinator_began_anew_is_not_ended(self, held: Case, nele: Person, karin: Person, clock: Clock) -> None:
        decided(held, K.PAUSE_CIRCLE, karin, until=clock() + WEEK, now=clock())
        circle = Circle.objects.get(id=held.circle_id)
        circles.resume(circle=circle, by=nele, now=clock.move(days=1))
        circles.pause(circle=circle, by=nele, now=clock.move(days=1))

        decisions.end_due(now=clock.move(days=6))

        assert state_of(held) == State.PAUSED


class TestPartingWays:
    def test_ends_the_circle_at_once(self, held: Case, talk: Conversation, karin: Person, now: datetime) -> None:
        decided(held, K.PART_WAYS, karin, now=now)

        talk.refresh_from_db()
        circle = Circle.objects.get(id=held.circle_id)
        assert (circle.state, circle.end_reason, talk.closed_at) == (State.ENDED, EndReason.SAFETY, now)


class TestSuspending:
    def test_shuts_somebody_out_until_its_time_is_over(
        self, held: Case, talk: Conversation, fatima: Person, annemie: Person, karin: Person, clock: Clock
    ) -> None:
        device, _ = make_device(person=annemie, now=clock())
        decided(held, K.SUSPEND, karin, until=clock() + WEEK, now=clock())
        assert is_suspended(annemie)
        assert Device.objects.filter(id=device.id).exists()
        assert shown(fatima, talk)[2].hidden_seq == 21

        assert decisions.end_due(now=clock.move(days=7)) == 1
        assert not is_suspended(annemie)
        assert shown(fatima, talk)[2].hidden_seq == 21  # the time was theirs, not the message's

    def test_lasts_as_long_as_another_decision_says_so(
        self, held: Case, talk: Conversation, fatima: Person, annemie: Person, karin: Person, clock: Clock
    ) -> None:
        decided(held, K.SUSPEND, karin, until=clock() + WEEK, now=clock())
        other = claimed(flagged(fatima, talk, 4, now=clock.move(days=1)), karin, now=clock())
        decided(other, K.SUSPEND, karin, until=clock() + 2 * WEEK, now=clock())

        decisions.end_due(now=clock.move(days=6))
        assert is_suspended(annemie)

        decisions.end_due(now=clock.move(days=9))
        assert not is_suspended(annemie)

    def test_that_a_coordinator_did_before_is_theirs_to_end(
        self, held: Case, annemie: Person, nele: Person, karin: Person, clock: Clock
    ) -> None:
        people.suspend(person=annemie, by=nele, now=clock())
        decided(held, K.SUSPEND, karin, until=clock.move(days=1) + timedelta(hours=1), now=clock.move(minutes=-1_430))

        decisions.end_due(now=clock.move(days=2))

        assert is_suspended(annemie)

    def test_can_be_lifted_by_a_lead_before(
        self, held: Case, annemie: Person, karin: Person, lotte: Person, sofie: Person, now: datetime
    ) -> None:
        decision = decided(held, K.SUSPEND, karin, now=now)

        with pytest.raises(Forbidden):
            decisions.lift(decision.id, by=sofie, now=now)
        decisions.lift(decision.id, by=lotte, now=now)
        decisions.lift(decision.id, by=lotte, now=now)

        assert not is_suspended(annemie)
        assert len(letters_to(annemie, StatementKind.RESTORED)) == 1

    def test_is_what_can_be_lifted(self, held: Case, karin: Person, now: datetime) -> None:
        decision = decided(held, K.WARN, karin, now=now)

        with pytest.raises(NotFromHere):
            decisions.lift(decision.id, by=karin, now=now)

    def test_reaches_nobody_whom_leads_may_not_reach(self, held: Case, annemie: Person, karin: Person, now: datetime) -> None:
        Person.objects.filter(id=annemie.id).update(role=Role.COORDINATOR, username="annemie", is_staff=True)

        with pytest.raises(Forbidden):
            decided(held, K.SUSPEND, karin, now=now)


class TestABan:
    def test_shuts_out_for_good_and_signs_out_everywhere(
        self, held: Case, talk: Conversation, fatima: Person, annemie: Person, karin: Person, lotte: Person, clock: Clock
    ) -> None:
        make_device(person=annemie, now=clock())

        banned(held, karin, lotte, now=clock())

        assert is_suspended(annemie)
        assert not Device.objects.filter(user=annemie).exists()
        assert shown(fatima, talk)[2].hidden_seq == 21
        assert decisions.end_due(now=clock.move(days=300)) == 0


class TestLighterDecisions:
    @pytest.mark.parametrize("kind", [K.NOTHING, K.NOTE, K.WARN, K.REFER_OUT])
    def test_take_nothing_from_anybody(
        self, held: Case, talk: Conversation, fatima: Person, annemie: Person, karin: Person, now: datetime, kind: K
    ) -> None:
        before = shown(fatima, talk)

        decided(held, kind, karin, now=now)

        assert shown(fatima, talk) == before
        assert (state_of(held), is_suspended(annemie)) == (State.ACTIVE, False)
