"""What an organisation chose: its deadlines, its word lists, its templates, and who keeps out of what."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Language
from core.ids import new_id
from moderation.words import DecisionKind, SignalClass
from programmes.models import Circle, Organisation, Programme


class Rules(models.Model):
    """The choices of one organisation, in minutes and hours. Without a row: these defaults."""

    organisation = models.OneToOneField(Organisation, primary_key=True, on_delete=models.CASCADE, related_name="moderation_rules")
    danger_minutes = models.PositiveIntegerField(default=15)  # somebody is at work
    danger_on_call_minutes = models.PositiveIntegerField(default=60)  # somebody is on call
    safeguarding_minutes = models.PositiveIntegerField(default=240)
    harassment_minutes = models.PositiveIntegerField(default=1_440)
    other_minutes = models.PositiveIntegerField(default=4_320)
    appeal_days = models.PositiveSmallIntegerField(default=7)
    lease_minutes = models.PositiveSmallIntegerField(default=30)
    first_weeks = models.PositiveSmallIntegerField(default=6)  # in which contact details are looked at
    most_distressing = models.PositiveSmallIntegerField(default=20)  # cases a day and person, before somebody is asked to stop
    uses_classifier = models.BooleanField(default=False)  # the one that the operator named, if there is one

    objects: ClassVar[models.Manager["Rules"]] = models.Manager()

    def __str__(self) -> str:
        return f"rules of {self.organisation_id}"


class PreModeration(models.Model):
    """A programme whose groups asked that messages be seen before they are delivered."""

    programme = models.OneToOneField(Programme, primary_key=True, on_delete=models.CASCADE, related_name="pre_moderation")
    holds = models.CharField(max_length=7, default="signals")  # signals: only what the screening saw; all: every message
    hours = models.PositiveSmallIntegerField(default=24)  # after which it goes by itself

    objects: ClassVar[models.Manager["PreModeration"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(holds__in=["signals", "all"]), name="it_holds_some_or_all"),
            models.CheckConstraint(condition=Q(hours__range=(1, 72)), name="nothing_is_held_for_more_than_three_days"),
        ]

    def __str__(self) -> str:
        return f"pre-moderation of {self.programme_id}"


class WordList(models.Model):
    """One version of an organisation's own list in one language; `text` is TOML as in moderation/screening/lists. One is in use."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="word_lists")
    language = models.CharField(max_length=2, choices=Language)
    version = models.PositiveIntegerField()
    text = models.TextField()
    in_use = models.BooleanField(default=False)
    review_by = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["WordList"]] = models.Manager()

    class Meta:
        ordering = ("language", "-version")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "language", "version"], name="one_list_per_version"),
            models.UniqueConstraint(fields=["organisation", "language"], condition=Q(in_use=True), name="one_list_in_use_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.version}"


class Template(models.Model):
    """Words that an organisation's staff begin with when they decide; they change them before they send them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="moderation_templates")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=DecisionKind)
    about = models.CharField(max_length=7, choices=SignalClass, blank=True)
    language = models.CharField(max_length=2, choices=Language)
    text = models.TextField(max_length=2_000)

    objects: ClassVar[models.Manager["Template"]] = models.Manager()

    class Meta:
        ordering = ("name", "language")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name", "language"], name="one_template_per_name_and_language"),
        ]

    def __str__(self) -> str:
        return self.name


class Recusal(models.Model):
    """Somebody of the staff knows these people outside, or answered for them before: they get no case of this circle."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recusals")
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="recusals")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Recusal"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "circle"], name="one_recusal_per_circle"),
        ]

    def __str__(self) -> str:
        return f"recusal {self.pk}"
