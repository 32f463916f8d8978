from datetime import UTC, timedelta

from core import clock


class TestNow:
    def test_is_in_utc(self) -> None:
        assert clock.now().tzinfo is UTC
        assert clock.now().utcoffset() == timedelta(0)
