"""Whether a device on an open socket may still be there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Device
from live.close_codes import CloseCode


@dataclass(frozen=True, slots=True)
class Access:
    """`code` says why the socket must close; without it `version` is the one to deliver under."""

    version: int = 0
    code: CloseCode | None = None


def access(device_id: UUID, *, now: datetime) -> Access:
    """Look again at a device that was let in earlier."""
    device = Device.objects.select_related("user").filter(id=device_id).first()
    if device is None:
        return Access(code=CloseCode.SIGNED_OUT)
    return judge(device, now=now)


def judge(device: Device, *, now: datetime) -> Access:
    person = device.person
    if person.erased_at is not None or not person.is_active:
        return Access(code=CloseCode.SIGNED_OUT)
    if person.suspended_at is not None:
        return Access(code=CloseCode.SUSPENDED)
    if device.expiry is not None and device.expiry <= now:
        return Access(code=CloseCode.SIGNED_OUT)
    return Access(version=person.access_version)
