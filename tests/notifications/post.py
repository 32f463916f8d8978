"""Notices, addresses and deliveries as rows, for tests of what happens to them afterwards."""

from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

from accounts.models import Person
from notifications.models import AddressKind, Delivery, Notice, NoticeKind, NoticeState, PushAddress

_numbers = count(1)


def make_address(person: Person, *, kind: AddressKind = AddressKind.SMS, value: str = "", now: datetime) -> PushAddress:
    address = PushAddress(person=person, kind=kind, made_at=now, confirmed_at=now)
    address.take_value(value or f"+3247{next(_numbers):07}")
    address.save()
    return address


def make_delivery(
    person: Person, *, address: PushAddress | None = None, kind: str = "", now: datetime, minutes: float = 60, **changes: object
) -> Delivery:
    """A delivery that is due now and expires after so many minutes."""
    ends = now + timedelta(minutes=minutes)
    notice = Notice.objects.create(
        person=person, kind=NoticeKind.MEETING, state=NoticeState.TOLD, made_at=now, due_at=now, told_at=now, expires_at=ends,
        dedupe_key=uuid4().hex, collapse_key="c",
    )  # fmt: skip
    given = {"due_at": now, **changes}
    return Delivery.objects.create(
        notice=notice, address=address, kind=kind or (address.kind if address else "console"), made_at=now, expires_at=ends,
        dedupe_key=uuid4().hex, collapse_key="c", **given,
    )  # fmt: skip
