"""Whatever people do with a meeting, in whatever order: what always holds of it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st
from msgspec import UnsetType

from chat.frames import Meeting
from core.errors import DomainError
from meetings import plan
from meetings.dates import has_date
from meetings.occurrences import occurrences
from meetings.times import recomputed
from tests.meetings.plans import FATIMA, GROUP, NOW, PAIR, act, proposal

STARTS = [
    f"2026-{month}-{day:02}T{hour:02}:00"
    for month, days in (("11", range(23, 30)), ("12", range(1, 27)))
    for day in days
    for hour in (9, 18)
]
DATES = ["2026-11-25", "2026-12-02", "2026-12-09", "2026-12-16"]
LEAVES, ENDS = "leaves", "ends"


@dataclass(frozen=True)
class Step:
    name: str
    by: int
    starts: list[str]
    date: str | None = None
    choice: int = 1
    days: int = 0  # after the step before
    is_late: bool = False  # looks at the version before


NAMES = [*["accept", "accept", "accept", "decline", "counter", "move"] * 5, "cancel", LEAVES, ENDS]
steps = st.builds(
    Step,
    name=st.sampled_from(NAMES),
    by=st.sampled_from(GROUP),
    days=st.sampled_from([0, 0, 0, 0, 0, 0, 1, 9]),
    starts=st.sampled_from([[one] for one in STARTS] + [list(some) for some in zip(STARTS, STARTS[7:], STARTS[13:], strict=False)]),
    date=st.sampled_from([None, *DATES]),
    choice=st.sampled_from([1, 1, 1, 2, 3]),
    is_late=st.sampled_from([False] * 9 + [True]),
)


meetings = st.one_of(
    st.builds(lambda starts: proposal(*starts), st.lists(st.sampled_from(STARTS), min_size=1, max_size=3, unique=True)),
    st.builds(lambda repeat: proposal("2026-11-25T14:00", repeat=repeat), st.sampled_from(["FREQ=WEEKLY", "FREQ=WEEKLY;COUNT=4"])),
)


def aimed(step: Step, meeting: Meeting, present: tuple[int, ...]) -> Step:
    """A step that somebody present may take, about a date only where there are dates; what nobody may do is told elsewhere."""
    by = present[step.by % len(present)] if present else step.by
    starts = step.starts[:1] if meeting.repeat else step.starts
    return replace(step, by=by, starts=starts, date=step.date if meeting.repeat else None)


def after(meeting: Meeting, step: Step, *, present: tuple[int, ...], now: datetime) -> Meeting:
    if step.name == ENDS:
        return plan.ended(meeting)
    if step.name == LEAVES:
        return plan.without(meeting, step.by, present=present)
    but: dict[str, Any] = {"date": step.date, "choice": step.choice}
    if step.is_late and meeting.version > 1:
        but["version"] = meeting.version - 1
    return act(meeting, step.name, *step.starts, by=step.by, present=present, now=now, **but)


@given(meeting=meetings, history=st.lists(steps, min_size=10, max_size=40), present=st.sampled_from([PAIR, GROUP]))
def test_a_meeting_is_what_its_history_makes_it(meeting: Meeting, history: list[Step], present: tuple[int, ...]) -> None:
    now = NOW
    for drawn in history:
        now += timedelta(days=drawn.days)
        step = aimed(drawn, meeting, present)
        before = meeting
        try:
            meeting = after(meeting, step, present=present, now=now)
        except DomainError as refusal:
            event(refusal.code)
            assert refusal.code not in {"refused", "not_found"}
            continue
        if step.name == LEAVES:
            present = tuple(number for number in present if number != step.by)
        event(f"{step.name} {meeting.state}")

        ensure_whole(meeting, present)
        ensure_follows(before, meeting, step)


def ensure_whole(meeting: Meeting, present: Collection[int]) -> None:
    """What holds of each snapshot by itself."""
    if meeting.state != "cancelled":
        could = [number for number in present if number not in meeting.no]
        assert meeting.state == ("agreed" if len(meeting.yes) >= 2 else "declined" if len(could) <= 1 else "proposed")
        assert meeting.proposer in present
        for yes, no in [(meeting.yes, meeting.no), *((change.yes, change.no) for change in meeting.changes)]:
            assert len(set(yes)) + len(set(no)) == len(set(yes) | set(no)) == len(yes) + len(no)
            assert {*yes, *no} <= {*present}
    assert 1 <= len(meeting.times) <= (1 if meeting.repeat or meeting.state == "agreed" else 3)
    assert len({change.date for change in meeting.changes}) == len(meeting.changes) <= 30
    assert all(has_date(meeting, change.date) for change in meeting.changes)
    assert recomputed(meeting) is meeting
    for one in occurrences(meeting, start=NOW, end=NOW + timedelta(days=60)):
        assert not one.yes & one.no
        assert one.goes_ahead == (one.why_not == "")
        assert not one.goes_ahead or (len(one.yes) >= 2 and meeting.state != "cancelled")


def ensure_follows(before: Meeting, meeting: Meeting, step: Step) -> None:
    """What holds of a snapshot and the one before."""
    if before.state == "cancelled":
        assert meeting is before
        return
    assert before.version <= meeting.version <= before.version + 1
    if meeting.version == before.version:
        assert asked(meeting).items() <= asked(before).items()  # nothing new is asked; what is long over may be forgotten
    if step.name in {"move", "counter"}:
        assert meeting.version == before.version + 1
        answers = [meeting] if step.date is None else [change for change in meeting.changes if change.date == step.date]
        assert [(one.yes, one.no) for one in answers] == [([step.by], [])]
        assert step.date is None or (meeting.yes, meeting.no, meeting.times) == (before.yes, before.no, before.times)
    if step.name == "cancel" and step.date is None:
        assert meeting.state == "cancelled"
        assert meeting.version == before.version + 1


def asked(meeting: Meeting) -> dict[str, object]:
    """All that somebody says yes or no to."""
    moved = {change.date: change.time for change in meeting.changes if not isinstance(change.time, UnsetType)}
    whole = {
        "times": meeting.times,
        "place": meeting.place,
        "online": meeting.online,
        "repeat": meeting.repeat,
        "proposer": meeting.proposer,
    }
    return {**whole, **moved}


def test_a_history_of_many_meets_yes_no_and_all_between() -> None:
    """What the property above walks through is worth walking through: a plain story that visits each act."""
    meeting = proposal("2026-11-25T14:00", repeat="FREQ=WEEKLY")
    for step in [
        Step("counter", 2, ["2026-11-26T09:00"]),
        Step("counter", FATIMA, ["2026-11-27T09:00"]),
        Step("accept", 2, []),
        Step("move", 2, ["2026-12-05T09:00"], "2026-12-04"),
        Step("decline", FATIMA, [], "2026-12-04"),
        Step("counter", FATIMA, ["2026-12-06T09:00"], "2026-12-04"),
        Step("accept", 2, [], "2026-12-04"),
        Step("cancel", 2, [], "2026-12-11"),
    ]:
        before, meeting = meeting, after(meeting, step, present=PAIR, now=NOW)
        ensure_whole(meeting, PAIR)
        ensure_follows(before, meeting, step)

    found = occurrences(meeting, start=NOW, end=NOW + timedelta(days=30))

    assert [(one.time.start, one.goes_ahead, one.why_not) for one in found] == [
        ("2026-11-27T09:00", True, ""),
        ("2026-12-06T09:00", True, ""),
        ("2026-12-11T09:00", False, "cancelled"),
        ("2026-12-18T09:00", True, ""),
    ]
