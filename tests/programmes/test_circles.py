from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.actions import people
from accounts.models import Person, Role
from audit.models import AuditRow
from core.errors import Forbidden
from core.facts import Fact
from programmes.actions import circles
from programmes.errors import CircleFull, CoordinatorsMissing, CoordinatorsUnfit, MembersUnfit, NotInThisState
from programmes.facts import CircleEnded, CircleIntroduced, CirclePaused, CircleResumed
from programmes.models import Circle, CircleKind, CircleMember, EndReason, MemberRole, State
from programmes.policy import Invited
from tests.factories import make_circle, make_organisation, make_person, make_programme


def propose(*members: Invited, coordinator: Person, deputy: Person | None, now: datetime, **more: Any) -> Circle:
    wanted = {"programme": make_programme(), "kind": CircleKind.PAIR, "by": coordinator, **more}
    return circles.propose(members=members, coordinator=coordinator, deputy=deputy, now=now, **wanted)


def participant(person: Person) -> Invited:
    return Invited(person, MemberRole.PARTICIPANT)


def buddy(person: Person) -> Invited:
    return Invited(person, MemberRole.BUDDY)


class TestPropose:
    def test_brings_two_together_who_said_nothing_yet(
        self, fatima: Person, annemie: Person, nele: Person, bram: Person, now: datetime
    ) -> None:
        circle = propose(participant(fatima), buddy(annemie), coordinator=nele, deputy=bram, now=now)

        assert (circle.state, circle.proposed_at) == (State.PROPOSED, now)
        assert not CircleMember.objects.agreed().filter(circle=circle).exists()

    def test_writes_who_proposed_whom(self, fatima: Person, annemie: Person, nele: Person, bram: Person, now: datetime) -> None:
        circle = propose(participant(fatima), buddy(annemie), coordinator=nele, deputy=bram, now=now)

        row = AuditRow.objects.last()
        assert row is not None
        assert (row.action, row.actor_id, row.subject) == ("circle.proposed", nele.id, f"circle:{circle.id}")
        assert row.detail == {"members": [str(fatima.id), str(annemie.id)]}

    def test_is_for_coordinators(self, fatima: Person, annemie: Person, nele: Person, bram: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            propose(participant(fatima), buddy(annemie), coordinator=nele, deputy=bram, by=annemie, now=now)

    def test_pairs_one_participant_with_one_buddy(self, fatima: Person, annemie: Person, nele: Person, bram: Person, now: datetime) -> None:
        other = make_person(now=now)
        for unfit in (
            [participant(fatima)],
            [participant(fatima), participant(other)],
            [participant(fatima), buddy(annemie), participant(other)],
            [participant(fatima), participant(fatima)],
            [participant(annemie), buddy(fatima)],
            [Invited(fatima, MemberRole.PEER), buddy(annemie)],
        ):
            with pytest.raises(MembersUnfit):
                propose(*unfit, coordinator=nele, deputy=bram, now=now)

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.COORDINATOR, Role.ADMINISTRATOR])
    def test_makes_no_member_of_staff_a_buddy(self, fatima: Person, nele: Person, bram: Person, now: datetime, role: Role) -> None:
        with pytest.raises(MembersUnfit):
            propose(participant(fatima), buddy(make_person(role=role, now=now)), coordinator=nele, deputy=bram, now=now)

    def test_brings_in_nobody_suspended_or_of_elsewhere(
        self, fatima: Person, annemie: Person, nele: Person, bram: Person, now: datetime
    ) -> None:
        elsewhere = make_person(role=Role.BUDDY, organisation=make_organisation(name="Elsewhere"), now=now)
        suspended = people.suspend(person=annemie, by=nele, now=now)

        for unfit in (elsewhere, suspended):
            with pytest.raises(MembersUnfit):
                propose(participant(fatima), buddy(unfit), coordinator=nele, deputy=bram, now=now)

    def test_wants_two_different_professionals(self, fatima: Person, annemie: Person, nele: Person, now: datetime) -> None:
        elsewhere = make_person(role=Role.COORDINATOR, organisation=make_organisation(name="Elsewhere"), now=now)
        for unfit in (nele, make_person(role=Role.BUDDY, now=now), make_person(role=Role.MODERATOR, now=now), elsewhere):
            with pytest.raises(CoordinatorsUnfit):
                propose(participant(fatima), buddy(annemie), coordinator=nele, deputy=unfit, now=now)

    def test_keeps_to_the_size_the_programme_allows(self, nele: Person, bram: Person, now: datetime) -> None:
        peers = [Invited(make_person(now=now), MemberRole.PEER) for _ in range(4)]
        programme = make_programme(max_members=3)

        with pytest.raises(CircleFull) as refused:
            propose(*peers, coordinator=nele, deputy=bram, kind=CircleKind.PEER_GROUP, programme=programme, now=now)
        assert refused.value.facts == {"limit": 3}


