import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from phone.log import Hole, Log
from phone.wire import Entry
from tests.phone.entries import edit, hide, message, planned, restore, retract


def known(*entries: Entry) -> Log:
    log = Log()
    log.take(entries)
    return log


def bodies(log: Log) -> list[str | None]:
    return [entry.body for entry in log.entries if entry.kind == "message"]


class TestTake:
    def test_starts_anywhere_and_then_takes_only_what_is_next(self) -> None:
        log = known(message(11), message(12))

        new = log.take([message(13)])

        assert [entry.seq for entry in new] == [13]
        assert log.cursor == 13

    def test_leaves_out_what_is_known(self) -> None:
        log = known(message(1, "een"), message(2, "twee"))

        new = log.take([message(1, "een"), message(2, "twee"), message(3, "drie")])

        assert [entry.seq for entry in new] == [3]
        assert bodies(log) == ["een", "twee", "drie"]

    def test_refuses_a_hole_and_keeps_what_came_before_it(self) -> None:
        log = known(message(1))

        with pytest.raises(Hole):
            log.take([message(2), message(4)])

        assert log.cursor == 2

    def test_forgets_the_words_that_were_taken_back_wherever_they_stood(self) -> None:
        log = known(message(1, "geheim"), edit(2, 1, "groot geheim"), retract(3, 1))

        assert all(entry.body is None for entry in log.entries)
        assert log.at(1) == message(1, None, edited_seq=2, retracted_seq=3)

    def test_keeps_the_newest_words_when_an_older_edit_comes_late(self) -> None:
        log = known(message(1, "derde", edited_seq=3), edit(2, 1, None), edit(3, 1, "derde"))

        assert bodies(log) == ["derde"]

    def test_an_edit_that_lost_its_words_changes_nothing(self) -> None:
        log = known(message(1, "eerste"), edit(2, 1, None))

        assert log.at(1) == message(1, "eerste")

    def test_hides_and_gives_back_a_message_with_the_words_that_come_with_it(self) -> None:
        log = known(message(1, "dag"), hide(2, 1))
        assert log.at(1) == message(1, None, hidden_seq=2)

        log.take([restore(3, 1, "dag")])

        assert log.at(1) == message(1, "dag")
        assert all(entry.body is None for entry in log.entries[1:])

    def test_hides_a_meeting_with_its_place_and_gives_it_back(self) -> None:
        plan = planned(1, "propose")
        log = known(plan, hide(2, 1))
        assert log.entries[0].meeting is None

        log.take([restore(3, 1, meeting=plan.meeting)])

        assert log.at(1) == plan

    def test_a_message_that_was_taken_back_stays_so_whatever_is_given_back(self) -> None:
        log = known(message(1, "dag"), hide(2, 1), retract(3, 1), restore(4, 1))

        assert log.at(1) == message(1, None, retracted_seq=3)


class TestPutBefore:
    def test_puts_an_older_page_in_front(self) -> None:
        log = known(message(3))

        log.put_before([message(1, "een"), message(2, "twee")])

        assert [entry.seq for entry in log.entries] == [1, 2, 3]
        assert log.cursor == 3

    def test_applies_what_happened_after_the_page_was_read(self) -> None:
        log = known(message(3), edit(4, 1, "nieuw"), retract(5, 2))

        log.put_before([message(1, "oud"), message(2, "weg")])

        assert bodies(log) == ["nieuw", None, "dag"]

    def test_keeps_words_that_are_newer_than_what_the_log_knows(self) -> None:
        log = known(message(3), edit(4, 1, "nieuw"))

        log.put_before([message(1, "nieuwer", edited_seq=9), message(2)])

        assert bodies(log)[0] == "nieuwer"

    def test_changes_nothing_by_what_stands_beside_a_message_in_its_page(self) -> None:
        log = known(message(9))

        log.put_before([message(1, "terug", edited_seq=2), edit(2, 1, None), hide(3, 1), restore(4, 1, "terug"), message(5, None, hidden_seq=8), hide(6, 5), restore(7, 5), hide(8, 5)])  # fmt: skip

        assert log.at(1) == message(1, "terug", edited_seq=2)
        assert log.at(5) == message(5, None, hidden_seq=8)

    def test_keeps_the_words_that_were_given_back_until_their_message_comes(self) -> None:
        log = known(message(9), hide(10, 1), restore(11, 1, "terug"))

        log.put_before([message(1, None, hidden_seq=10), *(message(seq) for seq in range(2, 9))])

        assert log.at(1) == message(1, "terug")
        assert bodies(log).count("terug") == 1

    def test_does_not_hide_what_its_page_shows_given_back_and_edited_since(self) -> None:
        log = known(message(3))
        log.put_before([message(1, "nieuw", edited_seq=6), message(2)])

        log.take([hide(4, 1), restore(5, 1, "oud"), edit(6, 1, "nieuw")])

        assert bodies(log)[0] == "nieuw"

    def test_does_not_take_a_page_that_does_not_touch(self) -> None:
        log = known(message(5))

        log.put_before([message(1), message(2)])

        assert [entry.seq for entry in log.entries] == [5]


