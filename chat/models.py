"""Conversations, who is in them, and their logs."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import new_id
from media.models import Item
from privacy.models import DataKey
from programmes.models import Circle


class EntryKind(models.TextChoices):
    MESSAGE = "message"
    EDIT = "edit"
    RETRACT = "retract"
    HIDE = "hide"
    RESTORE = "restore"
    JOIN = "join"
    LEAVE = "leave"
    CLOSE = "close"
    MEETING = "meeting"


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def locked(self) -> Self:
        """Lock the rows in id order until the transaction ends; on SQLite the transaction itself is the lock."""
        return self.order_by("id").select_for_update(of=("self",), no_key=True)

    def shared_by(self, *person_ids: UUID) -> Self:
        """The conversations in which all of these people are, or were."""
        shared = self
        for person_id in person_ids:
            stays = ConversationMember.objects.of(person_id)
            shared = shared.filter(id__in=stays.values("conversation_id"))
        return shared

    def due_to_close(self, *, now: datetime) -> Self:
        return self.filter(closes_at__lte=now, closed_at__isnull=True)


class Conversation(models.Model):
    """Where the members of one circle talk. `last_seq` is taken under this row's lock, so seq order is commit order.

    `card_version` rises whenever something of the card changes, so that a sweep sees what a lost hint would have told.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.OneToOneField(Circle, on_delete=models.PROTECT, related_name="conversation")
    data_key = models.OneToOneField(DataKey, on_delete=models.SET_NULL, null=True, related_name="+")
    last_seq = models.PositiveBigIntegerField(default=0)
    is_pair = models.BooleanField(default=False)
    card_version = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closes_at__isnull=False), name="closed_conversation_had_a_closing_time"
            ),
        ]

    def __str__(self) -> str:
        return f"conversation {self.id}"


class MemberQuerySet(models.QuerySet["ConversationMember"]):
    def present(self) -> Self:
        return self.filter(left_seq__isnull=True)

    def of(self, person_id: UUID) -> Self:
        return self.filter(person_id=person_id)


class ConversationMember(models.Model):
    """One stay of a person in a conversation: the window of the log they may see, and how far they got.

    A person who comes back gets a new row and a new number; `left_seq` is the seq of the entry that says they left.
    `slot` is the small number by which this person's devices call the conversation; it stays theirs for good.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    slot = models.PositiveIntegerField()
    role = models.CharField(max_length=20)
    joined_seq = models.PositiveBigIntegerField(default=1)
    left_seq = models.PositiveBigIntegerField(null=True)
    delivered_seq = models.PositiveBigIntegerField(default=0)
    read_seq = models.PositiveBigIntegerField(default=0)
    muted_until = models.DateTimeField(null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["conversation", "number"], name="one_member_per_number"),
            models.UniqueConstraint(fields=["person", "slot"], condition=Q(left_seq__isnull=True), name="one_conversation_per_slot"),
            models.UniqueConstraint(
                fields=["conversation", "person"], condition=Q(left_seq__isnull=True), name="one_present_stay_per_person"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="member_numbers_start_at_one"),
            models.CheckConstraint(condition=Q(read_seq__lte=F("delivered_seq")), name="what_is_read_was_delivered"),
        ]

    def __str__(self) -> str:
        return f"member {self.number} of {self.conversation_id}"

    @property
    def is_suspended(self) -> bool:
        return self.person.suspended_at is not None


class Concealment(models.Model):
    """From this line of a group's log on, one member does not want to read another: a block, in seqs instead of in times."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="concealments")
    blocker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    from_seq = models.PositiveBigIntegerField()

    objects: ClassVar[models.Manager["Concealment"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["conversation", "blocker", "blocked"], name="one_concealment_per_block"),
        ]

    def __str__(self) -> str:
        return f"concealment in {self.conversation_id}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def after(self, seq: int) -> Self:
        return self.filter(seq__gt=seq).order_by("seq")

    def before(self, seq: int) -> Self:
        return self.filter(seq__lt=seq).order_by("-seq")

    def within(self, member: ConversationMember) -> Self:
        """The part of the log that this stay may see."""
        window = self.filter(conversation_id=member.conversation_id, seq__gte=member.joined_seq)
        return window if member.left_seq is None else window.filter(seq__lte=member.left_seq)


class Entry(models.Model):
    """One line of a conversation's log.

    `edited_seq` and `retracted_seq` stand on the message they change and name the newest such entry. `draft_digest`
    tells a retry from a reused draft_id; it is keyed by the conversation's data key and goes when the body goes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="entries", db_index=False)
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    author_number = models.PositiveSmallIntegerField(default=0)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    draft_id = models.UUIDField(null=True)
    draft_digest = models.BinaryField(max_length=16, null=True)
    at = models.DateTimeField()
    body_sealed = models.BinaryField(null=True)
    target_seq = models.PositiveBigIntegerField(null=True)
    subject_number = models.PositiveSmallIntegerField(null=True)
    edited_seq = models.PositiveBigIntegerField(null=True)
    retracted_seq = models.PositiveBigIntegerField(null=True)
    hidden_seq = models.PositiveBigIntegerField(null=True)  # the newest `hide` that no `restore` took back; the body stays sealed here
    media = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_entry_per_seq"),
            models.UniqueConstraint(fields=["sender", "draft_id"], condition=Q(draft_id__isnull=False), name="one_entry_per_draft"),
            models.UniqueConstraint(fields=["media"], condition=Q(media__isnull=False), name="one_entry_per_item"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="seqs_start_at_one"),
            models.CheckConstraint(condition=Q(retracted_seq__isnull=True) | Q(body_sealed__isnull=True), name="a_retracted_body_is_gone"),
            models.CheckConstraint(condition=Q(retracted_seq__isnull=True) | Q(media__isnull=True), name="a_retracted_item_is_gone"),
            models.CheckConstraint(
                condition=~Q(kind__in=["edit", "retract", "hide", "restore"]) | Q(target_seq__lt=F("seq")),
                name="changes_point_back_at_what_they_change",
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.seq} of {self.conversation_id}"
