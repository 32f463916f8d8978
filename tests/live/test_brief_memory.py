"""Known for a few seconds, then asked again."""

import pytest

from live.brief_memory import BriefMemory


class TestBriefMemory:
    @pytest.fixture
    def at(self) -> list[float]:
        return [100.0]

    @pytest.fixture
    def memory(self, at: list[float]) -> BriefMemory[str, int]:
        return BriefMemory(seconds=10, most=2, clock=lambda: at[0])

    def test_knows_what_was_put_for_a_while(self, memory: BriefMemory[str, int], at: list[float]) -> None:
        memory.put("one", 1)

        at[0] = 109.9
        assert memory.get("one") == 1
        at[0] = 110.0
        assert memory.get("one") is None

    def test_knows_nothing_else(self, memory: BriefMemory[str, int]) -> None:
        assert memory.get("one") is None

    def test_takes_the_newest_for_true(self, memory: BriefMemory[str, int], at: list[float]) -> None:
        memory.put("one", 1)
        at[0] = 105.0
        memory.put("one", 2)

        at[0] = 112.0
        assert memory.get("one") == 2

    def test_forgets_the_oldest_when_there_are_too_many(self, memory: BriefMemory[str, int]) -> None:
        for number, name in enumerate(("one", "two", "one", "three")):
            memory.put(name, number)

        assert (memory.get("one"), memory.get("two"), memory.get("three")) == (2, None, 3)

    def test_forgets_all_when_it_is_told_to(self, memory: BriefMemory[str, int]) -> None:
        memory.put("one", 1)
        memory.clear()

        assert memory.get("one") is None
