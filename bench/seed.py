"""Put pairs that may talk into a database, each person with a device: `python -m bench.seed --pairs 50 --to FILE`."""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

import django

django.setup()

from django.db import transaction

from accounts.models import Role
from bench.pairs import Pair, Seat
from chat.models import Conversation
from core import clock
from tests.factories import make_circle, make_device, make_person, make_programme

PAIRS_A_TRANSACTION = 100


def seed(pairs: int) -> list[Pair]:
    """Introduce that many pairs; one professional and one deputy for all of them."""
    programme = make_programme()
    coordinator, deputy = make_person(role=Role.COORDINATOR, name="Nele"), make_person(role=Role.COORDINATOR, name="Bram")
    made: list[Pair] = []
    while len(made) < pairs:
        with transaction.atomic():
            for _ in range(min(PAIRS_A_TRANSACTION, pairs - len(made))):
                people = [make_person(role=Role.PARTICIPANT), make_person(role=Role.BUDDY)]
                circle = make_circle(people=people, coordinator=coordinator, deputy=deputy, programme=programme, now=clock.now())
                seats = [Seat(person=str(person.id), token=make_device(person=person)[1]) for person in people]
                made.append(Pair(str(Conversation.objects.get(circle=circle).id), seats))
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, required=True)
    parser.add_argument("--to", type=Path, required=True)
    wanted = parser.parse_args()
    wanted.to.write_text(json.dumps([pair.to_json() for pair in seed(wanted.pairs)]))
