"""Where people can be reached, what they chose, and every notice with the fate of its deliveries."""

from datetime import UTC, time
from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Device
from core.ids import new_id
from privacy.blind_index import blind_index
from privacy.fields import open_field, seal_field

_TABLE = "notifications_pushaddress"


class AddressKind(models.TextChoices):
    FCM_FID = "fcm_fid"
    FCM_TOKEN = "fcm_token"  # noqa: S105  # a kind of address
    WEBPUSH = "webpush"
    SMS = "sms"
    EMAIL = "email"

    @property
    def is_push(self) -> bool:
        """Whether it reaches one phone or browser, which is told to forget it at the sign-out."""
        return self in {AddressKind.FCM_FID, AddressKind.FCM_TOKEN, AddressKind.WEBPUSH}


class AddressQuerySet(models.QuerySet["PushAddress"]):
    def alive(self) -> Self:
        """Those that something may be sent to."""
        return self.filter(dead_at=None, confirmed_at__isnull=False)

    def of(self, person_id: UUID) -> Self:
        return self.filter(person_id=person_id)


class PushAddress(models.Model):
    """One way to reach one person. A value belongs to one person at a time: who registers it takes it from whoever had it.

    A dead one keeps its row for a while, without its value, so that a coordinator can see why a phone stays silent.
    `reached_at` is the last time that the other side took something; `failing_since` the first time of a row that it did not.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_addresses")
    device = models.ForeignKey(Device, to_field="id", null=True, on_delete=models.CASCADE, related_name="push_addresses")
    kind = models.CharField(max_length=9, choices=AddressKind)
    value_sealed = models.BinaryField(null=True)
    value_index = models.BinaryField(max_length=32, null=True)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    code_until = models.DateTimeField(null=True)  # of the code that proves an e-mail address is theirs; see `code`
    code_tries = models.PositiveSmallIntegerField(default=0)
    reached_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=40, blank=True)
    dead_at = models.DateTimeField(null=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "value_index"], condition=Q(confirmed_at__isnull=False), name="an_address_belongs_to_one_person"
            ),
            models.CheckConstraint(
                condition=Q(dead_at=None, value_sealed__isnull=False, value_index__isnull=False)
                | Q(dead_at__isnull=False, value_sealed=None, value_index=None),
                name="a_dead_address_is_forgotten",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {str(self.id)[-6:]}"

    def take_value(self, value: str, *, known_by: str = "") -> None:
        """Seal where it leads under the person's key, and index it by what tells two apart; the caller saves."""
        if self.person.data_key is None:
            raise RuntimeError("A person gets a data key before anything is sealed.")
        self.value_sealed = seal_field(self.person.data_key.unwrap(), value, table=_TABLE, column="value", row_id=self.id)
        self.value_index = self.index_of(self.kind, known_by or value)

    @property
    def value(self) -> str:
        """Where it leads, opened; empty once it is dead, or its person erased. :raises CannotOpen:"""
        if self.value_sealed is None or self.person.data_key is None:
            return ""
        return open_field(self.person.data_key.unwrap(), bytes(self.value_sealed), table=_TABLE, column="value", row_id=self.id)

    @staticmethod
    def index_of(kind: str, known_by: str) -> bytes:
        return blind_index(f"address {kind}", known_by)

    def code(self) -> str:
        """The six digits that prove it is theirs: made from its id and `code_until` by our key, so that they are stored nowhere."""
        if self.code_until is None:
            return ""
        until = self.code_until.astimezone(UTC)
        return f"{int.from_bytes(blind_index('address code', f'{self.id}|{until:%Y%m%d%H%M%S%f}')[:8]) % 1_000_000:06d}"


class Shows(models.TextChoices):
    """How much a notice says to whoever holds the phone."""

    NOTHING = "nothing"
    KIND = "kind"


