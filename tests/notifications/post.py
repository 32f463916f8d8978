"""Notices, addresses and deliveries as rows, for tests of what happens to them afterwards."""

from datetime import datetime, timedelta
from itertools import count as count_from
from uuid import uuid4

from accounts.models import Person
from notifications.models import AddressKind, Delivery, Notice, NoticeKind, NoticeState, PushAddress
from notifications.policy import MOST_SMS
from tests.factories import make_person

_numbers = count_from(1)


def make_address(person: Person, *, kind: AddressKind = AddressKind.SMS, value: str = "", now: datetime) -> PushAddress:
    address = PushAddress(person=person, kind=kind, made_at=now, confirmed_at=now)
    address.take_value(value or f"+3247{next(_numbers):07}")
    address.save()
    return address


def post_notices(count: int, *, now: datetime) -> None:
    """Write so many notices that are due, to as many people as it takes: an SMS costs, so nobody is told more than ten a day."""
    people = [make_person(is_alone=True, now=now) for _ in range(-(-count // MOST_SMS))]
    addresses = [make_address(person, now=now) for person in people]
    Notice.objects.bulk_create(
        [
            Notice(
                person_id=address.person_id, kind=NoticeKind.CODE, address_id=address.id, made_at=now, due_at=now,
                expires_at=now + timedelta(days=1), dedupe_key=f"post {number}", collapse_key=f"post {number}",
            )
            for number in range(count)
            for address in [addresses[number % len(addresses)]]
        ],
        batch_size=500,
    )  # fmt: skip


def make_delivery(
    person: Person, *, address: PushAddress | None = None, kind: str = "", now: datetime, minutes: float = 60, **changes: object
) -> Delivery:
    """A delivery that is due now and expires after so many minutes."""
    ends = now + timedelta(minutes=minutes)
    notice = Notice.objects.create(
        person=person, kind=NoticeKind.CIRCLE, state=NoticeState.TOLD, made_at=now, due_at=now, told_at=now, expires_at=ends,
        dedupe_key=uuid4().hex, collapse_key="c",
    )  # fmt: skip
    given = {"due_at": now, **changes}
    return Delivery.objects.create(
        notice=notice, address=address, kind=kind or (address.kind if address else "console"), made_at=now, expires_at=ends,
        dedupe_key=uuid4().hex, collapse_key="c", **given,
    )  # fmt: skip
