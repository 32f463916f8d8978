"""Who flagged what is forgotten with the words of the case; that something was flagged, and why, still counts."""

from django.db import transaction
from django.db.models import F

from accounts.models import Person
from moderation.models import Flag, Statement
from moderation.words import StatementKind

AT_A_TIME = 500


def forget_reporters() -> int:
    """Take the reporter off the flags of cases whose words are gone, and the letters that told them what came of it. How many flags."""
    done = 0
    while ids := list(Flag.objects.filter(case__data_key=None, by__isnull=False).values_list("id", flat=True)[:AT_A_TIME]):
        with transaction.atomic():
            done += Flag.objects.filter(id__in=ids).update(by=None)
    told = Statement.objects.filter(kind=StatementKind.OUTCOME, case__isnull=False, case__data_key=None)
    for person_id in list(told.order_by("person_id").values_list("person_id", flat=True).distinct()):
        with transaction.atomic():
            Person.objects.locked(person_id)
            unread = told.filter(person_id=person_id, read_at=None).count()
            told.filter(person_id=person_id).delete()
            Person.objects.filter(id=person_id, unread_statements__gte=unread).update(unread_statements=F("unread_statements") - unread)
    return done
