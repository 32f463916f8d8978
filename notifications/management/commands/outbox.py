"""`manage.py outbox`: how the notices are, in plain words."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from notifications.reading.outbox import Outbox, outbox


class Command(BaseCommand):
    help = "How many notices wait and for how long, what became of those of the last day, and what to do where something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *, json: bool, **options: Any) -> None:
        found = outbox(now=clock.now())
        self.stdout.write(_object(found) if json else "\n".join(_lines(found)))


def _object(found: Outbox) -> str:
    return json.dumps(asdict(found))


def _lines(found: Outbox) -> Iterator[str]:
    waiting = sum(found.waiting.values())
    if not found.due and not waiting:
        yield "Nothing waits."
    else:
        kinds = ", ".join(f"{letters} by {kind}" for kind, letters in found.waiting.items())
        yield f"{found.due + waiting} wait{f' ({kinds})' if kinds else ''}; the oldest of what is due since {_long(found.lag)}."
    if found.held:
        yield f"{found.held} for later: somebody is reading, it is night, or a meeting is yet to come."
    for kind, fates in found.results.items():
        yield f"Last 24 hours by {kind}: {', '.join(f'{letters} {fate}' for fate, letters in fates.items())}."
    if found.dead:
        reasons = ", ".join(f"{addresses} {reason or 'taken away'}" for reason, addresses in found.dead.items())
        yield f"Addresses out of use: {reasons}."
    if found.silent_phones:
        phones = "1 phone" if found.silent_phones == 1 else f"{found.silent_phones} phones"
        yield f"No push reached {phones} for 14 days; coordinators see which."
    yield from (f"! {problem}" for problem in found.problems) if found.problems else ["All is well."]


def _long(seconds: float) -> str:
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
