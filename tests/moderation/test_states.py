"""The life of a case, written out once more: rows are where a case is, columns what is done to it."""

from collections import deque

import pytest

from moderation import policy
from moderation.errors import NotFromHere
from moderation.states import NEXT, UNDECIDED, WAITING, Act
from moderation.words import CaseState

# · refused; otherwise the first letters of the state it leads to
TABLE = """
           triage claim release lapse escalate decide refer notify close reopen appeal uphold overturn
new        tr     cl    ·       ·     es       ·      ·     ·      ·     ·      ·      ·      ·
triaged    tr     cl    ·       ·     es       ·      ·     ·      ·     ·      ·      ·      ·
claimed    ·      ·     tr      tr    es       de     rf    ·      ·     ·      ·      ·      ·
escalated  es     cl    ·       ·     ·        ·      ·     ·      ·     ·      ·      ·      ·
referred   ·      ·     ·       ·     ·        ·      ·     no     ·     ro     ·      ·      ·
decided    ·      ·     ·       ·     ·        ·      ·     no     ·     ro     ap     ·      ·
notified   ·      ·     ·       ·     ·        ·      ·     ·      x     ro     ap     ·      ·
closed     ·      ·     ·       ·     ·        ·      ·     ·      ·     ro     ap     ·      ·
reopened   tr     cl    ·       ·     es       ·      ·     ·      ·     ·      ·      ·      ·
appealed   ·      ·     ·       ·     ·        ·      ·     ·      ·     ro     ·      de     de
"""
_SHORT = {
    "tr": "triaged", "cl": "claimed", "es": "escalated", "rf": "referred", "de": "decided", "no": "notified", "x": "closed",
    "ro": "reopened", "ap": "appealed", "·": None,
}  # fmt: skip
_HEAD, *_ROWS = [line.split() for line in TABLE.strip().splitlines()]
PAIRS = [(row[0], act, _SHORT[short]) for row in _ROWS for act, short in zip(_HEAD, row[1:], strict=True)]


class TestNextState:
    def test_is_asked_for_every_state_and_act(self) -> None:
        assert {pair[:2] for pair in PAIRS} == {(state.value, act.value) for state in CaseState for act in Act}
        assert set(NEXT) <= {(state, act) for state in CaseState for act in Act}

    @pytest.mark.parametrize(("state", "act", "expected"), PAIRS)
    def test_is_what_the_table_says(self, state: str, act: str, expected: str | None) -> None:
        if expected is None:
            with pytest.raises(NotFromHere) as refused:
                policy.next_state(state, Act(act))
            assert refused.value.facts == {"state": state}
        else:
            assert policy.next_state(state, Act(act)) == expected


class TestEveryPath:
    @pytest.mark.parametrize("state", [state.value for state in CaseState])
    def test_reaches_closed(self, state: str) -> None:
        assert CaseState.CLOSED in reached_from(CaseState(state))

    @pytest.mark.parametrize("state", [state.value for state in CaseState])
    def test_reaches_closed_without_a_new_flag_or_an_appeal(self, state: str) -> None:
        """Neither is needed for a case to end: nobody waits for what may never come."""
        assert CaseState.CLOSED in reached_from(CaseState(state), without={Act.REOPEN, Act.APPEAL})

    @pytest.mark.parametrize("state", [state.value for state in CaseState])
    def test_begins_new(self, state: str) -> None:
        assert CaseState(state) in reached_from(CaseState.NEW)

    def test_is_told_before_it_is_closed(self) -> None:
        into_closed = {state for (state, _), leads_to in NEXT.items() if leads_to is CaseState.CLOSED}

        assert into_closed == {CaseState.NOTIFIED}

    def test_is_decided_by_whoever_holds_it(self) -> None:
        into_decided = {state for (state, act), _ in NEXT.items() if act in {Act.DECIDE, Act.REFER}}

        assert into_decided == {CaseState.CLAIMED}

    def test_waits_or_is_held_until_it_is_decided(self) -> None:
        assert set(UNDECIDED) - set(WAITING) == {CaseState.CLAIMED}
        assert {state for state in CaseState if (state, Act.CLAIM) in NEXT} == set(WAITING)


def reached_from(start: CaseState, *, without: frozenset[Act] | set[Act] = frozenset()) -> set[CaseState]:
    found, ahead = {start}, deque([start])
    while ahead:
        here = ahead.popleft()
        for (state, act), leads_to in NEXT.items():
            if state is here and act not in without and leads_to not in found:
                found.add(leads_to)
                ahead.append(leads_to)
    return found
