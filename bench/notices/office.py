"""`python -m bench.notices.office post COUNT PACE | sent`: writes notices, so many a second or (0) as fast as it can; or says which deliveries went.

Prints one JSON object: when each notice was committed, or the notice of each delivery with its fate.
"""

import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic, sleep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

import django

django.setup()

from django.db import transaction

from core import clock, facts
from notifications.facts import NoticesWritten
from notifications.models import AddressKind, Delivery, Notice, NoticeKind, PushAddress
from notifications.policy import MOST_SMS
from tests.factories import make_person

AT_ONCE = 10  # notices of one transaction, as when a group of ten is written to


def numbers_for(count: int) -> list[PushAddress]:
    """The numbers of as many people as so many SMS of one day take."""
    made = []
    for number in range(-(-count // MOST_SMS)):
        at = clock.now()
        person = make_person(is_alone=True, now=at)
        address = PushAddress(person=person, kind=AddressKind.SMS, made_at=at, confirmed_at=at)
        address.take_value(f"+3248{number:07}")
        address.save()
        made.append(address)
    return made


def post(count: int, pace: int) -> dict[str, float]:
    """Notices by id, each with the second at which its transaction was committed."""
    everybody, committed = numbers_for(count), {}
    print("ready", file=sys.stderr, flush=True)
    sys.stdin.readline()
    for numbers in _turns(count, pace):
        at = clock.now()
        with transaction.atomic():
            notices = [_notice(everybody[number % len(everybody)], number, at) for number in numbers]
            Notice.objects.bulk_create(notices)
            facts.record(NoticesWritten())
        moment = clock.now().timestamp()
        committed.update({str(notice.id): moment for notice in notices})
    return committed


def _turns(count: int, pace: int) -> Iterator[range]:
    """Which notices each transaction writes; with a pace one at a time, when its time has come."""
    began = monotonic()
    for start in range(0, count, 1 if pace else AT_ONCE):
        if pace:
            sleep(max(0.0, began + start / pace - monotonic()))
        yield range(start, min(start + (1 if pace else AT_ONCE), count))


def _notice(address: PushAddress, number: int, at: datetime) -> Notice:
    return Notice(
        person_id=address.person_id, kind=NoticeKind.CODE, address_id=address.id, made_at=at, due_at=at, expires_at=at + timedelta(hours=2),
        dedupe_key=f"bench {number}", collapse_key=f"bench {number}",
    )  # fmt: skip


def sent() -> dict[str, list[str]]:
    """Deliveries by id: their notice and their fate."""
    rows = Delivery.objects.values_list("id", "notice_id", "state")
    return {str(id_): [str(notice_id), state] for id_, notice_id, state in rows}


if __name__ == "__main__":
    print(json.dumps(post(int(sys.argv[2]), int(sys.argv[3])) if sys.argv[1] == "post" else sent()))
