"""The queue: open cases by deadline. A fragment of the same address is what the live page asks for."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.forms import Filter
from console.gate import colleague, needs
from console.reading import watched
from core import clock
from moderation.permissions import Permission
from moderation.reading import queue as reading

SHOWN = 50  # at first: what is due later comes with one more press, and a weak laptop draws no two hundred rows at every change


@require_safe
@needs(Permission.SEE_QUEUE)
def queue(request: HttpRequest) -> HttpResponse:
    """All open cases, or those that the filter leaves; what it does not know it leaves out."""
    person = colleague(request)
    form = Filter(request.GET)
    chosen = form.chosen()
    stamp = watched.stamp_for(person)  # before the rows: what changes between the two is looked at again
    rows = reading.rows(person, **chosen, now=clock.now())
    shown = rows if "all" in request.GET else rows[:SHOWN]
    context = {
        "rows": shown,
        "more": len(rows) - len(shown),
        "all": len(rows),
        "staff": watched.staff_in(shown),
        "form": form,
        "stamp": stamp,
        "query": urlencode({name: value for name, value in form.data.items() if value}),
        "late": sum(row.is_overdue for row in rows),
    }
    is_part = request.headers.get("HX-Target") == "rows"
    return render(request, "console/queue_rows.html" if is_part else "console/queue.html", context)
