"""`python -m bench.notices.office post COUNT PACE | sent`: writes notices, so many a second or (0) as fast as it can; or says which deliveries went.

Prints one JSON object: when each notice was committed, or the notice of each delivery with its fate.
"""

import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from time import monotonic, sleep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

import django

django.setup()

from django.db import transaction

from accounts.models import Person
from core import clock, facts
from notifications.facts import NoticesWritten
from notifications.models import AddressKind, Delivery, Notice, NoticeChoices, NoticeKind, PushAddress
from tests.factories import make_person

PEOPLE = 100
AT_ONCE = 10  # notices of one transaction, as when a group of ten is written to


def people() -> list[Person]:
    """People who may be told at any hour, each with a number."""
    made = []
    for number in range(PEOPLE):
        at = clock.now()
        person = make_person(is_alone=True, now=at)
        NoticeChoices.objects.create(person=person, quiet_from=time(0), quiet_until=time(0))
        address = PushAddress(person=person, kind=AddressKind.SMS, made_at=at, confirmed_at=at)
        address.take_value(f"+3248{number:07}")
        address.save()
        made.append(person)
    return made


def post(count: int, pace: int) -> dict[str, float]:
    """Notices by id, each with the second at which its transaction was committed."""
    everybody, committed = people(), {}
    print("ready", file=sys.stderr, flush=True)
    sys.stdin.readline()
    for numbers in _turns(count, pace):
        at = clock.now()
        with transaction.atomic():
            notices = [_notice(everybody[number % PEOPLE], number, at) for number in numbers]
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


def _notice(person: Person, number: int, at: datetime) -> Notice:
    return Notice(
        person=person, kind=NoticeKind.CIRCLE, made_at=at, due_at=at, expires_at=at + timedelta(hours=2),
        dedupe_key=f"bench {number}", collapse_key=f"bench {number}",
    )  # fmt: skip


def sent() -> dict[str, list[str]]:
    """Deliveries by id: their notice and their fate."""
    rows = Delivery.objects.values_list("id", "notice_id", "state")
    return {str(id_): [str(notice_id), state] for id_, notice_id, state in rows}


if __name__ == "__main__":
    print(json.dumps(post(int(sys.argv[2]), int(sys.argv[3])) if sys.argv[1] == "post" else sent()))