class TestStartAt:
    def test_forgets_what_is_not_to_be_seen_any_more(self) -> None:
        log = known(message(1), message(2), message(3))

        log.start_at(3)

        assert [entry.seq for entry in log.entries] == [3]
        assert log.cursor == 3

    def test_jumps_over_what_was_said_while_the_person_was_away(self) -> None:
        log = known(message(1))

        log.start_at(9)

        assert log.entries == []
        assert log.cursor == 8


class Server:
    """The log as the server has it: a list, rendered for whoever reads it now."""

    def __init__(self) -> None:
        self.lines: list[Entry] = []

    def say(self, what: str, which: int) -> None:
        seq = len(self.lines) + 1
        targets = [line.seq for line in self.lines if line.kind == "message" and self._may(what, line.seq)]
        if not targets:
            self.lines.append(message(seq, f"woorden {seq}"))
            return
        target = targets[which % len(targets)]
        changes = {"edit": edit(seq, target, f"andere woorden {seq}"), "retract": retract(seq, target), "hide": hide(seq, target)}
        self.lines.append(changes.get(what) or restore(seq, target, self._words(target)))

    def _may(self, what: str, target: int) -> bool:
        is_hidden = self._hidden(target) is not None
        return (
            what in {"edit", "retract", "hide", "restore"}
            and not self.gone(target)
            and (what == "retract" or is_hidden == (what == "restore"))
        )

    def _about(self, target: int, *kinds: str) -> list[Entry]:
        return [line for line in self.lines if line.target == target and line.kind in kinds]

    def gone(self, target: int | None) -> bool:
        return any(line.target == target for line in self.lines if line.kind == "retract")

    def _hidden(self, target: int) -> int | None:
        newest = self._about(target, "hide", "restore")[-1:]
        return newest[0].seq if newest and newest[0].kind == "hide" else None

    def _words(self, target: int) -> str | None:
        edits = self._about(target, "edit")
        return edits[-1].body if edits else self.lines[target - 1].body

    def read(self, first: int, last: int) -> list[Entry]:
        return [self._render(line) for line in self.lines[max(first, 1) - 1 : last]]

    def _render(self, line: Entry) -> Entry:
        if line.target is not None:
            is_dead = line.kind == "edit" and self._about(line.target, "edit", "hide")[-1] != line
            is_out_of_sight = self.gone(line.target) or self._hidden(line.target) is not None
            newest = None if is_out_of_sight or is_dead or line.body is None else self._words(line.target)
            return structs.replace(line, body=newest)
        edits, retracted = self._about(line.seq, "edit"), self._about(line.seq, "retract")
        hidden = self._hidden(line.seq)
        return message(
            line.seq,
            None if retracted or hidden else self._words(line.seq),
            edited_seq=edits[-1].seq if edits else None,
            retracted_seq=retracted[0].seq if retracted else None,
            hidden_seq=hidden,
        )


def shown(entry: Entry) -> tuple[object, ...]:
    """What somebody sees. An edit whose words a hiding took leaves no mark of its own."""
    return entry.seq, entry.body, entry.retracted_seq, entry.hidden_seq


STEPS = st.one_of(
    st.tuples(st.sampled_from(["message", "message", "edit", "hide", "restore", "retract"]), st.integers(0, 9)),
    st.tuples(st.just("live"), st.just(0)),
    st.tuples(st.just("batch"), st.integers(1, 6)),
    st.tuples(st.just("again"), st.integers(0, 6)),
    st.tuples(st.just("ask page"), st.integers(1, 5)),
    st.tuples(st.just("page"), st.just(0)),
    st.tuples(st.just("restart"), st.just(0)),
)


class TestEveryPath:
    @given(start=st.integers(0, 8), steps=st.lists(STEPS, max_size=60))
    def test_ends_in_the_conversation_that_the_server_has(self, start: int, steps: list[tuple[str, int]]) -> None:
        server, log = Server(), Log()
        for _ in range(start):
            server.say("message", 0)
        log.start_at(start // 2 + 1)
        page: list[Entry] = []

        for what, number in steps:
            cursor, first = log.cursor or 0, log.first_seq or 1
            if what == "live":
                log.take(server.lines[cursor : cursor + 1])  # as it was committed, whatever happened since
            elif what == "batch":
                log.take(server.read(cursor + 1, cursor + number))
            elif what == "again":
                log.take(server.read(max(first, cursor - number), cursor + 2))
            elif what == "ask page":
                page = server.read(first - number, first - 1)  # read now, arriving later
            elif what == "page":
                log.put_before(page)
            elif what == "restart":
                log = Log(list(log.entries), log.cursor)
            else:
                server.say(what, number)
        log.take(server.read((log.cursor or 0) + 1, 10_000))

        here = [shown(entry) for entry in log.entries if entry.kind == "message"]
        there = [shown(entry) for entry in server.read(log.first_seq or 1, 10_000) if entry.kind == "message"]
        assert here == there
        assert all(entry.body is None for entry in log.entries if server.gone(entry.seq) or server.gone(entry.target))
