"""A device: the opaque token somebody's phone or browser holds, kept only as a digest."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from knox.crypto import hash_token
from knox.models import AbstractAuthToken, get_digest_token
from knox.settings import CONSTANTS, knox_settings

from accounts.models.people import Person
from accounts.names import LONGEST_LABEL
from core.ids import new_id

SEEN_AT_MOST_EVERY = timedelta(days=1)


class DeviceManager(models.Manager["Device"]):
    def enrol(self, *, person: Person, label: str, in_browser: bool, now: datetime) -> tuple["Device", str]:
        """Make a device and its token; this is the only time the token exists in clear."""
        digest, token = get_digest_token()  # type: ignore[no-untyped-call]  # knox is not typed
        device = self.create(
            digest=digest,
            token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH],
            user=person,
            expiry=now + knox_settings.TOKEN_TTL,
            label=label,
            in_browser=in_browser,
            last_seen_at=now,
        )
        return device, token

    def holding(self, token: str, *, now: datetime) -> "Device | None":
        """The device that holds this token, with its person, who may be suspended. One query, by primary key."""
        present = {"user__is_active": True, "user__erased_at": None}
        found = self.select_related("user").filter(digest=hash_token(token), expiry__gt=now, **present)
        return found.first()

    def owner_of(self, digest: str, *, now: datetime) -> tuple[UUID, UUID] | None:
        """Whose token has this digest: person and device. It lets nobody in; it only says whose it is."""
        return self.filter(digest=digest, expiry__gt=now).values_list("user_id", "id").first()

    def saw(self, device: "Device", *, now: datetime) -> None:
        """Remember that the device was here and lengthen its stay, at most once a day."""
        if device.last_seen_at > now - SEEN_AT_MOST_EVERY:
            return
        due = self.filter(digest=device.digest, last_seen_at__lte=now - SEEN_AT_MOST_EVERY)
        if due.update(last_seen_at=now, expiry=now + knox_settings.TOKEN_TTL):
            device.last_seen_at, device.expiry = now, now + knox_settings.TOKEN_TTL


class Device(AbstractAuthToken):
    """One phone or browser of one person. Its row is deleted when it is signed out."""

    id = models.UUIDField(unique=True, default=new_id, editable=False)
    user = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="devices")
    label = models.CharField(max_length=LONGEST_LABEL, blank=True)
    in_browser = models.BooleanField(default=False)
    last_seen_at = models.DateTimeField()

    objects: ClassVar[DeviceManager] = DeviceManager()  # type: ignore[assignment]  # knox's own reads the wall clock

    class Meta:
        ordering = ("created",)

    def __str__(self) -> str:
        return f"device {str(self.id)[-6:]}"

    @property
    def person(self) -> Person:
        return self.user

    @property
    def person_id(self) -> UUID:
        return self.user_id
