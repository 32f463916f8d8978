"""Escalations, for who may answer them: whose circle, how urgent, by when. Their words are read one at a time."""

from django.db.models import Q

from accounts.models import Person
from moderation.models import Escalation
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
