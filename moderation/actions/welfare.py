"""Looking after those who look: who saw a lot today is asked how they are, and can ask for a talk."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Person
from audit import actions as audit
from core.errors import NotFound
from moderation import policy
from moderation.models import Exposure
from moderation.permissions import Permission
from programmes.models import OrganisationMember

ASK_AFTER = 5  # distressing cases on one day


def is_to_be_asked(person: Person, *, now: datetime) -> bool:
    """Whether they saw enough today to be asked, and did not answer yet."""
    today = now.astimezone(ZoneInfo(person.zone)).date()
    return Exposure.objects.filter(person=person, date=today, opened__gte=ASK_AFTER, answered_at=None).exists()


def answer(*, wants_a_talk: bool, by: Person, now: datetime) -> None:
    """Keep what they said today; that they asked for a talk stays until a lead has seen to it."""
    today = now.astimezone(ZoneInfo(by.zone)).date()
    with transaction.atomic():
        exposure, _ = Exposure.objects.select_for_update().get_or_create(person=by, date=today)
        exposure.answered_at, exposure.wants_a_talk = now, wants_a_talk
        exposure.save(update_fields=["answered_at", "wants_a_talk"])
        if wants_a_talk:
            audit.write(action="staff.asked_for_a_talk", by=by.id, subject=f"person:{by.id}", detail={}, now=now)


def seen_to(person_id: UUID, *, by: Person, now: datetime) -> None:
    """A lead talked with them. :raises Forbidden: :raises NotFound: nobody of their organisations asked for it."""
    policy.ensure_may(by, Permission.CHANGE_ROSTER)
    if not OrganisationMember.objects.share_one(by.id, person_id):
        raise NotFound
    with transaction.atomic():
        if not Exposure.objects.filter(person_id=person_id, wants_a_talk=True).update(wants_a_talk=False):
            raise NotFound
        audit.write(action="staff.talked_with", by=by.id, subject=f"person:{person_id}", detail={}, now=now)
