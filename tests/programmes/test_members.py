from datetime import datetime

import pytest

from accounts.models import Person, Role
from core.errors import Forbidden, NotFound
from core.facts import Fact
from programmes.actions import members
from programmes.errors import AlreadyJoined, CircleFull, MembersUnfit, NotInThisState, TooFewWouldRemain
from programmes.facts import CircleEnded, CircleMemberJoined, CircleMemberLeft
from programmes.models import Circle, CircleKind, CircleMember, MemberRole, State
from tests.factories import make_circle, make_organisation, make_person, make_programme


@pytest.fixture
def proposed(fatima: Person, annemie: Person, nele: Person, bram: Person, now: datetime) -> Circle:
    return make_circle(state=State.PROPOSED, people=[fatima, annemie], coordinator=nele, deputy=bram, now=now)


@pytest.fixture
def peers(db: None, now: datetime) -> list[Person]:
    return [make_person(name=name, now=now) for name in ("Chantal", "Dirk", "Amina")]


@pytest.fixture
def group(peers: list[Person], nele: Person, bram: Person, now: datetime) -> Circle:
    """Three peers who talk."""
    return make_circle(kind=CircleKind.PEER_GROUP, people=peers, coordinator=nele, deputy=bram, now=now)


@pytest.fixture
def proposed_group(peers: list[Person], nele: Person, bram: Person, now: datetime) -> Circle:
    return make_circle(kind=CircleKind.PEER_GROUP, state=State.PROPOSED, people=peers, coordinator=nele, deputy=bram, now=now)


def state_of(circle: Circle) -> str:
    return Circle.objects.get(id=circle.id).state


class TestAgree:
    def test_the_last_yes_makes_it_agreed(self, proposed: Circle, fatima: Person, annemie: Person, now: datetime) -> None:
        assert members.agree(circle=proposed, by=fatima, now=now).state == State.PROPOSED
        assert members.agree(circle=proposed, by=fatima, now=now).state == State.PROPOSED
        assert members.agree(circle=proposed, by=annemie, now=now).agreed_at == now
        assert members.agree(circle=proposed, by=annemie, now=now).state == State.AGREED

    def test_is_only_for_who_was_asked(self, proposed: Circle, nele: Person, now: datetime) -> None:
        for stranger in (nele, make_person(now=now)):
            with pytest.raises(NotFound):
                members.agree(circle=proposed, by=stranger, now=now)

    def test_comes_too_late_for_a_circle_that_ended(self, proposed: Circle, fatima: Person, annemie: Person, now: datetime) -> None:
        members.decline(circle=proposed, by=annemie, now=now)

        with pytest.raises(NotInThisState):
            members.agree(circle=proposed, by=fatima, now=now)

    def test_is_joining_when_the_others_talk_already(self, group: Circle, nele: Person, now: datetime, heard: list[Fact]) -> None:
        emre = make_person(name="Emre", now=now)
        members.add(circle=group, person=emre, role=MemberRole.PEER, by=nele, now=now)
        assert not any(isinstance(fact, CircleMemberJoined) for fact in heard)

        for _ in range(2):
            members.agree(circle=group, by=emre, now=now)

        assert heard[-1:] == [CircleMemberJoined(group.id, emre.id, "peer")]
        assert state_of(group) == State.ACTIVE


class TestDecline:
    def test_ends_a_pair(self, proposed: Circle, fatima: Person, now: datetime, heard: list[Fact]) -> None:
        for _ in range(2):
            members.decline(circle=proposed, by=fatima, now=now)

        proposed.refresh_from_db()
        assert (proposed.state, proposed.end_reason) == (State.ENDED, "declined")
        assert len([fact for fact in heard if isinstance(fact, CircleEnded)]) == 1

    def test_leaves_a_group_to_the_others(self, proposed_group: Circle, peers: list[Person], now: datetime) -> None:
        members.agree(circle=proposed_group, by=peers[0], now=now)
        members.agree(circle=proposed_group, by=peers[1], now=now)

        members.decline(circle=proposed_group, by=peers[2], now=now)

        assert state_of(proposed_group) == State.AGREED

    def test_ends_a_group_that_would_be_too_small(self, proposed_group: Circle, peers: list[Person], now: datetime) -> None:
        for peer in peers[:2]:
            members.decline(circle=proposed_group, by=peer, now=now)

        assert state_of(proposed_group) == State.ENDED

    def test_may_take_a_yes_back_until_the_introduction(self, proposed: Circle, fatima: Person, annemie: Person, now: datetime) -> None:
        for person in (fatima, annemie):
            members.agree(circle=proposed, by=person, now=now)

        members.decline(circle=proposed, by=fatima, now=now)

        assert state_of(proposed) == State.ENDED

    def test_is_not_how_one_leaves(self, circle: Circle, fatima: Person, now: datetime) -> None:
        with pytest.raises(AlreadyJoined):
            members.decline(circle=circle, by=fatima, now=now)

    def test_changes_nothing_for_those_who_talk(self, group: Circle, nele: Person, now: datetime, heard: list[Fact]) -> None:
        emre = make_person(now=now)
        members.add(circle=group, person=emre, role=MemberRole.PEER, by=nele, now=now)
        heard.clear()

        members.decline(circle=group, by=emre, now=now)

        assert (heard, state_of(group)) == ([], State.ACTIVE)


