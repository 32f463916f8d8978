"""What an operator must mend, said once a minute for each code: a line at ERROR, and a counter that says how often."""

import logging
from collections import Counter
from collections.abc import Collection

from notifications import metrics
from notifications.reading.remedies import remedy
from notifications.sending import Fate, Sent

log = logging.getLogger(__name__)

SECONDS = 60.0


class Bell:
    """One a worker."""

    def __init__(self) -> None:
        self._said_at: dict[tuple[str, str], float] = {}
        self._unsaid: Counter[tuple[str, str]] = Counter()

    def heard(self, channel: str, fates: Collection[Fate], *, at: float) -> None:
        calling = Counter((channel, fate.code) for fate in fates if not isinstance(fate, Sent) and fate.alarms)
        self._unsaid.update(calling)
        for key, times in calling.items():
            metrics.ALARMS.labels(*key).inc(times)
            if at - self._said_at.get(key, at - SECONDS) >= SECONDS:
                self._said_at[key] = at
                log.error("notices_need_you channel=%s code=%s letters=%d remedy=%s", *key, self._unsaid.pop(key), remedy(key[1]))
