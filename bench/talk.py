"""Two people of a pair at one end of the load: send numbered messages, notice when the other's socket has them."""

import time
from collections.abc import Callable
from typing import Protocol
from uuid import uuid4

import msgspec

from bench.device import Device, Heard
from bench.pairs import Pair
from bench.wire import Wire, connect

WORDS = "Zullen we zaterdag samen naar de markt gaan? Ik ben er om tien uur."
Arrived = Callable[[int], None]


class Line(Protocol):
    """One person's socket."""

    async def open(self) -> None:
        """Connect, ready to send and to hear."""

    def say(self, number: int) -> None:
        """Send the message of that number."""

    def close(self) -> None:
        """Hang up."""


class OurLine:
    """A device of ours, with all its duties."""

    def __init__(self, url: str, pair: Pair, seat: int, arrived: Arrived) -> None:
        self._conversation = pair.conversation
        self._arrived = arrived
        self._device = Device(url, pair.seats[seat].token, heard=self._heard, lost=_lost)

    async def open(self) -> None:
        await self._device.resume()

    def say(self, number: int) -> None:
        draft = '{"type":"send","ref":%d,"conversation":"%s","draft_id":"%s","body":"%d %s"}'
        self._device.wire.send((draft % (number, self._conversation, uuid4(), number, WORDS)).encode())

    def _heard(self, frame: Heard) -> None:
        if frame.type == "entries":
            for line in frame.entries:
                self._arrived(int(line.body.partition(" ")[0]))
        elif frame.type in {"error", "bye", "head"}:
            raise SystemExit(f"The server answered {frame}.")

    def close(self) -> None:
        self._device.lost = None
        self._device.wire.abort()


class PlainLine:
    """A client of the plain consumer: no resume, no acks; everybody in the group hears everything, also one's own."""

    _decode = msgspec.json.Decoder(dict[str, str | int]).decode
    _wire: Wire

    def __init__(self, url: str, pair: Pair, seat: int, arrived: Arrived) -> None:
        self._url = f"{url}/{pair.conversation}/{pair.seats[seat].person}"
        self._me = pair.seats[seat].person
        self._arrived = arrived
        self._is_leaving = False

    async def open(self) -> None:
        self._wire = await connect(self._url, heard=self._heard, closed=self._gone)

    def say(self, number: int) -> None:
        self._wire.send(msgspec.json.encode({"body": f"{number} {WORDS}"}))

    def _heard(self, payload: bytes) -> None:
        message = self._decode(payload)
        if message["author"] != self._me:
            self._arrived(int(str(message["body"]).partition(" ")[0]))

    def _gone(self, code: int) -> None:
        if not self._is_leaving:
            _lost(code)

    def close(self) -> None:
        self._is_leaving = True
        self._wire.abort()


def _lost(code: int) -> None:
    raise SystemExit(f"The server closed a socket ({code}).")


class Clock:
    """When each message was due, and how long it took to reach the other socket."""

    def __init__(self) -> None:
        self.due: dict[int, float] = {}
        self.latencies: list[float] = []
        self.counted = 0
        self._next = 0

    def started(self, at: float | None = None) -> int:
        self._next += 1
        self.due[self._next] = time.perf_counter() if at is None else at
        return self._next

    def arrived(self, number: int) -> None:
        self.latencies.append(time.perf_counter() - self.due.pop(number))
        self.counted += 1
