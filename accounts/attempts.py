"""How many tries somebody gets. The limits hold for all processes together and survive a failed try."""

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import transaction

from accounts.addresses import network_of
from accounts.models import AttemptCount
from accounts.models.attempts import WINDOW, window_start
from core.errors import TooManyAttempts
from privacy.blind_index import blind_index


def ensure_may_try(*, code_digest: bytes, address: str, now: datetime) -> None:
    """Count one try and commit that, whatever becomes of it.

    The address is counted first: one that is locked out cannot use up the tries that others have on a code.

    :raises TooManyAttempts: the same for codes that exist and codes that do not.
    """
    with transaction.atomic(durable=True):
        within = _count("address", blind_index("address", network_of(address)), settings.MAATJE_ATTEMPTS_PER_ADDRESS, now=now)
        within = within and _count("code", code_digest, settings.MAATJE_ATTEMPTS_PER_CODE, now=now)
    if not within:
        raise TooManyAttempts(retry_after=_seconds_left(now))


def _count(kind: str, subject: bytes, limit: int, *, now: datetime) -> bool:
    return AttemptCount.objects.count_one(kind=kind, subject=subject, now=now) <= limit


def _seconds_left(now: datetime) -> int:
    return max(1, ceil((window_start(now) + WINDOW - now) / timedelta(seconds=1)))
