"""How much there is and how it goes: charts, each with its numbers in a table beside it."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from console import charts
from console.gate import colleague, needs
from console.reading import staff
from core import clock
from moderation.permissions import Permission
from moderation.reading import workload as reading


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and its twin: rows of (what, how many, how many of these too late)."""

    id: str
    title: str
    about: str
    rows: list[tuple[str, int, int]]

    @property
    def chart(self) -> charts.Chart:
        return charts.bars(self.rows)


def _until(ends: datetime) -> str:
    """The last day of a week, on the clock of its reader."""
    return f"tot {timezone.localtime(ends):%-d/%-m}"


@require_safe
@needs(Permission.SEE_WORKLOAD)
def workload(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    organisation = staff.organisation_of(colleague(request))
    waiting = reading.waiting(now=now, organisation_ids=[organisation.id])
    weeks = reading.weeks(organisation.id, now=now)
    names = {person.id: person.get_username() for person in staff.colleagues_of(organisation)}
    shares = reading.shares([organisation.id], now=now)
    figures = [
        Figure("open", "Open dossiers", "Per dringendheid, nu.", [(one.priority.label, one.open, one.breached) for one in waiting]),
        Figure("weeks", "Beslist per week", "De laatste acht weken.", [(_until(one.ends), one.decided, one.late) for one in weeks]),
        Figure(
            "people",
            "Beslist per collega",
            f"De laatste {reading.WEEKS} weken. Geen wedstrijd: wie de zwaarste dossiers heeft, beslist er minder.",
            sorted((names.get(one.person_id, "iemand die weg is"), one.decided, one.decided - one.in_time) for one in shares),
        ),
    ]
    unanswered, late = reading.unanswered(now=now, organisation_ids=[organisation.id])
    oldest = min((one.oldest_at for one in waiting if one.oldest_at), default=None)
    context = {"figures": figures, "unanswered": unanswered, "late": late, "oldest": oldest, "organisation": organisation}
    return render(request, "console/workload.html", context)
