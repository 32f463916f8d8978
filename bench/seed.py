"""Put pairs that may talk into a database, each person with a device: `python -m bench.seed --pairs 50 --to FILE [--low-data]`."""

import argparse
import json
import os
from datetime import datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

import django

django.setup()

from django.db import transaction

from accounts.models import Person, Role
from bench.pairs import Pair, Seat
from chat.models import Conversation, ConversationMember
from core import clock
from privacy.models import DataKey
from programmes.models import Circle, CircleKind, CircleMember, MemberRole, State
from tests.factories import make_circle, make_device, make_person, make_programme

MOST_ONE_BY_ONE = 200
PAIRS_AT_ONCE = 500
_ROLES = (Role.PARTICIPANT, Role.BUDDY)


def seed(pairs: int) -> list[Pair]:
    """Introduce that many pairs, with one professional and one deputy for all; few through the actions, many in bulk."""
    now = clock.now()
    programme = make_programme()
    coordinator, deputy = (make_person(role=Role.COORDINATOR, name=name) for name in ("Nele", "Bram"))
    whole = Circle(
        programme=programme, kind=CircleKind.PAIR, coordinator=coordinator, deputy=deputy, state=State.ACTIVE, proposed_at=now,
        agreed_at=now, introduced_at=now, trial_at=now, active_at=now,
    )  # fmt: skip
    if pairs <= MOST_ONE_BY_ONE:
        with transaction.atomic():
            return [_introduce(whole, now) for _ in range(pairs)]
    made: list[Pair] = []
    while len(made) < pairs:
        with transaction.atomic():
            made += _in_bulk(whole, min(PAIRS_AT_ONCE, pairs - len(made)), now)
    return made


def _introduce(like: Circle, now: datetime) -> Pair:
    people = [make_person(role=role) for role in _ROLES]
    circle = make_circle(people=people, coordinator=like.coordinator, deputy=like.deputy, programme=like.programme, now=now)
    return _pair(Conversation.objects.get(circle=circle), people)


def _pair(conversation: Conversation, people: list[Person]) -> Pair:
    return Pair(str(conversation.id), [Seat(str(person.id), make_device(person=person)[1]) for person in people])


def _in_bulk(like: Circle, pairs: int, now: datetime) -> list[Pair]:
    """The rows that the actions would have made, without their audit and one statement for each kind."""
    couples = [[_person(role, now) for role in _ROLES] for _ in range(pairs)]
    circles = [_copy(like) for _ in couples]
    conversations = [Conversation(circle=circle, data_key=_key(now), is_pair=True, made_at=now) for circle in circles]
    everybody = [person for couple in couples for person in couple]
    DataKey.objects.bulk_create(person.data_key for person in everybody if person.data_key is not None)
    DataKey.objects.bulk_create(row.data_key for row in conversations if row.data_key is not None)
    Person.objects.bulk_create(everybody)
    Circle.objects.bulk_create(circles)
    Conversation.objects.bulk_create(conversations)
    seats = [
        (circle, conversation, number, person)
        for circle, conversation, couple in zip(circles, conversations, couples, strict=True)
        for number, person in enumerate(couple, start=1)
    ]
    CircleMember.objects.bulk_create(
        CircleMember(circle=circle, person=person, role=MemberRole(person.role), invited_at=now, agreed_at=now, joined_at=now)
        for circle, _, _, person in seats
    )
    ConversationMember.objects.bulk_create(
        ConversationMember(conversation=conversation, person=person, number=number, role=person.role, slot=1)
        for _, conversation, number, person in seats
    )
    return [_pair(conversation, couple) for conversation, couple in zip(conversations, couples, strict=True)]


def _person(role: Role, now: datetime) -> Person:
    person = Person(role=role, shows_read_marks=role is Role.BUDDY, made_at=now, data_key=_key(now))
    person.set_unusable_password()
    person.take_name("Somebody")
    return person


def _key(now: datetime) -> DataKey:
    key = DataKey(made_at=now)
    key.wrap(os.urandom(32))
    return key


def _copy(like: Circle) -> Circle:
    fields = {field.attname: getattr(like, field.attname) for field in Circle._meta.concrete_fields if not field.primary_key}
    return Circle(**fields)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--low-data", action="store_true", help="all of them chose low-data mode")
    wanted = parser.parse_args()
    wanted.to.write_text(json.dumps([pair.to_json() for pair in seed(wanted.pairs)]))
    if wanted.low_data:
        Person.objects.update(low_data=True)
