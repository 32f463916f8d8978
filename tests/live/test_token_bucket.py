from hypothesis import given
from hypothesis import strategies as st

from live.token_bucket import TokenBucket


class TestTokenBucket:
    def test_gives_its_burst_at_once(self) -> None:
        bucket = TokenBucket(rate=1, burst=3, at=0)

        assert [bucket.take(0) for _ in range(4)] == [0, 0, 0, 1]

    def test_fills_up_with_time(self) -> None:
        bucket = TokenBucket(rate=2, burst=2, at=0)
        assert [bucket.take(0) for _ in range(3)] == [0, 0, 1]

        assert [bucket.take(0.5), bucket.take(0.5)] == [0, 1]

    def test_never_holds_more_than_its_burst(self) -> None:
        bucket = TokenBucket(rate=10, burst=2, at=0)

        assert [bucket.take(1_000) for _ in range(3)] == [0, 0, 1]

    def test_tells_how_long_to_wait_for_what_costs_more(self) -> None:
        bucket = TokenBucket(rate=0.5, burst=4, at=0)

        assert bucket.take(0, cost=4) == 0
        assert bucket.take(0, cost=3) == 6

    def test_takes_nothing_when_it_refuses(self) -> None:
        bucket = TokenBucket(rate=1, burst=1, at=0)
        bucket.take(0)

        for _ in range(100):
            bucket.take(0.5)

        assert bucket.take(1) == 0

    @given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 10), st.floats(0.1, 20))
    def test_never_gives_more_than_its_rate_and_burst(self, waits: list[float], burst: int, rate: float) -> None:
        bucket, at, given_away = TokenBucket(rate=rate, burst=burst, at=0), 0.0, 0

        for wait in waits:
            at += wait
            given_away += bucket.take(at) == 0

        assert given_away <= burst + rate * at + 1e-6
