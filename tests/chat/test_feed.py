"""The book-keeping of one socket, against a model that simply remembers everything."""

from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chat import feed as feeds
from chat.feed import Feed

ROOM, OTHER = UUID(int=1), UUID(int=2)
WINDOW = 4


@pytest.fixture
def feed() -> Feed:
    begun = Feed(window=WINDOW)
    begun.open(ROOM, given=0, head=0)
    return begun


def give(feed: Feed, seq: int, *, size: int = 100, at: float = 0, is_event: bool = True) -> None:
    feed.gave(size=size, at=at, is_event=is_event, delivers=(ROOM, seq))


class TestWhatIsNext:
    def test_is_the_line_after_the_last(self, feed: Feed) -> None:
        assert feed.is_next(ROOM, 1)
        give(feed, 1)
        assert not feed.is_next(ROOM, 1)
        assert feed.is_next(ROOM, 2)

    def test_is_nothing_beyond_a_hole(self, feed: Feed) -> None:
        assert not feed.is_next(ROOM, 2)
        assert [id_ for id_, _ in feed.behind()] == [ROOM]

    def test_is_nothing_while_the_log_is_being_read(self, feed: Feed) -> None:
        feed.tracks[ROOM].is_loading = True

        assert not feed.is_next(ROOM, 1)
        assert list(feed.behind()) == []
        assert feed.tracks[ROOM].head == 1

    def test_is_nothing_of_what_is_not_followed(self, feed: Feed) -> None:
        assert not feed.is_next(OTHER, 1)


class TestTheWindow:
    def test_is_so_many_events(self, feed: Feed) -> None:
        for seq in range(1, WINDOW + 1):
            assert feed.is_next(ROOM, seq)
            give(feed, seq)

        assert not feed.has_room
        assert not feed.is_next(ROOM, WINDOW + 1)

    def test_does_not_count_replies(self, feed: Feed) -> None:
        for _ in range(WINDOW * 2):
            feed.gave(size=10, at=0, is_event=False)

        assert feed.has_room

    def test_is_so_many_bytes_of_whatever(self, feed: Feed) -> None:
        feed.gave(size=feeds.WINDOW_BYTES, at=0, is_event=False)

        assert not feed.has_room

    def test_opens_with_an_ack(self, feed: Feed) -> None:
        for seq in range(1, WINDOW + 1):
            give(feed, seq)

        feed.acked(1)

        assert feed.has_room


class TestAcks:
    def test_say_what_was_delivered(self, feed: Feed) -> None:
        feed.open(OTHER, given=4, head=4)
        give(feed, 1)
        feed.gave(size=10, at=0, is_event=True, delivers=(OTHER, 5))
        give(feed, 2)

        assert feed.acked(2) == {ROOM: 1, OTHER: 5}
        assert feed.acked(3) == {ROOM: 2}

    def test_repeated_say_nothing_new(self, feed: Feed) -> None:
        give(feed, 1)

        assert [feed.acked(1), feed.acked(1), feed.acked(0)] == [{ROOM: 1}, {}, {}]

    def test_of_what_was_never_given_are_refused(self, feed: Feed) -> None:
        give(feed, 1)

        with pytest.raises(ValueError, match="2"):
            feed.acked(2)
        assert feed.acked(1) == {ROOM: 1}


class TestSlowPeers:
    def test_are_as_old_as_their_oldest_event(self, feed: Feed) -> None:
        feed.gave(size=10, at=1, is_event=False)
        assert feed.oldest_event_at() is None

        give(feed, 1, at=5)
        give(feed, 2, at=9)
        assert feed.oldest_event_at() == 5

        feed.acked(2)
        assert feed.oldest_event_at() == 9

    def test_are_told_each_head_once_until_they_caught_up(self, feed: Feed) -> None:
        for seq in range(1, WINDOW + 1):
            give(feed, seq)
        for seq in (5, 6, 7):
            feed.is_next(ROOM, seq)

        assert feed.untold_heads() == [(ROOM, 7)]
        feed.is_next(ROOM, 8)
        assert feed.untold_heads() == []

    def test_are_told_again_once_they_caught_up_and_fell_behind_again(self, feed: Feed) -> None:
        for seq in range(1, WINDOW + 1):
            give(feed, seq)
        feed.is_next(ROOM, 5)
        feed.untold_heads()
        feed.acked(WINDOW)
        for seq in range(5, 5 + WINDOW):
            give(feed, seq)
        feed.is_next(ROOM, 9)

        assert feed.untold_heads() == [(ROOM, 9)]

    def test_are_hopeless_at_so_many_frames_or_bytes(self, feed: Feed) -> None:
        for _ in range(feeds.MOST_UNACKED_FRAMES):
            feed.gave(size=1, at=0, is_event=False)
        assert not feed.is_hopeless
        feed.gave(size=1, at=0, is_event=False)
        assert feed.is_hopeless

        feed.acked(feed.frames_given)
        assert not feed.is_hopeless
        feed.gave(size=feeds.MOST_UNACKED_BYTES + 1, at=0, is_event=False)
        assert feed.is_hopeless


