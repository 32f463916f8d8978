"""The process between the phones and the server: `python -m bench.link.emulator PROFILE SEED COUNTS_FILE`.

It makes both namespaces, says on stdout how others enter them, and carries packets until its stdin ends.
"""

import heapq
import json
import os
import select
import sys
import time
from pathlib import Path

from bench.link.counts import PHONES, Counts
from bench.link.namespaces import SERVER, open_tun, phone_address
from bench.link.weather import PROFILES, Lane, Profile

_IPV4 = 4
_LONGEST_WAIT = 0.5
_PHONES_AT = bytes((10, 77, 1))


def phone_of(packet: bytes, *, is_up: bool) -> int | None:
    """Whose packet it is, by its address at the phones' end (RFC 791 §3.1)."""
    if len(packet) < 20 or packet[0] >> 4 != _IPV4:
        return None
    address = packet[12:16] if is_up else packet[16:20]
    number = address[3] - 1
    return number if address[:3] == _PHONES_AT and 0 <= number < PHONES else None


class Emulator:
    """Two devices, and a lane for each phone and direction."""

    def __init__(self, profile: Profile, *, seed: int, counts: Counts, phones: int, server: int) -> None:
        self._counts = counts
        self._ends = {phones: server, server: phones}
        self._phones_end = phones
        cycle = profile.light + profile.dark
        self._lanes = {
            (phone, is_up): Lane(profile, seed=f"{seed} {phone} {is_up}", phase=cycle * phone / PHONES)
            for phone in range(PHONES)
            for is_up in (True, False)
        }
        self._under_way: list[tuple[float, int, int, bytes]] = []
        self._number = 0
        self._began = time.monotonic()

    def run(self) -> None:
        """Carry packets until stdin ends."""
        ends = [*self._ends, sys.stdin.fileno()]
        while True:
            wait = _LONGEST_WAIT
            if self._under_way:
                wait = max(0.0, min(wait, self._under_way[0][0] - self._now()))
            ready, _, _ = select.select(ends, [], [], wait)
            if sys.stdin.fileno() in ready:
                return
            for end in ready:
                self._take_all(end)
            self._give_what_is_due()

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _take_all(self, end: int) -> None:
        is_up = end == self._phones_end
        while True:
            try:
                packet = os.read(end, 65_535)
            except BlockingIOError:
                return
            if (phone := phone_of(packet, is_up=is_up)) is None:
                continue
            due = self._lanes[phone, is_up].take(len(packet), self._now())
            self._counts.add(phone, len(packet), is_up=is_up, is_lost=due is None)
            if due is not None:
                self._number += 1
                heapq.heappush(self._under_way, (due, self._number, self._ends[end], packet))

    def _give_what_is_due(self) -> None:
        now = self._now()
        while self._under_way and self._under_way[0][0] <= now:
            _, _, end, packet = heapq.heappop(self._under_way)
            os.write(end, packet)


def main(profile: str, seed: str, counts_file: str) -> None:
    phones, phones_space = open_tun(*(phone_address(number) for number in range(PHONES)))
    server, server_space = open_tun(SERVER)
    spaces = {"phones": phones_space, "server": server_space}
    print(json.dumps({name: f"/proc/{os.getpid()}/fd/{descriptor}" for name, descriptor in spaces.items()}), flush=True)
    with Counts(Path(counts_file)) as counts:
        Emulator(PROFILES[profile], seed=int(seed), counts=counts, phones=phones, server=server).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
