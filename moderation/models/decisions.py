"""What was decided in a case, and the letters that say so."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import new_id
from moderation.models.cases import Case
from moderation.models.sealing import open_words, seal_words
from moderation.words import DecisionKind, StatementKind


class DecisionQuerySet(models.QuerySet["Decision"]):
    def in_force(self) -> Self:
        """Those that hold now."""
        return self.filter(in_force_at__isnull=False, ended_at=None, overturned_at=None)

    def proposed(self) -> Self:
        """Those that wait for a second person."""
        return self.filter(in_force_at=None, refused_at=None)

    def over(self, *, now: datetime) -> Self:
        """Those whose time has come, and that still hold."""
        return self.in_force().filter(until__lte=now)


class Decision(models.Model):
    """One decision. A ban is `proposed` until a second person agrees; `overturned_at` says that an appeal undid it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=12, choices=DecisionKind)
    clause = models.CharField(max_length=40)  # a code of moderation/clauses.toml: the rule of the house it rests on
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    in_force_at = models.DateTimeField(null=True)  # absent while a second person is still to agree
    refused_at = models.DateTimeField(null=True)
    at_once = models.BooleanField(default=False)  # somebody was suspended beside any case, before anybody looked (docs/adr/0020-cases.md)
    until = models.DateTimeField(null=True)  # of a pause or a suspension; absent: until somebody ends it
    ended_at = models.DateTimeField(null=True)  # when that end came and was carried out
    words_sealed = models.BinaryField(null=True)  # the facts, as the subject will read them
    appeal_until = models.DateTimeField(null=True)
    overturned_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(agreed_by=None) | ~Q(agreed_by=F("by")), name="two_people_agree"),
            models.CheckConstraint(
                condition=~Q(kind="ban") | Q(in_force_at=None) | Q(agreed_by__isnull=False), name="a_ban_takes_two_people"
            ),
            models.CheckConstraint(condition=~Q(clause=""), name="a_decision_names_a_rule_of_the_house"),
            models.CheckConstraint(condition=Q(in_force_at=None) | Q(refused_at=None), name="a_decision_is_in_force_or_refused"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(kind__in=["pause_circle", "suspend"]), name="only_a_pause_or_a_suspension_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"decision {str(self.id)[-6:]}"

    def take_words(self, words: str) -> None:
        self.words_sealed = seal_words(self.case, words, table="moderation_decision", column="words", row_id=self.id)

    @property
    def words(self) -> str:
        return open_words(self.case, self.words_sealed, table="moderation_decision", column="words", row_id=self.id)


class Statement(models.Model):
    """A letter to one person, kept as codes and told in their language when they read it; only `words` are somebody's own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=11, choices=StatementKind)
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="statements")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.CASCADE, related_name="statements")
    escalation = models.ForeignKey("moderation.Escalation", null=True, on_delete=models.CASCADE, related_name="statements")
    facts = models.JSONField(default=dict)  # codes, instants and numbers that the sentences are made of; never words of anybody
    words_sealed = models.BinaryField(null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Statement"]] = models.Manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, escalation=None) | Q(case=None, escalation__isnull=False),
                name="a_letter_is_about_a_case_or_an_escalation",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person"], condition=Q(read_at=None), name="statements_to_read"),
            models.Index(fields=["person", "at"], name="statements_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"statement {str(self.id)[-6:]}"

    def take_words(self, words: str) -> None:
        holder = self.case or self.escalation
        assert holder is not None  # a letter belongs to one of the two
        self.words_sealed = seal_words(holder, words, table="moderation_statement", column="words", row_id=self.id)

    @property
    def words(self) -> str:
        holder = self.case or self.escalation
        return "" if holder is None else open_words(holder, self.words_sealed, table="moderation_statement", column="words", row_id=self.id)
