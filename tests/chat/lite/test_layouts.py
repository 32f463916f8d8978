"""Whatever a frame says can be said in lite, or is left out for a reason."""

from typing import Any, get_args

import msgspec
import pytest

from chat import frames
from chat.lite import layouts

BY_HAND: dict[Any, set[str]] = {  # written in `codec`, field by field
    frames.Welcome: {"now", "device", "person", "heartbeat", "window"},
    frames.Page: {"reply_to", "conversation", "entries", "more"},
    frames.Marks: {"conversation", "marks"},
    frames.Changed: {"card"},
    frames.Entries: {"conversation", "entries"},
    frames.Resumed: set(),
}
NOT_TOLD: dict[Any, set[str]] = {
    frames.Welcome: {"epoch"},  # `life` stands for it
    frames.Resumed: {"reply_to", "epoch", "resync"},  # the welcome says as much
}
PARTS = {
    frames.Entry: set(layouts.ENTRY),
    frames.Media: set(layouts.MEDIA),
    frames.Meeting: set(layouts.MEETING),
    frames.DateChange: set(layouts.CHANGE),
    frames.Card: {"id", "kind", "state", "you", "first_seq", "last_seq", "members", "read_seq", "closes_at", "muted_until", "left"},
    frames.Member: {"number", "name", "role", "delivered_seq", "read_seq", "left"},  # `person` is nobody's business on this wire
    frames.Mark: {"number", "delivered_seq", "read_seq"},
}
COMMANDS = {layout.frame: layout for layout in (layouts.SEND, *layouts.UP.values())}


def fields_of(frame: Any) -> set[str]:
    return {field.name for field in msgspec.structs.fields(frame)}


class TestCommands:
    def test_all_have_a_layout_but_the_one_that_rides_in_the_upgrade(self) -> None:
        assert COMMANDS.keys() == set(get_args(frames.Command)) - {frames.Resume}

    @pytest.mark.parametrize("frame", COMMANDS, ids=lambda frame: frame.__name__)
    def test_say_every_field(self, frame: Any) -> None:
        assert set(COMMANDS[frame].fields) == fields_of(frame)

    def test_have_a_number_of_their_own(self) -> None:
        numbers = [layout.number for layout in layouts.UP.values()]

        assert len(set(numbers)) == len(numbers)
        assert {*numbers} == {*range(-14, 0)} - {layouts.RESUME}
        assert layouts.RESUME not in numbers


class TestWhatTheServerSays:
    told = (*get_args(frames.Reply), *get_args(frames.Event))

    @pytest.mark.parametrize("frame", told, ids=lambda frame: frame.__name__)
    def test_says_every_field_or_leaves_it_out_for_a_reason(self, frame: Any) -> None:
        left_out = {name for kind, name in layouts.LEFT_OUT if kind is frame}
        said = set(layouts.DOWN[frame].fields) if frame in layouts.DOWN else BY_HAND[frame] | NOT_TOLD.get(frame, set())

        assert said | left_out == fields_of(frame)
        assert not said & left_out

    def test_leaves_nothing_out_without_a_reason(self) -> None:
        assert all(reason for reason in layouts.LEFT_OUT.values())
        assert all(name in fields_of(frame) for frame, name in layouts.LEFT_OUT)

    def test_has_numbers_of_its_own(self) -> None:
        numbers = [*(layout.number for layout in layouts.DOWN.values()), layouts.WELCOME, layouts.PAGE, layouts.MARKS, layouts.CARD]

        assert sorted(numbers) == [*range(-16, 0)]


class TestParts:
    @pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
    def test_say_every_field(self, part: Any) -> None:
        said_by_place = {"seq"} if part is frames.Entry else {"person"} if part is frames.Member else set()

        assert PARTS[part] | said_by_place == fields_of(part)

    def test_count_kinds_and_states_in_the_order_of_the_wire(self) -> None:
        assert get_args(frames.EntryKind) == layouts.KINDS
        assert set(layouts.MEDIA_KINDS) == set(get_args(frames.Media.__annotations__["kind"]))
        assert set(layouts.STATES) == set(get_args(frames.Card.__annotations__["state"]))
