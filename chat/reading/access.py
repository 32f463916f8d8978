"""Whether a device on an open socket may still be there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Device
from live.close_codes import CloseCode


@dataclass(frozen=True, slots=True)
class Access:
    """`code` says why the socket must close; without it `version` is the one to deliver under, `low_data` the person's choice,
    and `unread` how many letters wait for them.
    """

    version: int = 0
    code: CloseCode | None = None
    low_data: bool = False
    unread: int = 0


def access(device_id: UUID, *, now: datetime) -> Access:
    """Look again at a device that was let in earlier."""
    return access_of([device_id], now=now)[device_id]


def access_of(device_ids: Sequence[UUID], *, now: datetime) -> dict[UUID, Access]:
    """Look again at many devices, in one query."""
    columns = (
        "id", "expiry", "user__is_active", "user__erased_at", "user__suspended_at", "user__access_version", "user__low_data",
        "user__unread_statements",
    )  # fmt: skip
    found: dict[UUID, Access] = {}
    rows = Device.objects.filter(id__in=device_ids).values_list(*columns)
    for id_, expiry, is_active, erased_at, suspended_at, version, low_data, unread in rows:
        if erased_at is not None or not is_active or (expiry is not None and expiry <= now):
            found[id_] = Access(code=CloseCode.SIGNED_OUT)
        elif suspended_at is not None:
            found[id_] = Access(code=CloseCode.SUSPENDED)
        else:
            found[id_] = Access(version=version, low_data=low_data, unread=unread)
    return {id_: found.get(id_, Access(code=CloseCode.SIGNED_OUT)) for id_ in device_ids}
