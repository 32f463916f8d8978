"""A case gathers all flags and signals on one subject: an entry, or a person in a conversation."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chat.models import Conversation
from core.ids import new_id
from moderation.models.sealing import open_bytes, open_words, seal_bytes, seal_words
from moderation.words import CaseState, Priority
from privacy.models import DataKey
from programmes.models import Circle, Organisation

ALONE = 20  # lines on each side that one person may decide to read


class CaseQuerySet(models.QuerySet["Case"]):
    def locked(self) -> Self:
        """Lock the rows in id order until the transaction ends; on SQLite the transaction itself is the lock."""
        return self.order_by("id").select_for_update(of=("self",), no_key=True)

    def open(self) -> Self:
        return self.exclude(state=CaseState.CLOSED)

    def breached(self, *, now: datetime) -> Self:
        """Those that nobody decided in time."""
        return self.open().filter(due_at__lt=now, decided_at=None)


class Case(models.Model):
    """What somebody must look at. `version` rises with every change; `lease_until` says until when it is held by `claimed_by`.

    `target_seq` is absent when the subject is the person rather than one entry. `subject` is absent for an entry of the
    organisation. Everything that anybody wrote in it is sealed under its own key, which the conversation's does not open.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="cases")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="cases")
    target_seq = models.PositiveBigIntegerField(null=True)
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    data_key = models.OneToOneField(DataKey, on_delete=models.SET_NULL, null=True, related_name="+")

    state = models.CharField(max_length=9, choices=CaseState, default=CaseState.NEW)
    version = models.PositiveIntegerField(default=1)
    priority = models.PositiveSmallIntegerField(choices=Priority)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    paged_at = models.DateTimeField(null=True)  # half of the time was over
    hand_ups = models.PositiveSmallIntegerField(default=0)  # how many steps up the roster it went by itself

    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lease_until = models.DateTimeField(null=True)
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # only they claim it next
    for_leads = models.BooleanField(default=False)  # escalated: a lead goes on with it
    seen_in_waiting = models.BooleanField(default=False)  # the screening saw something in what waited: its letters say so
    interim_at = models.DateTimeField(null=True)  # since when it is, or was, hidden without a decision: at most once, for 72 hours
    interim_until = models.DateTimeField(null=True)  # hidden without a decision until then

    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    held_for = models.CharField(max_length=40, blank=True)  # why the evidence may not go when its time comes; a code

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        verbose_name_plural = "dossiers"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["conversation", "target_seq"],
                condition=Q(target_seq__isnull=False) & ~Q(state="closed"),
                name="one_open_case_per_entry",
            ),
            models.UniqueConstraint(
                fields=["conversation", "subject"], condition=Q(target_seq=None) & ~Q(state="closed"), name="one_open_case_per_person"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, lease_until=None) | Q(claimed_by__isnull=False, lease_until__isnull=False),
                name="a_claim_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claimed_by__isnull=False) | ~Q(state="claimed") & Q(claimed_by=None),
                name="a_claimed_case_is_held_and_no_other",
            ),
            models.CheckConstraint(condition=~Q(state="closed") | Q(closed_at__isnull=False), name="a_closed_case_says_when"),
            models.CheckConstraint(
                condition=Q(interim_until=None) | Q(interim_at__isnull=False, target_seq__isnull=False),
                name="only_a_line_is_hidden_for_now",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("opened_at")), name="a_case_is_due_after_it_opens"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "due_at"], condition=~Q(state="closed"), name="open_cases_by_deadline"),
            models.Index(fields=["organisation", "changed_at"], name="cases_by_change"),
            models.Index(fields=["interim_until"], condition=Q(interim_until__isnull=False), name="cases_hidden_for_now"),
        ]

    def __str__(self) -> str:
        return f"case {str(self.id)[-6:]}"

    def was_flagged(self) -> bool:
        """Whether somebody said that something is not right; a program may have seen it too."""
        return self.flags.exists()

    def was_screened(self) -> bool:
        """Whether a program saw something, in the log or in what waited."""
        return self.seen_in_waiting or self.signals.exists()


class Evidence(models.Model):
    """One line as it stood when it was flagged, or when the view was widened; the log may change, this does not.

    `digest` is the SHA-256 of what was sealed, under the case's key too, so that a changed row is noticed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    seq = models.PositiveBigIntegerField()
    step = models.PositiveSmallIntegerField(default=0)  # 0: the flagged line and five on each side; 1, 2 …: each widening
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    at = models.DateTimeField()
    body_sealed = models.BinaryField(null=True)
    media_type = models.CharField(max_length=20, blank=True)  # of a photo or voice note; its bytes are kept of what was flagged itself
    media_sealed = models.BinaryField(null=True)
    digest = models.BinaryField(max_length=32)
    taken_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Evidence"]] = models.Manager()

    class Meta:
        ordering = ("seq",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "seq", "taken_at"], name="a_line_is_taken_once_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"evidence {self.seq} of {self.case_id}"

    def take_body(self, body: str) -> None:
        self.body_sealed = seal_words(self.case, body, table="moderation_evidence", column="body", row_id=self.id)

    @property
    def body(self) -> str:
        return open_words(self.case, self.body_sealed, table="moderation_evidence", column="body", row_id=self.id)

    def take_media(self, data: bytes) -> None:
        self.media_sealed = seal_bytes(self.case, data, table="moderation_evidence", column="media", row_id=self.id)

    @property
    def media(self) -> bytes:
        return open_bytes(self.case, self.media_sealed, table="moderation_evidence", column="media", row_id=self.id)


class Widening(models.Model):
    """Somebody wants to read more of a conversation than five lines around; beyond twenty a second person agrees first."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="widenings")
    lines = models.PositiveSmallIntegerField()  # on each side of the subject
    reason_sealed = models.BinaryField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Widening"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(agreed_by=None) | ~Q(agreed_by=F("asked_by")), name="two_people_widen"),
            models.CheckConstraint(
                condition=Q(granted_at=None) | Q(lines__lte=ALONE) | Q(agreed_by__isnull=False), name="beyond_twenty_lines_two_people_widen"
            ),
            models.CheckConstraint(condition=Q(granted_at=None) | Q(refused_at=None), name="a_widening_is_granted_or_refused"),
        ]

    def __str__(self) -> str:
        return f"widening of {self.case_id}"

    def take_reason(self, reason: str) -> None:
        self.reason_sealed = seal_words(self.case, reason, table="moderation_widening", column="reason", row_id=self.id) or b""

    @property
    def reason(self) -> str:
        return open_words(self.case, self.reason_sealed, table="moderation_widening", column="reason", row_id=self.id)


class CaseNote(models.Model):
    """What one colleague tells the others about a case; never shown to members."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words_sealed = models.BinaryField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["CaseNote"]] = models.Manager()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"note on {self.case_id}"

    def take_words(self, words: str) -> None:
        self.words_sealed = seal_words(self.case, words, table="moderation_casenote", column="words", row_id=self.id) or b""

    @property
    def words(self) -> str:
        return open_words(self.case, self.words_sealed, table="moderation_casenote", column="words", row_id=self.id)


class Reading(models.Model):
    """Somebody of the staff was shown words of a member: for that member, when they ask who read what about them.

    `audit_n` is the row of the audit log that was written before anything was shown.
    """

    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")  # whose words
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lines = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    audit_n = models.BigIntegerField()

    objects: ClassVar[models.Manager["Reading"]] = models.Manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "at"], name="readings_of_a_person")]

    def __str__(self) -> str:
        return f"reading {self.pk}"
