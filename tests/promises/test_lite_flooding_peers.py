"""Lite peers that never stop, and bodies that inflate without end, cost bounded memory, are let go with a code, and nobody else notices."""

import asyncio
import os
import random
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from tests.lite.frames import pack
from tests.lite.post import NotTaken
from tests.promises import houses
from tests.promises.bystanders import notice_nothing
from tests.promises.houses import EITHER, House
from tests.promises.lite_device import NL, LitePhone, lite

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90)]

BOUND_MB = 15
MOST = 16_384
EITHER_CODE = {4400, 4029}  # nonsense, and too fast: also for coming back
PAUSE = 0.002  # 500 messages a second


def squeezed(said: bytes) -> bytes:
    """Codes as a body: inflates to just these."""
    deflate = zlib.compressobj(9, wbits=-15, zdict=NL._history)
    return deflate.compress(said) + deflate.flush()


ENDLESS = squeezed(b"\1" * 16_000_000)  # 16 kB that inflate to 16 MB
SMALL_AND_ENDLESS = squeezed(b"\1" * 200_000)  # 220 bytes that inflate to 200 kB
SHORT = next(number for number, string in enumerate(NL._strings, start=1) if len(string) == 1)
AS_LONG_AS_ALLOWED = squeezed(bytes([SHORT]) * MOST)  # 33 bytes that say 16,384 letters, one by one
NOISE = squeezed(random.Random(1).randbytes(16_200))  # as long as a message may be, and no longer inside


def _nonsense() -> bytes:
    return os.urandom(MOST)


def _pings() -> bytes:
    return pack(*[[-9, 1]] * 64)


def _big_bodies() -> bytes:
    return pack([1, 1, 1, NOISE])


def _many_bodies() -> bytes:
    return pack(*[[1, ref, ref, AS_LONG_AS_ALLOWED] for ref in range(1, 65)])


@pytest.mark.alone
class TestALitePeerThatNeverStops:
    @pytest.mark.parametrize(
        ("place", "message", "codes_at_first"),
        [(0, _nonsense, {4400}), (1, _pings, {4029}), (0, _big_bodies, EITHER_CODE), (1, _many_bodies, EITHER_CODE)],
        ids=["nonsense", "64 pings", "bodies of 16 KiB", "64 bodies that inflate"],
    )
    async def test_is_let_go_however_often_it_comes_back(self, place: int, message: Callable[[], bytes], codes_at_first: set[int]) -> None:
        house = houses.house(*EITHER[place])
        pair = await house.office.ask("circle")
        flooder = lite(house, pair["people"][0])
        await flooder.connect()
        before = house.memory()
        async with _others_notice_nothing(house, bound=0.5):
            end = time.monotonic() + 1.2
            while time.monotonic() < end:
                await _flood(flooder, message())
        if flooder.is_open:
            await flooder.drop()

        assert flooder.byes[0]["code"] in codes_at_first
        assert {bye["code"] for bye in flooder.byes} <= EITHER_CODE
        assert all(bye["retry_after"] > 0 for bye in flooder.byes)
        assert house.memory() - before <= BOUND_MB


class TestABodyThatInflatesWithoutEnd:
    async def test_costs_no_memory_on_the_socket_nor_in_a_post(self, house: House) -> None:
        pair = await house.office.ask("circle")
        phone, visitor = lite(house, pair["people"][0]), lite(house, pair["people"][1])
        await visitor.visit()
        many = [[1, ref, ref, SMALL_AND_ENDLESS] for ref in range(1, 64)]
        before = _highest_memory(house)
        for bombs in ([[1, 1, 1, ENDLESS]], many, [[-1, 1, 1, 1, 1, ENDLESS]]):
            await phone.connect()
            await phone.say_raw(pack(*bombs))
            await phone.until(lambda: not phone.is_open or bool(phone.events("error")))
            with suppress(NotTaken):
                await visitor.visit(*bombs[:60])
            await phone.drop()

        assert _highest_memory(house) - before <= BOUND_MB
        assert {frame["code"] for frame in phone.events("error") + visitor.events("error")} == {"malformed"}
        assert await house.office.ask("last_seq", conversation=pair["conversation"]) == 0

    async def test_nor_does_a_frame_that_says_it_is_long(self, house: House) -> None:
        pair = await house.office.ask("circle")
        phone, visitor = lite(house, pair["people"][0]), lite(house, pair["people"][1])
        liars = [b"\xdd\xff\xff\xff\xff", b"\x92\x01\xdd\x40\x00\x00\x00", b"\x91" * MOST, b"\xdf\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff"]
        liars += [msgspec.msgpack.encode([-10, liar, 0]) for liar in liars[:3]]
        before = _highest_memory(house)

        refused = 0
        for liar in liars:
            await phone.connect()
            for _ in range(3):
                await phone.say_raw(liar)
            refused += await phone.ended() == 4400
            with pytest.raises(NotTaken) as problem:
                await visitor.post(liar)
            assert problem.value.said["code"] in {"malformed", "frame_too_big"}

        assert refused >= 5
        assert _highest_memory(house) - before <= BOUND_MB


async def _flood(flooder: LitePhone, message: bytes) -> None:
    """A moment of it; whoever was let go comes back at once."""
    if not flooder.is_open:
        await flooder.connect(resumes=False)
    await flooder.say_raw(message)
    await asyncio.sleep(PAUSE)


def _highest_memory(house: House) -> float:
    """What the server process held at most since the last time this was asked, in MB; counted anew from here."""
    folder = Path("/proc") / str(house.server.process.pid)
    highest = next(int(line.split()[1]) for line in (folder / "status").read_text().splitlines() if line.startswith("VmHWM"))
    (folder / "clear_refs").write_text("5")  # proc_pid_clear_refs(5): the peak is what it is now
    return highest / 1e3


@asynccontextmanager
async def _others_notice_nothing(house: House, *, bound: float) -> AsyncIterator[None]:
    """Two others talk in lite meanwhile; half of their messages take no longer than this, and none twice as long."""
    pair = await house.office.ask("circle")
    phone, peer = (lite(house, holder) for holder in pair["people"])
    async with notice_nothing(phone, peer, pair["conversation"], bound=bound) as took:
        yield
    assert max(took) < 2 * bound, sorted(took)[-5:]
