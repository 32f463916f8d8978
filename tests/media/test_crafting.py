"""The workshop is a process of its own, and whatever becomes of it the server stands."""

import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from core.errors import TryAgain
from media import crafting
from media.errors import MediaBroken, MediaTooBig, MediaTooLong, MediaUnknownKind
from media.workshop import photos
from tests.media.pictures import HEIC, SVG, bomb, photo, scanned
from tests.media.sounds import voice


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    yield
    crafting._refused.clear()
    crafting._resting.clear()


class TestMake:
    def test_makes_a_photo(self) -> None:
        made = crafting.make(photo(), by_id=uuid4())

        assert (made.kind, len(made.forms), len(made.preview)) == ("photo", 6, 30)

    def test_makes_a_voice_note(self) -> None:
        made = crafting.make(voice(), by_id=uuid4())

        assert (made.kind, len(made.forms), made.preview) == ("voice", 1, b"")

    @pytest.mark.parametrize(
        ("data", "refusal"),
        [
            (HEIC, MediaUnknownKind),
            (SVG, MediaUnknownKind),
            (bomb(10_000, 10_000), MediaTooBig),
            (voice("ogg", seconds=120, rate=8_000, bits=500, is_silent=True), MediaTooLong),
            (photo()[:2_000], MediaBroken),
            (b"OggS" + bytes(300), MediaBroken),
            (b"\x00\x00\x00\x18ftypM4A " + bytes(300), MediaBroken),
        ],
        ids=["heic", "svg", "bomb", "long", "half", "ogg", "mp4"],
    )
    def test_refuses_with_a_code(self, data: bytes, refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            crafting.make(data, by_id=uuid4())

    def test_a_workshop_that_dies_is_a_broken_photo(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(crafting, "_COMMAND", ["/bin/sh", "-c", "kill -9 $$"])

        with pytest.raises(MediaBroken):
            crafting.make(photo(), by_id=uuid4())

    def test_a_workshop_that_never_ends_is_ended(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(crafting, "_COMMAND", ["/bin/sleep", "30"])
        monkeypatch.setattr(crafting, "LONGEST_WORK", 0.2)
        begun = time.monotonic()

        with pytest.raises(MediaBroken):
            crafting.make(photo(), by_id=uuid4())

        assert time.monotonic() - begun < 5

    def test_a_workshop_that_floods_is_cut_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(crafting, "_COMMAND", ["/usr/bin/yes"])

        with pytest.raises(MediaBroken):
            crafting.make(photo(), by_id=uuid4())


class TestRefusedBefore:
    def test_the_same_bytes_cost_nothing_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        broken = photo()[:2_000]
        with pytest.raises(MediaBroken):
            crafting.make(broken, by_id=uuid4())
        monkeypatch.setattr(crafting, "_worked", pytest.fail)

        with pytest.raises(MediaBroken):
            crafting.make(broken, by_id=uuid4())

    def test_who_broke_the_workshop_rests(self, monkeypatch: pytest.MonkeyPatch) -> None:
        karel = uuid4()
        with monkeypatch.context() as patch, pytest.raises(MediaBroken):
            patch.setattr(crafting, "_COMMAND", ["/bin/sh", "-c", "kill -9 $$"])
            crafting.make(photo(), by_id=karel)

        with pytest.raises(TryAgain):
            crafting.make(photo(corner="blue"), by_id=karel)
        assert crafting.make(photo(corner="blue"), by_id=uuid4()).kind == "photo"


TRIES = """
import os, socket, sys
from media.workshop import kernel_calls, limits, results, photos
LIST
limits.take_little(); limits.open_nothing_more()
os.close(0)  # its number is free now
met = []
for attempt in (lambda: open("/etc/hosts"), socket.socket, lambda: bytes(600 << 20), os.fork, lambda: os.kill(os.getppid(), 0)):
    try: attempt()
    except (OSError, MemoryError) as problem: met.append(type(problem).__name__)
    else: met.append("did")
sys.stdout.buffer.write(results.encode(results.Refused(" ".join(met))))
"""


class TestTheWorkshop:
    """Say what the workshop would run into, from inside."""

    def test_can_open_nothing_and_reach_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(crafting, "_COMMAND", [*crafting._COMMAND[:3], "-c", TRIES.replace("LIST", "")])

        assert b"PermissionError PermissionError MemoryError PermissionError PermissionError" in crafting._worked(b"")

    def test_can_open_nothing_where_the_kernel_keeps_no_list(self, monkeypatch: pytest.MonkeyPatch) -> None:
        without = TRIES.replace("LIST", "kernel_calls.allow_few = lambda libc: False")
        monkeypatch.setattr(crafting, "_COMMAND", [*crafting._COMMAND[:3], "-c", without.replace("os.fork, ", "")])

        assert b"OSError OSError MemoryError did" in crafting._worked(b"")

    def test_counts_the_scans_before_it_decodes(self) -> None:
        assert photos.make(scanned(photos.MOST_SCANS)).kind == "photo"
        with pytest.raises(MediaBroken):
            photos.make(scanned(photos.MOST_SCANS + 1))


class TestTurns:
    def test_one_person_has_one_at_a_time(self) -> None:
        turns, fatima = crafting.Turns(), uuid4()

        with turns.taken_by(fatima), pytest.raises(TryAgain), turns.taken_by(fatima):
            pass
        with turns.taken_by(fatima):
            pass

    def test_only_so_many_wait(self) -> None:
        turns, leave = crafting.Turns(), threading.Event()

        def come() -> None:
            with turns.taken_by(uuid4()):
                leave.wait(10)

        here = [threading.Thread(target=come) for _ in range(crafting.AT_A_TIME + crafting.MOST_WAITING)]
        for one in here:
            one.start()
        while len(turns._here) < len(here):
            time.sleep(0.001)

        with pytest.raises(TryAgain), turns.taken_by(uuid4()):
            pass

        leave.set()
        for one in here:
            one.join()
        assert not turns._here

    def test_nobody_waits_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(crafting, "LONGEST_WAIT", 0.01)
        turns = crafting.Turns()

        with turns.taken_by(uuid4()), turns.taken_by(uuid4()), pytest.raises(TryAgain), turns.taken_by(uuid4()):
            pass
