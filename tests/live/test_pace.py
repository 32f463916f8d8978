import pytest

from live import pace
from live.pace import Pace


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands still."""
    monkeypatch.setattr("live.pace.time.monotonic", lambda: 1_000.0)


class TestPace:
    def test_counts_each_key_by_itself(self) -> None:
        paced = Pace(rate=1, burst=1)

        assert [paced.take("a"), paced.take("a"), paced.take("b")] == [0, 1, 0]

    def test_forgets_who_was_away_for_longest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pace, "MOST_REMEMBERED", 2)
        paced = Pace(rate=1, burst=1)

        for key in ("a", "b", "a", "c"):
            paced.take(key)

        assert (paced.take("a"), paced.take("b")) == (1, 0)

    def test_remembers_no_more_than_a_bound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pace, "MOST_REMEMBERED", 10)
        paced = Pace(rate=1, burst=1)

        for number in range(1_000):
            paced.take(str(number))

        assert len(paced._buckets) <= 10
