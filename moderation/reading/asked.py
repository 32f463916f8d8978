"""What is asked of who answers for circles: questions of members, and what was decided. No words: those are read one at a time."""

from django.db.models import Q, QuerySet

from accounts.models import Person
from moderation import policy
from moderation.models import CircleTask, Escalation, Statement
from moderation.models.escalations import EscalationQuerySet
from moderation.permissions import Permission, may
from programmes.models import OrganisationMember


def escalations_of(person: Person) -> EscalationQuerySet:
    """Those of the circles that this person answers for and those that climbed to them; a lead's, all of the organisation."""
    if not may(person, Permission.ANSWER_ESCALATION):
        return Escalation.objects.none()
    theirs = Q(circle__coordinator_id=person.id) | Q(circle__deputy_id=person.id) | Q(assigned_to_id=person.id)
    if may(person, Permission.AGREE):
        organisations = OrganisationMember.objects.of(person.id).values("organisation_id")
        theirs |= Q(circle__programme__organisation_id__in=organisations)
    found = Escalation.objects.filter(theirs).select_related(
        "circle__programme", "by__data_key", "assigned_to", "acknowledged_by", "data_key"
    )
    return found.order_by("due_at", "id")


def tasks_of(person: Person) -> "QuerySet[CircleTask]":
    """What was decided in their circles and nobody saw yet."""
    return CircleTask.objects.of(person).open().select_related("circle__programme", "decision__case__subject__data_key")


def letters_to_shut_out(person: Person) -> "QuerySet[Statement]":
    """To somebody of the circles that this person answers for who was shut out: what was done to them, and what became of their appeal."""
    found = policy.letters_spoken(person).filter(decision__isnull=False, case__data_key__isnull=False)
    return found.select_related("person__data_key", "decision__appeal").order_by("person_id", "at", "id")
