"""The life of a circle, written out once more: rows are where a circle is, columns what is done to it."""

from datetime import datetime

import pytest

from accounts.models import Person
from programmes import policy
from programmes.actions import circles, members
from programmes.errors import NotInThisState
from programmes.models import Circle, CircleKind, CircleMember, EndReason, MemberRole, State
from programmes.states import NEXT, Action
from tests.factories import make_circle, make_person

# · refused; otherwise the first letter of the state it leads to, T for trial, A for agreed, + for active
TABLE = """
            agree agree_last decline decline_last introduce start_trial activate pause resume end add_member remove_member set_coordinators
proposed    p     a          p       e            ·         ·           ·        ·     ·      e   p          p             p
agreed      ·     ·          a       e            i         ·           ·        ·     ·      e   p          a             a
introduced  i     i          i       ·            ·         t           ·        ·     ·      e   i          i             i
trial       t     t          t       ·            ·         ·           +        ·     ·      e   t          t             t
active      +     +          +       ·            ·         ·           ·        z     ·      e   +          +             +
paused      z     z          z       ·            ·         ·           ·        ·     +      e   z          z             z
ended       ·     ·          ·       ·            ·         ·           ·        ·     ·      ·   ·          ·             ·
"""
_LETTERS = {"p": "proposed", "a": "agreed", "i": "introduced", "t": "trial", "+": "active", "z": "paused", "e": "ended", "·": None}
_HEAD, *_ROWS = [line.split() for line in TABLE.strip().splitlines()]
PAIRS = [(row[0], action, _LETTERS[letter]) for row in _ROWS for action, letter in zip(_HEAD, row[1:], strict=True)]


class TestNextState:
    def test_the_table_names_every_state_and_action(self) -> None:
        assert len(PAIRS) == len(State) * len(Action) == 91
        assert {pair[:2] for pair in PAIRS} == {(state.value, action.value) for state in State for action in Action}
        assert set(NEXT) <= {(state, action) for state in State for action in Action}

    @pytest.mark.parametrize(("state", "action", "expected"), PAIRS)
    def test_is_what_the_table_says(self, state: str, action: str, expected: str | None) -> None:
        circle = Circle(state=state)

        if expected is None:
            with pytest.raises(NotInThisState) as refused:
                policy.next_state(circle, Action(action))
            assert refused.value.facts == {"state": state, "action": action}
        else:
            assert policy.next_state(circle, Action(action)) == expected


# What a coordinator does, and the states a second time makes no difference in.
_REPEATS = {"introduce": "introduced", "start_trial": "trial", "activate": "active", "pause": "paused", "resume": "active", "end": "ended"}
_BY_COORDINATOR = [pair for pair in PAIRS if pair[1] in {*_REPEATS, "add_member", "remove_member", "set_coordinators"}]


@pytest.mark.django_db
class TestDoing:
    @pytest.mark.parametrize(("state", "action", "expected"), _BY_COORDINATOR)
    def test_does_what_the_table_says(
        self, state: str, action: str, expected: str | None, nele: Person, bram: Person, now: datetime
    ) -> None:
        circle = make_circle(kind=CircleKind.PEER_GROUP, state=State(state), coordinator=nele, deputy=bram, now=now)
        if _REPEATS.get(action) == state:
            expected = state

        if expected is None:
            with pytest.raises(NotInThisState):
                do(action, circle, by=nele, now=now)
        else:
            do(action, circle, by=nele, now=now)

        circle.refresh_from_db()
        assert circle.state == (expected or state)


def do(action: str, circle: Circle, *, by: Person, now: datetime) -> None:
    """One thing that a coordinator can do to a peer group of three."""
    if action == "end":
        circles.end(circle=circle, reason=EndReason.GOAL_REACHED, by=by, now=now)
    elif action == "add_member":
        members.add(circle=circle, person=make_person(now=now), role=MemberRole.PEER, by=by, now=now)
    elif action == "remove_member":
        first = CircleMember.objects.filter(circle=circle)[0]
        members.remove(circle=circle, person=first.person, by=by, now=now)
    elif action == "set_coordinators":
        assert circle.deputy is not None
        circles.set_coordinators(circle=circle, coordinator=circle.deputy, deputy=by, by=by, now=now)
    else:
        getattr(circles, action)(circle=circle, by=by, now=now)
