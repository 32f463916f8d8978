import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.log import Hole, Log
from phone.wire import Entry
from tests.phone.entries import edit, message, retract


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
        targets = [line.seq for line in self.lines if line.kind == "message" and line.seq not in self._gone()]
        if what == "message" or not targets:
            self.lines.append(message(seq, f"woorden {seq}"))
        elif what == "edit":
            self.lines.append(edit(seq, targets[which % len(targets)], f"andere woorden {seq}"))
        else:
            self.lines.append(retract(seq, targets[which % len(targets)]))

    def _gone(self) -> set[int | None]:
        return {line.target for line in self.lines if line.kind == "retract"}

    def read(self, first: int, last: int) -> list[Entry]:
        return [self._render(line) for line in self.lines[max(first, 1) - 1 : last]]

    def _render(self, line: Entry) -> Entry:
        if line.kind == "edit":
            newest = max(other.seq for other in self.lines if other.kind == "edit" and other.target == line.target)
            has_words = newest == line.seq and line.target not in self._gone()
            return edit(line.seq, line.target or 0, line.body if has_words else None)
        if line.kind == "retract":
            return line
        edits = [other for other in self.lines if other.kind == "edit" and other.target == line.seq]
        gone = next((other.seq for other in self.lines if other.kind == "retract" and other.target == line.seq), None)
        newest_words = edits[-1].body if edits else line.body
        return message(line.seq, None if gone else newest_words, edited_seq=edits[-1].seq if edits else None, retracted_seq=gone)


STEPS = st.one_of(
    st.tuples(st.sampled_from(["message", "message", "edit", "retract"]), st.integers(0, 9)),
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

        here = [entry for entry in log.entries if entry.kind == "message"]
        there = [entry for entry in server.read(log.first_seq or 1, 10_000) if entry.kind == "message"]
        assert here == there
        gone = server._gone()
        assert all(entry.body is None for entry in log.entries if entry.seq in gone or entry.target in gone)
