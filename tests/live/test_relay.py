"""From process to process through a layer that may lose, refuse or hang; it heals by itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from live import relay as relays
from live.relay import Relay


class FlakyLayer:
    """A channel layer whose trouble is chosen by the test."""

    def __init__(self) -> None:
        self.trouble: str | None = None
        self.groups: dict[str, set[str]] = {}
        self.channels: dict[str, asyncio.Queue[Any]] = {}
        self.sent: list[dict[str, Any]] = []

    async def _suffer(self) -> None:
        if self.trouble == "refuses":
            raise ConnectionError("refused")
        while self.trouble == "hangs":
            await asyncio.sleep(0.01)

    async def new_channel(self, prefix: str) -> str:
        await self._suffer()
        name = f"{prefix}.{len(self.channels)}"
        self.channels[name] = asyncio.Queue()
        return name

    async def group_add(self, group: str, channel: str) -> None:
        await self._suffer()
        self.groups.setdefault(group, set()).add(channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        await self._suffer()
        self.sent.append(message)
        if self.trouble != "loses":
            for channel in self.groups.get(group, ()):
                self.channels[channel].put_nowait(message)

    async def receive(self, channel: str) -> dict[str, Any]:
        await self._suffer()
        return await self.channels[channel].get()  # type: ignore[no-any-return]  # a queue of anything


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():
            await asyncio.sleep(0.005)


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> FlakyLayer:
    flaky = FlakyLayer()
    monkeypatch.setattr(relays, "get_channel_layer", lambda: flaky)
    monkeypatch.setattr(relays, "LAYER_SECONDS", 0.05)
    monkeypatch.setattr(relays, "HEARTBEAT_SECONDS", 0.03)
    monkeypatch.setattr(relays, "SILENT_AFTER", 0.3)
    return flaky


class Process:
    """A relay, what it heard, and how often it healed."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.healed = 0
        self.relay = Relay(self._hear, healed=self._heal)
        self.relay.start()

    def _hear(self, hint: dict[str, Any]) -> None:
        if hint == {"bad": True}:
            raise KeyError("ranges")
        self.heard.append(hint)

    def _heal(self) -> None:
        self.healed += 1


@pytest_asyncio.fixture
async def start(layer: FlakyLayer) -> AsyncIterator[Callable[[], Awaitable[Process]]]:
    running: list[Process] = []

    async def begin() -> Process:
        running.append(Process())
        await asyncio.sleep(0.01)
        return running[-1]

    yield begin
    for process in running:
        process.relay.stop()
    await asyncio.sleep(0)


Start = Callable[[], Awaitable[Process]]


class TestRelay:
    async def test_tells_the_others_and_not_itself(self, start: Start) -> None:
        one, other = await start(), await start()
        await until(lambda: one.relay.is_healthy and other.relay.is_healthy)

        one.relay.publish({"n": 1})
        await until(lambda: bool(other.heard))

        assert (one.heard, other.heard) == ([], [{"n": 1}])

    async def test_sends_what_gathered_in_one_message(self, start: Start, layer: FlakyLayer) -> None:
        one = await start()
        for n in range(5):
            one.relay.publish({"n": n})

        await until(lambda: any(message["hints"] for message in layer.sent))

        assert [len(message["hints"]) for message in layer.sent if message["hints"]] == [5]

    async def test_goes_on_after_a_hint_it_does_not_understand(self, start: Start) -> None:
        one, other = await start(), await start()
        await until(lambda: other.relay.is_healthy)

        for hint in ({"bad": True}, {"n": 2}):
            one.relay.publish(hint)
        await until(lambda: bool(other.heard))

        assert other.heard == [{"n": 2}]


class TestALayerInTrouble:
    @pytest.mark.parametrize("trouble", ["refuses", "hangs"])
    async def test_costs_hints_and_nothing_else(self, start: Start, layer: FlakyLayer, trouble: str) -> None:
        one = await start()
        await until(lambda: one.relay.is_healthy)
        layer.trouble = trouble

        one.relay.publish({"n": 1})
        await until(lambda: one.relay.dropped > 0)

        assert one.relay.dropped == 1

    @pytest.mark.parametrize("trouble", ["refuses", "hangs", "loses"])
    async def test_is_noticed_and_heals_by_itself(self, start: Start, layer: FlakyLayer, trouble: str) -> None:
        one, other = await start(), await start()
        await until(lambda: one.relay.is_healthy and other.relay.is_healthy)
        healed = other.healed

        layer.trouble = trouble
        await until(lambda: not one.relay.is_healthy and not other.relay.is_healthy)
        layer.trouble = None
        await until(lambda: one.relay.is_healthy and other.relay.is_healthy)
        one.relay.publish({"n": 2})
        await until(lambda: bool(other.heard))

        assert other.heard[-1] == {"n": 2}
        assert other.healed > healed

    async def test_takes_no_more_memory_than_a_bound(self, start: Start, layer: FlakyLayer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(relays, "MOST_WAITING", 10)
        layer.trouble = "hangs"
        one = await start()

        for n in range(100):
            one.relay.publish({"n": n})

        assert len(one.relay._waiting) <= 10
        assert one.relay.dropped == 90

    async def test_is_never_waited_for(self, start: Start, layer: FlakyLayer) -> None:
        layer.trouble = "hangs"
        one = await start()
        loop = asyncio.get_running_loop()

        before = loop.time()
        for n in range(1_000):
            one.relay.publish({"n": n})

        assert loop.time() - before < 0.05


class TestOneProcessAlone:
    async def test_needs_no_layer(self) -> None:
        one = Process()

        one.relay.publish({"n": 1})

        assert one.relay.is_healthy
        assert one.relay._waiting == []
