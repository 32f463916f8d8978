"""Put a pair for each language into a database: `python -m bench.bytes.seats --languages nl,fr --to FILE`."""

import argparse
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

import django

django.setup()

import msgspec

from accounts.models import Language, Role
from bench.bytes.talks import Seats
from tests.factories import make_circle, make_device, make_person


def seat(language: str) -> Seats:
    """Introduce a participant and a buddy of that language: a phone each, and three more devices of the participant."""
    of = Language(language)
    fatima = make_person(role=Role.PARTICIPANT, name="Fatima", language=of)
    annemie = make_person(role=Role.BUDDY, name="Annemie", language=of)
    make_circle(people=[fatima, annemie])
    return Seats(
        language=language,
        sender=make_device(person=annemie)[1],
        reader=make_device(person=fatima)[1],
        json_reader=make_device(person=fatima, label="json")[1],
        browser=make_device(person=fatima, label="browser", in_browser=True)[1],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--languages", required=True)
    parser.add_argument("--to", type=Path, required=True)
    wanted = parser.parse_args()
    wanted.to.write_bytes(msgspec.json.encode([seat(language) for language in wanted.languages.split(",")]))
