"""Codes that prove an e-mail address is somebody's: sent to that address alone, good for a quarter of an hour and five tries."""

import hmac
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F

from accounts.models import AttemptCount, Person
from accounts.models.attempts import WINDOW, window_start
from core import facts
from core.errors import TooManyAttempts
from notifications.errors import CodeWornOut, CodeWrong
from notifications.facts import NoticesWritten
from notifications.models import Notice, NoticeKind, NoticeState, PushAddress
from privacy.blind_index import blind_index

GOOD_FOR, TRIES = timedelta(minutes=15), 5
AN_HOUR, A_DAY, DAY = 3, 5, timedelta(days=1)
_KIND = "mail_code"


def ensure_may_ask(person: Person, mail: str, *, now: datetime) -> None:
    """Count one code for the person, and if they may, one for the address; commit that: nobody fills a stranger's mailbox from here.

    Who is refused takes nothing from what others may ask for the same address.

    :raises TooManyAttempts:
    """
    left = window_start(now) + WINDOW - now
    if _count(blind_index("codes of a person", str(person.id)), now=now) > AN_HOUR:
        raise TooManyAttempts(retry_after=max(1, ceil(left / timedelta(seconds=1))))
    subject = blind_index("codes to an address", mail)
    is_too_many = _count(subject, now=now) > AN_HOUR
    lately = AttemptCount.objects.filter(kind=_KIND, subject=subject, window_start__gt=window_start(now) - DAY)
    hours = {hour: min(count, AN_HOUR) for hour, count in lately.values_list("window_start", "count")}
    if sum(hours.values()) > A_DAY:
        left = min(hours) + DAY - now
    elif not is_too_many:
        return
    raise TooManyAttempts(retry_after=max(1, ceil(left / timedelta(seconds=1))))


def _count(subject: bytes, *, now: datetime) -> int:
    with transaction.atomic(durable=True):
        return AttemptCount.objects.count_one(kind=_KIND, subject=subject, now=now)


def send(address: PushAddress, *, now: datetime) -> None:
    """Make a new code, which ends the one before, and let it be told to this address alone."""
    address.code_until, address.code_tries = now + GOOD_FOR, 0
    address.save()
    key = f"code:{address.id}"
    Notice.objects.filter(dedupe_key=key, state=NoticeState.WAITING).delete()
    Notice.objects.create(
        person=address.person,
        kind=NoticeKind.CODE,
        address_id=address.id,
        made_at=now,
        due_at=now,
        expires_at=address.code_until,
        dedupe_key=key,
        collapse_key=address.id.hex,
    )
    facts.record(NoticesWritten())


def check(address: PushAddress, code: str, *, now: datetime) -> None:
    """Use up one try, whatever becomes of it. :raises CodeWrong: :raises CodeWornOut:"""
    usable = PushAddress.objects.filter(id=address.id, code_until__gt=now, code_tries__lt=TRIES)
    if not usable.update(code_tries=F("code_tries") + 1):
        raise CodeWornOut
    address.refresh_from_db(fields=["code_until", "code_tries"])
    if not hmac.compare_digest(address.code().encode(), code.encode()):
        raise CodeWrong(tries_left=max(0, TRIES - address.code_tries))