class TestAdd:
    def test_asks_everybody_again_before_the_introduction(self, peers: list[Person], nele: Person, now: datetime) -> None:
        circle = make_circle(kind=CircleKind.PEER_GROUP, state=State.AGREED, people=peers, coordinator=nele, now=now)
        emre = make_person(now=now)

        for _ in range(2):
            members.add(circle=circle, person=emre, role=MemberRole.PEER, by=nele, now=now)

        assert state_of(circle) == State.PROPOSED
        assert members.agree(circle=circle, by=emre, now=now).state == State.AGREED
        assert CircleMember.objects.present().filter(circle=circle).count() == 4

    def test_makes_no_third_of_a_pair(self, circle: Circle, nele: Person, now: datetime) -> None:
        with pytest.raises(MembersUnfit):
            members.add(circle=circle, person=make_person(now=now), role=MemberRole.PARTICIPANT, by=nele, now=now)

    def test_refuses_who_does_not_suit(self, group: Circle, nele: Person, now: datetime) -> None:
        elsewhere = make_person(organisation=make_organisation(name="Elsewhere"), now=now)
        moderator = make_person(role=Role.MODERATOR, now=now)
        for person, role in ((elsewhere, MemberRole.PEER), (moderator, MemberRole.BUDDY), (make_person(now=now), MemberRole.FAMILY)):
            with pytest.raises(MembersUnfit):
                members.add(circle=group, person=person, role=role, by=nele, now=now)

    def test_stops_at_the_limit(self, peers: list[Person], nele: Person, now: datetime) -> None:
        full = make_circle(kind=CircleKind.PEER_GROUP, people=peers, coordinator=nele, programme=make_programme(max_members=3), now=now)

        with pytest.raises(CircleFull):
            members.add(circle=full, person=make_person(now=now), role=MemberRole.PEER, by=nele, now=now)

    def test_is_for_coordinators(self, group: Circle, peers: list[Person], now: datetime) -> None:
        with pytest.raises(Forbidden):
            members.add(circle=group, person=make_person(now=now), role=MemberRole.PEER, by=peers[0], now=now)


class TestRemove:
    def test_tells_once_who_left(self, group: Circle, peers: list[Person], nele: Person, now: datetime, heard: list[Fact]) -> None:
        heard.clear()

        for _ in range(2):
            members.remove(circle=group, person=peers[0], by=nele, now=now)

        assert heard == [CircleMemberLeft(group.id, peers[0].id)]

    def test_lets_people_leave_themselves_and_come_back(self, group: Circle, peers: list[Person], nele: Person, now: datetime) -> None:
        members.remove(circle=group, person=peers[0], by=peers[0], now=now)
        members.add(circle=group, person=peers[0], role=MemberRole.PEER, by=nele, now=now)
        members.agree(circle=group, by=peers[0], now=now)

        assert CircleMember.objects.filter(circle=group, person=peers[0]).count() == 2
        assert CircleMember.objects.agreed().filter(circle=group).count() == 3

    def test_lets_nobody_remove_another(self, group: Circle, peers: list[Person], now: datetime) -> None:
        with pytest.raises(Forbidden):
            members.remove(circle=group, person=peers[0], by=peers[1], now=now)

    def test_leaves_nobody_alone(
        self, circle: Circle, group: Circle, fatima: Person, peers: list[Person], nele: Person, now: datetime
    ) -> None:
        members.remove(circle=group, person=peers[0], by=nele, now=now)

        for small, person in ((circle, fatima), (group, peers[1])):
            with pytest.raises(TooFewWouldRemain):
                members.remove(circle=small, person=person, by=nele, now=now)

    def test_counts_only_those_who_joined(self, group: Circle, peers: list[Person], nele: Person, now: datetime) -> None:
        members.add(circle=group, person=make_person(now=now), role=MemberRole.PEER, by=nele, now=now)
        members.remove(circle=group, person=peers[0], by=nele, now=now)

        with pytest.raises(TooFewWouldRemain):
            members.remove(circle=group, person=peers[1], by=nele, now=now)

    def test_of_the_one_who_hesitated_makes_the_rest_agreed(
        self, proposed_group: Circle, peers: list[Person], nele: Person, now: datetime
    ) -> None:
        for peer in peers[:2]:
            members.agree(circle=proposed_group, by=peer, now=now)

        assert members.remove(circle=proposed_group, person=peers[2], by=nele, now=now).state == State.AGREED
