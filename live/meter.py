"""How many bytes each device costs its owner: counted in memory, written down every ten seconds by chat/tally.py.

`sent` and `received` are the device's own: what it sent up, and what came down to it. To the bytes of a frame or a
request come those that carry them, which only a phone's operator sees. The figures are of TLS 1.3 over TCP over IPv4 with
timestamps, measured on the wire (the notes of July 2026 on low data; RFC 8446 §5.2, RFC 6455 §5.2, RFC 7323 §3):
a meter may say a little too much, never much too little.
"""

import threading
from collections.abc import Iterable
from math import ceil
from typing import NamedTuple
from uuid import UUID

PER_PACKET = 74  # TLS record 5 + 1 + 16, IPv4 20, TCP 20 and its timestamps 12
PER_ACK = 52  # the bare acknowledgement that comes back for it
SEGMENT = 1_400  # what one packet carries at most on a mobile network (1,448 on a wire)
PER_FRAME = PER_PACKET + 6  # and of the websocket 2 to 4 of head, up also 4 of mask: 16 bytes cost 148 here, 144 measured

# Opening and closing a connection whose TLS session is resumed: handshake 643 up and 496 down, the rest heads of packets.
SETUP_SENT, SETUP_RECEIVED = 1_040, 892
# A websocket: the same, with the request to upgrade (573) and its answer (176). Together 2,829; measured 2,834 to 2,886.
CONNECT_SENT, CONNECT_RECEIVED = SETUP_SENT + 573 + PER_PACKET, SETUP_RECEIVED + 176 + PER_PACKET
KEPT_OPEN = 60.0  # seconds after which the next request of a device is taken to need a new connection

COUNTED = {
    "per_frame": PER_FRAME,
    "per_ack": PER_ACK,
    "per_packet": PER_PACKET,
    "per_setup": SETUP_SENT + SETUP_RECEIVED,
    "per_connect": CONNECT_SENT + CONNECT_RECEIVED,
}


class Count(NamedTuple):
    """Bytes of one device since the last time they were taken."""

    person_id: UUID
    device_id: UUID
    sent: int
    received: int


class Meter:
    """Any thread may count; one task takes. What is counted and not yet written dies with the process."""

    def __init__(self) -> None:
        self._counted: dict[tuple[UUID, UUID], list[int]] = {}
        self._lock = threading.Lock()

    def count(self, person_id: UUID, device_id: UUID, *, sent: int = 0, received: int = 0) -> None:
        """Add bytes as they are on the wire; `frame_up` and the others below know what to add to a payload."""
        with self._lock:
            counted = self._counted.setdefault((person_id, device_id), [0, 0])
            counted[0] += sent
            counted[1] += received

    def connect(self, person_id: UUID, device_id: UUID) -> None:
        """A websocket was let in; its end is counted here too."""
        self.count(person_id, device_id, sent=CONNECT_SENT, received=CONNECT_RECEIVED)

    def frame_up(self, person_id: UUID, device_id: UUID, size: int) -> None:
        """A websocket message of `size` bytes came from the device."""
        self.count(person_id, device_id, sent=size + PER_FRAME, received=PER_ACK)

    def frame_down(self, person_id: UUID, device_id: UUID, size: int) -> None:
        """A websocket message of `size` bytes went to the device."""
        self.count(person_id, device_id, sent=PER_ACK, received=size + PER_FRAME)

    def exchange(self, person_id: UUID, device_id: UUID, *, up: int, down: int, is_first: bool) -> None:
        """A request of `up` bytes and its answer of `down` bytes, heads included; the first one also opened the connection."""
        sent, received = (SETUP_SENT, SETUP_RECEIVED) if is_first else (0, 0)
        self.count(person_id, device_id, sent=sent + in_packets(up) + PER_ACK, received=received + in_packets(down) + PER_ACK)

    def take(self) -> list[Count]:
        """Everything counted since the last time, which is forgotten here."""
        with self._lock:
            counted, self._counted = self._counted, {}
        return [Count(person_id, device_id, sent, received) for (person_id, device_id), (sent, received) in counted.items()]

    def put_back(self, counts: Iterable[Count]) -> None:
        """What was taken could not be written; the next one to take gets it again."""
        for person_id, device_id, sent, received in counts:
            self.count(person_id, device_id, sent=sent, received=received)


def in_packets(size: int) -> int:
    """Bytes on the wire of `size` bytes that travel together."""
    return size + PER_PACKET * max(1, ceil(size / SEGMENT))


meter = Meter()
