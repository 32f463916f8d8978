"""What notifications do when facts of the apps below arrive."""

from accounts.facts import PersonChanged
from core import clock
from core.facts import heard_by
from notifications.actions import addresses


@heard_by(PersonChanged)
def follow_phone(fact: PersonChanged) -> None:
    if "phone" in fact.fields:
        addresses.follow_phone(person_id=fact.person_id, now=clock.now())
