"""Meetings, what people said about them afterwards, calendars, and when people are away. Times and places are sealed."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chat import bodies, frames
from chat.models import Conversation
from core.ids import new_id
from privacy.fields import open_field, seal_field


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def locked(self) -> Self:
        """Lock the rows in id order until the transaction ends; on SQLite the transaction itself is the lock."""
        return self.order_by("id").select_for_update(of=("self",), no_key=True)

    def open(self) -> Self:
        """Those that may still happen, or be asked again."""
        return self.exclude(state="cancelled")

    def wanted(self) -> Self:
        """Those that were agreed, or wait for an answer."""
        return self.filter(state__in=["proposed", "agreed"])

    def not_over(self, *, now: datetime) -> Self:
        """Those of which something is still to come; a series without an end never is over."""
        return self.filter(Q(open_until=None) | Q(open_until__gt=now))

    def of(self, person_id: UUID) -> Self:
        """The meetings of the conversations in which somebody is present."""
        present = Q(conversation__members__person_id=person_id, conversation__members__left_seq=None)
        return self.filter(present).select_related("conversation__data_key", "conversation__circle")


class Meeting(models.Model):
    """One meeting, or one series of them. `plan_sealed` is the newest `frames.Meeting`, under the conversation's data key.

    `sequence` rises with every change that a calendar must know (RFC 5546); `open_until` is the end of its last time and
    empty for a series without one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=9)
    sequence = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    is_series = models.BooleanField(default=False)
    proposer = models.PositiveSmallIntegerField()  # number of who asks
    plan_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "afspraak"
        verbose_name_plural = "afspraken"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["conversation", "number"], name="one_meeting_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1, version__gte=1), name="meetings_are_counted_from_one"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "agreed", "declined", "cancelled"]), name="a_meeting_is_in_a_state_that_there_is"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["open_until"], name="meetings_that_are_not_over")]

    def __str__(self) -> str:
        return f"meeting {self.number} of {self.conversation_id}"

    def take_plan(self, plan: frames.Meeting, *, key: bytes) -> None:
        """Seal how it looks now, and what of that is asked for by queries; the caller saves."""
        self.version, self.state = plan.version, plan.state
        self.is_series, self.proposer = bool(plan.repeat), plan.proposer
        self.plan_sealed = bodies.seal_meeting(plan, key=key, conversation_id=self.conversation_id, place_id=self.id)

    def plan(self, *, key: bytes) -> frames.Meeting:
        """How it looks. :raises CannotOpen:"""
        return bodies.open_meeting(bytes(self.plan_sealed), key=key, conversation_id=self.conversation_id, place_id=self.id)


class Report(models.Model):
    """What one member said about a meeting that is over, for the coordinator alone. Neither answer is better."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reports")
    date = models.CharField(max_length=10, blank=True)  # of a series; a single meeting has none
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    took_place = models.BooleanField()
    note_sealed = models.BinaryField(null=True)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Report"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "date", "person"], name="one_report_per_person_and_date"),
        ]

    def __str__(self) -> str:
        return f"report on {self.meeting_id}"

    def take_note(self, note: str, *, key: bytes) -> None:
        """Seal what the member added, under the conversation's data key; the caller saves."""
        self.note_sealed = seal_field(key, note, table="meetings_report", column="note", row_id=self.id) if note else None

    def note(self, *, key: bytes) -> str:
        """What the member added, or nothing. :raises CannotOpen:"""
        if not self.note_sealed:
            return ""
        return open_field(key, bytes(self.note_sealed), table="meetings_report", column="note", row_id=self.id)


class CalendarFeed(models.Model):
    """The secret address of one person's calendar; only its digest is kept."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="calendar_feed")
    digest = models.BinaryField(max_length=32, unique=True)
    details = models.BooleanField(default=False)  # the person wants to read the place there
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["CalendarFeed"]] = models.Manager()

    def __str__(self) -> str:
        return "calendar feed"


class Away(models.Model):
    """Days on which somebody meets nobody; both ends are in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    first_date = models.DateField()
    last_date = models.DateField()

    objects: ClassVar[models.Manager["Away"]] = models.Manager()

    class Meta:
        ordering = ("first_date", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(last_date__gte=F("first_date")), name="an_absence_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"absence {str(self.id)[-6:]}"
