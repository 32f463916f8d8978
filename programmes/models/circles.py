"""A circle: the people one programme brings together."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Prefetch, Q

from accounts.models import Person
from core.ids import new_id
from programmes.models.organisations import Programme
from programmes.states import CircleKind, EndReason, State


class CircleQuerySet(models.QuerySet["Circle"]):
    def locked(self, circle_id: UUID) -> "Circle":
        """One circle with its programme, which nobody else changes until this transaction ends."""
        return self.select_for_update(of=("self",), no_key=True).select_related("programme").get(id=circle_id)

    def coordinated_by(self, person: Person) -> "CircleQuerySet":
        return self.filter(Q(coordinator=person) | Q(deputy=person))

    def visible_to(self, person: Person) -> "CircleQuerySet":
        """The circles somebody belongs to or answers for."""
        belongs = Q(members__person=person, members__left_at=None)
        return self.filter(belongs | Q(coordinator=person) | Q(deputy=person)).distinct()

    def where_met(self, first_id: UUID, second_id: UUID) -> "CircleQuerySet":
        """The circles in which two people are or were together, or one answers for the other."""
        return self._touching(first_id).filter(id__in=CircleQuerySet(self.model)._touching(second_id).values("id"))

    def _touching(self, person_id: UUID) -> "CircleQuerySet":
        return self.filter(Q(members__person_id=person_id) | Q(coordinator_id=person_id) | Q(deputy_id=person_id)).distinct()

    def with_people(self) -> "CircleQuerySet":
        """With everybody in it and the keys of their names, in a fixed number of queries."""
        from programmes.models.members import CircleMember  # members.py imports this module

        present = CircleMember.objects.present().select_related("person__data_key")
        people = self.select_related("programme", "coordinator__data_key", "deputy__data_key")
        return people.prefetch_related(Prefetch("members", present, to_attr="present_members"))


class Circle(models.Model):
    """A buddy pair is a circle of two. It always has somebody professional who answers for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="circles", verbose_name="programma")
    kind = models.CharField("vorm", max_length=16, choices=CircleKind)
    state = models.CharField("toestand", max_length=16, choices=State, default=State.PROPOSED)
    coordinator = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="coordinated_circles", verbose_name="coördinator"
    )
    deputy = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="deputised_circles", verbose_name="vervanger"
    )

    proposed_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    introduced_at = models.DateTimeField(null=True)
    trial_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    paused_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")  # while it is paused
    end_reason = models.CharField(max_length=32, choices=EndReason, blank=True, default="")

    objects = CircleQuerySet.as_manager()

    class Meta:
        verbose_name = "kring"
        verbose_name_plural = "kringen"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="active_circle_has_coordinator_and_deputy",
                condition=~Q(state="active") | Q(coordinator__isnull=False, deputy__isnull=False),
            ),
            models.CheckConstraint(
                name="deputy_is_not_the_coordinator",
                condition=Q(coordinator=None) | Q(deputy=None) | ~Q(coordinator=F("deputy")),
            ),
            models.CheckConstraint(
                name="ended_circle_has_reason",
                condition=(Q(state="ended", ended_at__isnull=False) & ~Q(end_reason=""))
                | (~Q(state="ended") & Q(ended_at=None, end_reason="")),
            ),
            models.CheckConstraint(
                name="running_circle_was_introduced",
                condition=~Q(state__in=["introduced", "trial", "active", "paused"]) | Q(introduced_at__isnull=False),
            ),
            models.CheckConstraint(name="only_a_paused_circle_was_paused_by_somebody", condition=Q(state="paused") | Q(paused_by=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {str(self.id)[-6:]}"

    def enter(self, state: State, *, by: Person | None, now: datetime) -> list[str]:
        """Take up a state and remember when; the caller checked that it may, and saves the fields that this names."""
        self.state = state
        self.paused_by = by if state is State.PAUSED else None
        setattr(self, f"{state.value}_at", now)
        return ["state", "paused_by", f"{state.value}_at"]

    def closes_at(self) -> datetime | None:
        """When its conversation stops taking messages: after the programme's grace, at once when it ended for safety."""
        if self.ended_at is None:
            return None
        if self.end_reason == EndReason.SAFETY:
            return self.ended_at
        return self.ended_at + timedelta(days=self.programme.grace_days)