class TestIntroduce:
    def test_tells_that_they_may_talk_once(
        self, fatima: Person, annemie: Person, nele: Person, bram: Person, now: datetime, heard: list[Fact]
    ) -> None:
        circle = make_circle(state=State.AGREED, people=[fatima, annemie], coordinator=nele, deputy=bram, now=now)

        for _ in range(2):
            circles.introduce(circle=circle, by=nele, now=now)

        assert heard == [CircleIntroduced(circle.id, (fatima.id, annemie.id))]
        assert set(CircleMember.objects.filter(circle=circle).values_list("joined_at", flat=True)) == {now}

    def test_is_for_those_who_answer_for_the_circle(
        self, fatima: Person, annemie: Person, nele: Person, bram: Person, now: datetime
    ) -> None:
        circle = make_circle(state=State.AGREED, people=[fatima, annemie], coordinator=nele, deputy=bram, now=now)
        colleague = make_person(role=Role.COORDINATOR, now=now)

        for stranger in (fatima, annemie, colleague):
            with pytest.raises(Forbidden):
                circles.introduce(circle=circle, by=stranger, now=now)

        assert circles.introduce(circle=circle, by=bram, now=now).state == State.INTRODUCED


class TestActivate:
    def test_wants_a_coordinator_and_a_deputy(self, fatima: Person, annemie: Person, nele: Person, bram: Person, now: datetime) -> None:
        circle = make_circle(state=State.TRIAL, people=[fatima, annemie], coordinator=nele, deputy=bram, now=now)
        Circle.objects.filter(id=circle.id).update(deputy=None)

        with pytest.raises(CoordinatorsMissing):
            circles.activate(circle=circle, by=nele, now=now)

        circles.set_coordinators(circle=circle, coordinator=nele, deputy=bram, by=nele, now=now)
        assert circles.activate(circle=circle, by=nele, now=now).active_at == now

    def test_also_after_a_pause(self, circle: Circle, nele: Person, now: datetime) -> None:
        circles.pause(circle=circle, by=nele, now=now)
        Circle.objects.filter(id=circle.id).update(deputy=None)

        with pytest.raises(CoordinatorsMissing):
            circles.resume(circle=circle, by=nele, now=now)


