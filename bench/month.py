"""A month of friendship in bytes on the wire: a model of what a person does, filled with what was measured.

The person writes 15 and gets 15 messages a day, text only, in low-data mode, over 30 days. They look 8 times a day for 3 minutes. Twice a day
that is within half an hour of the time before, and a ping finds the socket still open; 6 times it takes a connection (TLS 1.3, resumed,
without a post-quantum key share), which the phone later ends without a word. 10 of the 15 come while they are away, with a push of 450 bytes
each, and ride in the first websocket message of the next visit; the other 5 come while they look. What came is acked and marked read
together: with an own message that follows within half a minute, which one does for those 5 and in every other visit; alone in the others.
An own message is one `send` and its `sent`. Marks ride with something else. A heartbeat is only due after 240 s of silence, so a visit of 3
minutes has none. The app is loaded once, with a full handshake; its service worker is asked for at each visit, unless the server lets the
browser keep it for a day. Nothing is lost and sent again.
"""

from dataclasses import dataclass

DAYS = 30
IN_A_DAY = OUT_A_DAY = 15
VISITS_A_DAY = 8
FOUND_OPEN_A_DAY = 2  # visits that find the socket of the one before
SILENT_VISITS_A_DAY = VISITS_A_DAY // 2  # nothing is written within half a minute of reading
PUSHES_A_DAY = 10  # messages that came while nobody looked
PUSH = 450

# Counted at IP level, TLS 1.3 over IPv4, without loss (22 November 2026); `python -m bench link --profile clear` counts the sums again.
WEBSOCKET_DOWN, WEBSOCKET_UP = 2, 6  # RFC 6455 §5.2: what a device sends is masked
TLS_RECORD = 22  # RFC 8446 §5.2: 5 + 1 + 16
PACKET = 52  # IPv4 20, TCP 20, its timestamps 12
RECEIPT = PACKET  # TCP's own, without anything in it
CONNECT_RESUMED = 1_926  # TCP and TLS around the request, its answer and the first message, with all receipts
CONNECT_FULL = 3_610  # the same with an ECDSA certificate and the one that signed it
DROP = 156  # the phone ends the page: TCP alone says so
POST_QUANTUM = 1_780  # what today's Chrome says more in each handshake: its key share and its greetings to come
HTTP_ASK, HTTP_UNCHANGED = 420, 160  # a conditional request of a browser, and 304


def down(payload: float) -> float:
    """One websocket message to the device, and TCP's receipt."""
    return payload + WEBSOCKET_DOWN + TLS_RECORD + PACKET + RECEIPT


def up(payload: float) -> float:
    """One websocket message of the device, and TCP's receipt."""
    return payload + WEBSOCKET_UP + TLS_RECORD + PACKET + RECEIPT


def beat(*, ping: float, pong: float) -> float:
    """One heartbeat. The pong is the receipt of the ping."""
    return up(ping) + down(pong) - RECEIPT


def idle_hour(*, ping: float, pong: float, heartbeat: float) -> float:
    """An hour of nothing but heartbeats."""
    return beat(ping=ping, pong=pong) * 3600 / heartbeat


@dataclass(frozen=True, slots=True)
class Measured:
    """Payloads of websocket messages and sizes of HTTP, in bytes."""

    message: float  # comes alone
    batched: float  # comes with others
    send: float
    sent: float
    seen: float  # ack and read mark, together
    ping: float
    pong: float
    resume: float  # the first message, with nothing new
    upgrade: float  # request and answer, headers and all
    first_load: float
    worker_checks: float  # times a day that the browser asks for the service worker


@dataclass(frozen=True, slots=True)
class Month:
    """Bytes, by what they are for."""

    connections: float  # how many; the others are bytes
    connecting: float
    messages: float
    pushes: float
    first_load: float
    worker: float

    @property
    def megabytes(self) -> float:
        return (self.connecting + self.messages + self.pushes + self.first_load + self.worker) / 1_000_000

    @property
    def megabytes_today(self) -> float:
        """With a browser whose TLS is ready for quantum computers."""
        return self.megabytes + self.connections * POST_QUANTUM / 1_000_000

    def __str__(self) -> str:
        parts = {
            "connecting": self.connecting, "messages": self.messages, "pushes": self.pushes, "first load": self.first_load,
            "service worker": self.worker,
        }  # fmt: skip
        return ", ".join(f"{name} {size / 1000:,.0f} kB" for name, size in parts.items())


def month(of: Measured, *, found_open: int = FOUND_OPEN_A_DAY) -> Month:
    """The model; with `found_open` 0 every visit takes a connection."""
    live = IN_A_DAY - PUSHES_A_DAY
    connects = VISITS_A_DAY - found_open
    connecting = connects * (CONNECT_RESUMED + of.upgrade + of.resume + DROP) + found_open * beat(ping=of.ping, pong=of.pong)
    a_day = (
        PUSHES_A_DAY * of.batched
        + SILENT_VISITS_A_DAY * up(of.seen)
        + (VISITS_A_DAY - SILENT_VISITS_A_DAY) * of.seen
        + live * (down(of.message) + of.seen)
        + OUT_A_DAY * (up(of.send) + down(of.sent) - RECEIPT)  # the answer is the receipt
    )
    checks = DAYS * of.worker_checks
    return Month(
        connections=DAYS * connects + checks + 1,
        connecting=DAYS * connecting,
        messages=DAYS * a_day,
        pushes=DAYS * PUSHES_A_DAY * PUSH,
        first_load=CONNECT_FULL + of.first_load + DROP,
        worker=checks * (CONNECT_RESUMED + HTTP_ASK + HTTP_UNCHANGED + DROP),
    )
