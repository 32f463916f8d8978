"""An organisation and the programmes it runs."""

from collections.abc import Collection
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from accounts.models import Language, Person
from accounts.names import LONGEST_NAME
from core.ids import new_id

LARGEST_CIRCLE = 50


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField("naam", max_length=LONGEST_NAME, unique=True)
    language = models.CharField("taal", max_length=2, choices=Language, default=Language.NL)
    zone = models.CharField("tijdzone", max_length=64, default="Europe/Brussels")

    objects: ClassVar[models.Manager["Organisation"]] = models.Manager()

    class Meta:
        verbose_name = "organisatie"

    def __str__(self) -> str:
        return self.name


class OrganisationMemberQuerySet(models.QuerySet["OrganisationMember"]):
    def of(self, person_id: UUID) -> "OrganisationMemberQuerySet":
        return self.filter(person_id=person_id)

    def all_belong(self, organisation_id: UUID, people: Collection[UUID]) -> bool:
        """Whether all of these (each named once) belong to an organisation."""
        return self.filter(organisation_id=organisation_id, person_id__in=people).count() == len(people)

    def share_one(self, first_id: UUID, second_id: UUID) -> bool:
        """Whether two people belong to the same organisation."""
        return self.of(first_id).filter(organisation__members__person_id=second_id).exists()


class OrganisationMember(models.Model):
    """Somebody belongs to an organisation, as its staff or as one it supports."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="organisation_memberships")
    since = models.DateTimeField()

    objects = OrganisationMemberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="person_belongs_to_an_organisation_once", fields=["organisation", "person"]),
        ]

    def __str__(self) -> str:
        return f"organisation member {self.pk}"


class WorkingModel(models.TextChoices):
    """How a programme works. Never ranked."""

    PERSONAL_FRIEND = "personal_friend", "persoonlijke vriend"
    PEER_GROUP = "peer_group", "lotgenotengroep"
    NETWORK_CIRCLE = "network_circle", "netwerkkring"
    FAMILY_SUPPORT = "family_support", "gezinsondersteuning"
    OTHER = "other", "anders"


class Programme(models.Model):
    """One way of working of one organisation, with the rules for its circles."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes", verbose_name="organisatie")
    name = models.CharField("naam", max_length=LONGEST_NAME)
    working_model = models.CharField("werkwijze", max_length=16, choices=WorkingModel)
    grace_days = models.PositiveSmallIntegerField("dagen om afscheid te nemen", default=7)  # a circle that ended may still write
    max_members = models.PositiveSmallIntegerField("leden per kring, hoogstens", default=LARGEST_CIRCLE)

    objects: ClassVar[models.Manager["Programme"]] = models.Manager()

    class Meta:
        verbose_name = "programma"
        verbose_name_plural = "programma's"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="programme_name_once_per_organisation", fields=["organisation", "name"]),
            models.CheckConstraint(
                name="circles_have_2_to_50_members",
                condition=Q(max_members__gte=2, max_members__lte=LARGEST_CIRCLE),
            ),
            models.CheckConstraint(name="grace_is_at_most_90_days", condition=Q(grace_days__lte=90)),
        ]

    def __str__(self) -> str:
        return self.name
