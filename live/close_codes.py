"""Why the server closes a socket: 4000–4499 come back, 4500–4999 do not."""

from enum import IntEnum


class CloseCode(IntEnum):
    RESTART = 4001
    EXPIRED = 4002
    BUDGET = 4003
    SLOW = 4008
    RESYNC = 4010
    TOO_FAST = 4029
    MALFORMED = 4400
    SIGNED_OUT = 4500
    ORIGIN_REFUSED = 4501
    SUSPENDED = 4503
    TOO_MANY_SOCKETS = 4505
    UNKNOWN_PROTOCOL = 4506
