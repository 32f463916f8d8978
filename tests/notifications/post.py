"""Notices, addresses and deliveries as rows, for tests of what happens to them afterwards."""

from datetime import datetime, time, timedelta
from itertools import count as count_from
from uuid import uuid4

from accounts.models import Person
from notifications.models import AddressKind, Delivery, Notice, NoticeChoices, NoticeKind, NoticeState, PushAddress
from tests.factories import make_person

_numbers = count_from(1)


def make_address(person: Person, *, kind: AddressKind = AddressKind.SMS, value: str = "", now: datetime) -> PushAddress:
    address = PushAddress(person=person, kind=kind, made_at=now, confirmed_at=now)
    address.take_value(value or f"+3247{next(_numbers):07}")
    address.save()
    return address


def post_notices(count: int, *, people: int, now: datetime) -> None:
    """Write so many notices that are due, in turn to so many people who have a number each and are never left in quiet."""
    numbers = count_from(1)
    for _ in range(people):
        person = make_person(is_alone=True, now=now)
        NoticeChoices.objects.create(person=person, quiet_from=time(0), quiet_until=time(0))
        make_address(person, value=f"+3248{next(numbers):07}", now=now)
    everybody = list(NoticeChoices.objects.values_list("person_id", flat=True))
    Notice.objects.bulk_create(
        [
            Notice(
                person_id=everybody[number % len(everybody)], kind=NoticeKind.CIRCLE, made_at=now, due_at=now, expires_at=now + timedelta(days=1),
                dedupe_key=f"post {number}", collapse_key=f"post {number}",
            )
            for number in range(count)
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