class FeedMachine(RuleBasedStateMachine):
    """Entries are offered in any order, now and then lost; acks come or do not. The model is what the device got."""

    @initialize(given=st.integers(0, 5))
    def begin(self, given: int) -> None:
        self.feed = Feed(window=WINDOW)
        self.got = {ROOM: given, OTHER: 0}
        self.logs = dict(self.got)
        self.unacked: list[bool] = []
        self.told: dict[UUID, int] = {}
        for room, seq in self.got.items():
            self.feed.open(room, given=seq, head=seq)

    @rule(room=st.sampled_from([ROOM, OTHER]), is_lost=st.booleans())
    def an_entry_is_committed(self, room: UUID, *, is_lost: bool) -> None:
        self.logs[room] += 1
        if not is_lost:
            self._offer(room, self.logs[room])

    @rule(room=st.sampled_from([ROOM, OTHER]), back=st.integers(0, 6))
    def an_entry_is_offered_late_or_again(self, room: UUID, back: int) -> None:
        if self.logs[room] - back >= 1:
            self._offer(room, self.logs[room] - back)

    def _offer(self, room: UUID, seq: int) -> None:
        if self.feed.is_next(room, seq):
            assert seq == self.got[room] + 1
            self._give(room, seq)

    def _give(self, room: UUID, seq: int) -> None:
        assert sum(self.unacked) < WINDOW
        self.feed.gave(size=100, at=0, is_event=True, delivers=(room, seq))
        self.got[room] = seq
        self.unacked.append(True)

    @rule()
    def a_reply_is_given(self) -> None:
        self.feed.gave(size=10, at=0, is_event=False)
        self.unacked.append(False)

    @rule()
    def the_sweep_compares(self) -> None:
        for room, head in self.logs.items():
            self.feed.open(room, given=0, head=head)

    @rule()
    def what_lags_behind_is_read(self) -> None:
        for room, track in list(self.feed.behind()):
            track.is_loading = True
            while track.given < track.head and self.feed.has_room:
                self._give(room, min(track.head, track.given + 3))
            track.is_loading = False

    @precondition(lambda self: self.unacked)
    @rule(share=st.floats(0, 1))
    def the_device_acks(self, share: float) -> None:
        count = int(len(self.unacked) * share)
        delivered = self.feed.acked(self.feed.frames_given - len(self.unacked) + count)
        self.unacked = self.unacked[count:]
        assert all(seq <= self.got[room] for room, seq in delivered.items())

    @rule()
    def heads_are_told(self) -> None:
        for room, head in self.feed.untold_heads():
            assert self.got[room] < head <= self.logs[room]
            assert head > self.told.get(room, 0)
            self.told[room] = head

    @invariant()
    def nothing_is_given_twice_or_with_a_hole(self) -> None:
        for room, seq in getattr(self, "got", {}).items():
            assert self.feed.tracks[room].given == seq
            assert seq <= self.feed.tracks[room].head <= self.logs[room]

    @invariant()
    def memory_is_bounded(self) -> None:
        if hasattr(self, "feed"):
            assert self.feed.has_room == (sum(self.unacked) < WINDOW)
            assert len(self.feed._unacked) == len(self.unacked)

    def teardown(self) -> None:
        """Whatever was lost: a sweep and acks bring the device to the end of every log."""
        while hasattr(self, "feed") and self.got != self.logs:
            self.the_sweep_compares()
            self.feed.acked(self.feed.frames_given)
            self.unacked.clear()
            self.what_lags_behind_is_read()


TestFeedAgainstAModel = FeedMachine.TestCase