class TestPauseAndResume:
    def test_are_told_once_each(self, circle: Circle, nele: Person, now: datetime, heard: list[Fact]) -> None:
        heard.clear()
        for _ in range(2):
            circles.pause(circle=circle, by=nele, now=now)
        for _ in range(2):
            circles.resume(circle=circle, by=nele, now=now)

        assert heard == [CirclePaused(circle.id), CircleResumed(circle.id)]

    def test_are_also_for_the_member_who_needs_a_rest(self, circle: Circle, fatima: Person, now: datetime) -> None:
        paused = circles.pause(circle=circle, by=fatima, now=now)
        assert (paused.state, paused.paused_by) == (State.PAUSED, fatima)

        resumed = [circles.resume(circle=circle, by=fatima, now=now) for _ in range(2)][-1]
        assert (resumed.state, resumed.paused_by) == (State.ACTIVE, None)

        written = AuditRow.objects.filter(actor_id=fatima.id, subject=f"circle:{circle.id}").order_by("n").values_list("action", flat=True)
        assert list(written)[-2:] == ["circle.pause", "circle.resume"]

    def test_leave_a_rest_to_who_began_it(self, circle: Circle, fatima: Person, annemie: Person, nele: Person, now: datetime) -> None:
        circles.pause(circle=circle, by=fatima, now=now)

        assert circles.pause(circle=circle, by=annemie, now=now).paused_by == fatima
        with pytest.raises(Forbidden):
            circles.resume(circle=circle, by=annemie, now=now)
        assert circles.resume(circle=circle, by=nele, now=now).state == State.ACTIVE

    def test_let_who_answers_take_a_members_rest_over(
        self, circle: Circle, fatima: Person, nele: Person, bram: Person, now: datetime, heard: list[Fact]
    ) -> None:
        heard.clear()
        circles.pause(circle=circle, by=fatima, now=now)

        taken = [circles.pause(circle=circle, by=by, now=now) for by in (nele, nele, bram)]

        assert [paused.paused_by for paused in taken] == [nele] * 3
        with pytest.raises(Forbidden):
            circles.resume(circle=circle, by=fatima, now=now)
        assert heard == [CirclePaused(circle.id)], "nobody's phone needs to hear of it"
        written = AuditRow.objects.filter(subject=f"circle:{circle.id}", action__startswith="circle.pause").order_by("n")
        assert list(written.values_list("action", "actor_id")) == [("circle.pause", fatima.id), ("circle.pause_taken_over", nele.id)]
        assert circles.resume(circle=circle, by=bram, now=now).state == State.ACTIVE

    def test_let_the_operator_take_a_members_rest_over(self, circle: Circle, fatima: Person, now: datetime) -> None:
        circles.pause(circle=circle, by=fatima, now=now)

        assert circles.pause(circle=circle, by=None, now=now).paused_by is None
        with pytest.raises(Forbidden):
            circles.resume(circle=circle, by=fatima, now=now)

    def test_leave_the_coordinators_pause_to_the_coordinators(
        self, circle: Circle, fatima: Person, nele: Person, bram: Person, now: datetime
    ) -> None:
        circles.pause(circle=circle, by=nele, now=now)

        with pytest.raises(Forbidden):
            circles.resume(circle=circle, by=fatima, now=now)
        assert circles.resume(circle=circle, by=bram, now=now).state == State.ACTIVE

    def test_are_not_for_who_has_not_joined_or_has_left(self, nele: Person, bram: Person, now: datetime) -> None:
        group = make_circle(kind=CircleKind.PEER_GROUP, coordinator=nele, deputy=bram, now=now)
        gone, invited = group.members.all()[0].person, make_person(now=now)
        group.members.filter(person=gone).update(left_at=now)
        CircleMember.objects.create(circle=group, person=invited, role="peer", invited_at=now)

        for stranger in (gone, invited, make_person(now=now), make_person(role=Role.COORDINATOR, now=now)):
            for do in (circles.pause, circles.resume):
                with pytest.raises(Forbidden):
                    do(circle=group, by=stranger, now=now)

    @pytest.mark.parametrize("state", [State.INTRODUCED, State.TRIAL, State.ENDED])
    def test_are_for_active_circles(self, fatima: Person, annemie: Person, nele: Person, bram: Person, now: datetime, state: State) -> None:
        circle = make_circle(state=state, people=[fatima, annemie], coordinator=nele, deputy=bram, now=now)

        for do in (circles.pause, circles.resume):
            with pytest.raises(NotInThisState):
                do(circle=circle, by=fatima, now=now)

    def test_may_end_in_a_goodbye(self, circle: Circle, fatima: Person, nele: Person, now: datetime) -> None:
        circles.pause(circle=circle, by=fatima, now=now)

        ended = circles.end(circle=circle, reason=EndReason.MOVED, by=nele, now=now)

        assert (ended.state, ended.paused_by) == (State.ENDED, None)


