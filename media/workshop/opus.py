"""How long an Opus packet sounds, by its own first bytes (RFC 6716 §3.1 and §3.2)."""

SAMPLES_PER_SECOND = 48_000
_SILK = (480, 960, 1_920, 2_880)
_HYBRID = (480, 960)
_CELT = (120, 240, 480, 960)


def samples_of(packet: bytes) -> int:
    """Samples at 48 kHz. :raises ValueError: this is no Opus packet."""
    if not packet:
        raise ValueError("empty")
    return _frame_samples(packet[0] >> 3) * _frames(packet)


def _frame_samples(config: int) -> int:
    if config < 12:
        return _SILK[config % 4]
    return _HYBRID[config % 2] if config < 16 else _CELT[config % 4]


def _frames(packet: bytes) -> int:
    code = packet[0] & 3
    if code < 3:
        return (1, 2, 2)[code]
    if len(packet) < 2:
        raise ValueError("short")
    return packet[1] & 63
