"""Where to look, in identifiers only."""

from uuid import UUID

import msgspec

from chat import frames, hints
from chat.actions.marks import Risen
from chat.drafts import Recipient
from chat.facts import Line
from chat.hints import Hints, Spent
from chat.reading import Range

ROOM, OTHER, PERSON = UUID(int=1), UUID(int=2), UUID(int=3)


class TestOfLines:
    def test_is_one_range_a_conversation(self) -> None:
        lines = [
            Line(ROOM, 4, "message", PERSON),
            Line(OTHER, 1, "join", None),
            Line(ROOM, 6, "edit", PERSON),
            Line(ROOM, 5, "message", None),
        ]

        assert hints.of_lines(lines).ranges == [Range(ROOM, 4, 6), Range(OTHER, 1, 1)]


class TestTheWire:
    def everything(self) -> Hints:
        marks = [frames.Mark(1, 5, 4), frames.Mark(2, 3, 0)]
        risen = Risen(ROOM, marks, frozenset({1}), {1: PERSON, 2: OTHER}, [Recipient(PERSON, 7)])
        return Hints([Range(ROOM, 1, 2)], [risen], refresh=[PERSON], recheck=[OTHER], spent=[Spent(PERSON, 80, 81, 100)])

    def test_brings_them_over_whole(self) -> None:
        wired = msgspec.msgpack.decode(msgspec.msgpack.encode(hints.to_wire(self.everything())))

        assert hints.from_wire(wired) == self.everything()

    def test_understands_a_release_that_knows_no_budgets(self) -> None:
        wired = hints.to_wire(Hints(recheck=[PERSON]))
        del wired["spent"]

        assert hints.from_wire(wired) == Hints(recheck=[PERSON])

    def test_carries_numbers_and_identifiers_alone(self) -> None:
        def leaves(value: object) -> set[type]:
            if isinstance(value, dict | list | tuple):
                return set().union(*(leaves(item) for item in (value.values() if isinstance(value, dict) else value)))
            return {type(value)}

        assert leaves(hints.to_wire(self.everything())) == {bytes, int, bool}


class TestAnnounce:
    def test_reaches_who_listens_until_they_stop(self) -> None:
        heard: list[Hints] = []
        hints.listen(heard.append)
        hints.announce(Hints(refresh=[PERSON]))
        hints.stop_listening(heard.append)
        hints.announce(Hints())

        assert heard == [Hints(refresh=[PERSON])]

    def test_knows_whether_the_caller_delivers_by_hand(self) -> None:
        assert not hints.caller_delivers()
        with hints.delivered_by_caller():
            assert hints.caller_delivers()
        assert not hints.caller_delivers()