class TestEnd:
    def test_leaves_the_programmes_grace_to_say_goodbye(self, circle: Circle, nele: Person, now: datetime, heard: list[Fact]) -> None:
        heard.clear()

        circles.end(circle=circle, reason=EndReason.MOVED, by=nele, now=now)
        ended = circles.end(circle=circle, reason=EndReason.MOVED, by=nele, now=now)

        assert heard == [CircleEnded(circle.id, "moved", now + timedelta(days=7))]
        assert (ended.state, ended.end_reason, ended.ended_at) == (State.ENDED, "moved", now)

    def test_closes_at_once_for_safety(self, circle: Circle, nele: Person, now: datetime, heard: list[Fact]) -> None:
        circles.end(circle=circle, reason=EndReason.SAFETY, by=nele, now=now)

        assert heard[-1] == CircleEnded(circle.id, "safety", now)

    def test_cuts_the_grace_short_when_it_turns_out_unsafe(self, circle: Circle, nele: Person, now: datetime, heard: list[Fact]) -> None:
        circles.end(circle=circle, reason=EndReason.MOVED, by=nele, now=now)
        later = now + timedelta(days=2)

        circles.end(circle=circle, reason=EndReason.SAFETY, by=nele, now=later)

        assert heard[-1] == CircleEnded(circle.id, "safety", later)

    def test_never_takes_safety_back(self, circle: Circle, nele: Person, now: datetime) -> None:
        circles.end(circle=circle, reason=EndReason.SAFETY, by=nele, now=now)

        with pytest.raises(NotInThisState):
            circles.end(circle=circle, reason=EndReason.MOVED, by=nele, now=now)

    def test_is_not_for_members(self, circle: Circle, fatima: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            circles.end(circle=circle, reason=EndReason.SAFETY, by=fatima, now=now)


class TestSetCoordinators:
    def test_hands_a_circle_over(self, circle: Circle, nele: Person, bram: Person, now: datetime) -> None:
        lead = make_person(role=Role.LEAD, now=now)

        circles.set_coordinators(circle=circle, coordinator=bram, deputy=lead, by=nele, now=now)

        with pytest.raises(Forbidden):
            circles.pause(circle=circle, by=nele, now=now)
        assert circles.pause(circle=circle, by=lead, now=now).state == State.PAUSED

    def test_names_no_member_and_nobody_twice(self, circle: Circle, annemie: Person, nele: Person, now: datetime) -> None:
        for unfit in (annemie, nele):
            with pytest.raises(CoordinatorsUnfit):
                circles.set_coordinators(circle=circle, coordinator=nele, deputy=unfit, by=nele, now=now)


class TestActingForSafety:
    """Who decides in a case about a circle does not answer for it, and has a way of their own."""

    @pytest.fixture
    def karin(self, now: datetime) -> Person:
        return make_person(role=Role.LEAD, name="Karin", now=now)

    @pytest.fixture
    def rosa(self, now: datetime) -> Person:
        return make_person(role=Role.REVIEWER, name="Rosa", now=now)

    def test_a_lead_pauses_and_a_reviewer_resumes(self, circle: Circle, karin: Person, rosa: Person, now: datetime) -> None:
        assert circles.pause(circle=circle, by=karin, for_safety=True, now=now).state == State.PAUSED
        assert circles.resume(circle=circle, by=rosa, for_safety=True, now=now).state == State.ACTIVE
        assert circles.end(circle=circle, reason=EndReason.SAFETY, by=karin, for_safety=True, now=now).state == State.ENDED

    def test_not_without_saying_so(self, circle: Circle, karin: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            circles.pause(circle=circle, by=karin, now=now)
        with pytest.raises(Forbidden):
            circles.end(circle=circle, reason=EndReason.SAFETY, by=karin, now=now)

    def test_is_not_for_other_roles_or_another_house(self, circle: Circle, annemie: Person, now: datetime) -> None:
        elsewhere = make_person(role=Role.LEAD, organisation=make_organisation(name="Elders"), now=now)
        others = [make_person(role=role, now=now) for role in (Role.MODERATOR, Role.COORDINATOR, Role.AUDITOR)]

        for by in (*others, elsewhere, annemie):
            with pytest.raises(Forbidden):
                circles.pause(circle=circle, by=by, for_safety=True, now=now)

    def test_takes_a_members_rest_over(self, circle: Circle, annemie: Person, karin: Person, now: datetime) -> None:
        circles.pause(circle=circle, by=annemie, now=now)

        circles.pause(circle=circle, by=karin, for_safety=True, now=now)

        with pytest.raises(Forbidden):
            circles.resume(circle=circle, by=annemie, now=now)

    def test_leaves_the_rest_of_a_lead_to_them(self, circle: Circle, karin: Person, now: datetime) -> None:
        circles.pause(circle=circle, by=karin, for_safety=True, now=now)
        rows = AuditRow.objects.filter(action="circle.pause_taken_over").count()

        circles.pause(circle=circle, by=karin, for_safety=True, now=now)

        assert AuditRow.objects.filter(action="circle.pause_taken_over").count() == rows