class NoticeChoices(models.Model):
    """What somebody wants to be told, when, and how. Without a row: the defaults."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="notice_choices")
    messages = models.BooleanField(default=True)
    meetings = models.BooleanField(default=True)
    circles = models.BooleanField(default=True)
    reminder_day = models.BooleanField(default=True)  # 24 hours before
    reminder_hours = models.BooleanField(default=True)  # 2 hours before
    nudges = models.BooleanField(default=True)  # one gentle question a day at most
    shows = models.CharField(max_length=8, choices=Shows, default=Shows.NOTHING)
    quiet_from = models.TimeField(default=time(22, 0))  # in the person's zone; equal ends: never quiet
    quiet_until = models.TimeField(default=time(7, 0))
    every_minutes = models.PositiveSmallIntegerField(default=5)  # at most one notice of a conversation in so many minutes
    sms_after = models.PositiveSmallIntegerField(null=True)  # minutes after a push that was not read
    by_mail = models.BooleanField(default=False)  # also by mail, to somebody whom a push reaches
    calendar_mail = models.BooleanField(default=False)  # invitations for a calendar (iTIP), with day and hour in them

    objects: ClassVar[models.Manager["NoticeChoices"]] = models.Manager()

    def __str__(self) -> str:
        return f"choices of {self.person_id}"


class NoticeKind(models.TextChoices):
    ENTRY = "entry"
    MEETING = "meeting"
    REMINDER = "reminder"
    CIRCLE = "circle"
    NUDGE = "nudge"
    ESCALATION = "escalation"
    INVITATION = "invitation"  # a calendar's: iTIP
    CODE = "code"  # proves that an address is somebody's
    STATEMENT = "statement"  # a letter about a decision, or an answer to what was asked
    DUTY = "duty"  # for the staff: a case, an escalation or an appeal waits for them, or something was decided in their circle


class NoticeState(models.TextChoices):
    WAITING = "waiting"
    TOLD = "told"  # its deliveries were made
    DROPPED = "dropped"


class Notice(models.Model):
    """Something to tell one person, in identifiers. What it says is made when it is sent, and it is checked again then.

    One with the same `dedupe_key` waits at most once; `collapse_key` names what a newer one replaces on a phone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(max_length=10, choices=NoticeKind)
    detail = models.CharField(
        max_length=16, blank=True
    )  # of a meeting: the act; of a reminder: `day` or `hours`; of a circle: what happened; of a duty: what waits, `now:` before what cannot
    conversation_id = models.UUIDField(null=True)
    seq = models.PositiveBigIntegerField(null=True)
    meeting_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(null=True)
    date = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField(null=True)  # when the meeting begins
    address_id = models.UUIDField(null=True)  # only to this one
    about = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+", db_index=False)  # what an escalation repeats
    state = models.CharField(max_length=7, choices=NoticeState, default=NoticeState.WAITING)
    fate = models.CharField(max_length=24, blank=True)  # why it was dropped
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    dedupe_key = models.CharField(max_length=160)
    collapse_key = models.CharField(max_length=32)

    objects: ClassVar[models.Manager["Notice"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dedupe_key"], condition=Q(state="waiting"), name="a_notice_waits_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="notices_that_are_due"),
            models.Index(fields=["person", "collapse_key", "told_at"], name="notices_told_before"),
            models.Index(fields=["meeting_id"], condition=Q(meeting_id__isnull=False), name="notices_of_a_meeting"),
            models.Index(fields=["about"], condition=Q(about__isnull=False), name="notices_that_repeat"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {str(self.id)[-6:]}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    GONE = "gone"  # the address is nobody's any more
    EXPIRED = "expired"


class Delivery(models.Model):
    """One notice to one address, with its fate. Whoever claims it holds `lease_token` until `lease_until`; then others may.

    Its `id` travels with it: a receiver that gets it twice, after a worker was killed, knows it by that.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    address = models.ForeignKey(PushAddress, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    kind = models.CharField(max_length=9)  # of the address; `console` when there is none
    state = models.CharField(max_length=7, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=40, blank=True)
    receipt = models.CharField(max_length=200, blank=True)
    dedupe_key = models.CharField(max_length=80, unique=True)
    collapse_key = models.CharField(max_length=32)

    objects: ClassVar[models.Manager["Delivery"]] = models.Manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="deliveries_that_are_due"),
            models.Index(fields=["settled_at"], name="deliveries_by_fate_and_time"),
        ]

    def __str__(self) -> str:
        return f"delivery {str(self.id)[-6:]}"


class Presence(models.Model):
    """Until when a process says that somebody has a socket open there; another process asks before it rings a phone in somebody's hand."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    objects: ClassVar[models.Manager["Presence"]] = models.Manager()

    def __str__(self) -> str:
        return f"presence of {self.person_id}"


class PeriodicRun(models.Model):
    """What is done once a day or an hour by whichever worker comes first."""

    name = models.CharField(max_length=40)
    slot = models.DateTimeField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["PeriodicRun"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name", "slot"], name="one_run_per_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.slot:%Y-%m-%d %H:%M}"


class Unfollowed(models.Model):
    """A meeting changed, or something of a conversation or a person that meetings depend on, and what waits does not follow from it yet.

    `id` is that of the meeting, the conversation or the person; `mark` another one for each change.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=12)
    mark = models.UUIDField(default=new_id)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Unfollowed"]] = models.Manager()

    class Meta:
        verbose_name_plural = "unfollowed"

    def __str__(self) -> str:
        return f"unfollowed {self.kind} {str(self.id)[-6:]}"
