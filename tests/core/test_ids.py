import time

import pytest

from core.ids import new_id


class TestNewId:
    def test_is_a_uuid_of_version_seven(self) -> None:
        assert {new_id().version for _ in range(50)} == {7}
        assert {new_id().variant for _ in range(50)} == {"specified in RFC 4122"}

    def test_carries_the_milliseconds(self) -> None:
        before = time.time_ns() // 1_000_000
        made = new_id().int >> 80
        after = time.time_ns() // 1_000_000

        assert before <= made <= after

    def test_sorts_by_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        moments = iter(range(1, 200))
        monkeypatch.setattr("core.ids.time.time_ns", lambda: next(moments) * 1_000_000)

        ids = [new_id() for _ in range(150)]

        assert ids == sorted(ids)
        assert [str(id_) for id_ in ids] == sorted(map(str, ids))

    def test_is_never_the_same(self) -> None:
        assert len({new_id() for _ in range(5_000)}) == 5_000
