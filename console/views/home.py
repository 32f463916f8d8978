"""The first page, and the page about the keys."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.gate import colleague, needs
from console.reading.starting import now_of
from console.reading.watched import staff_in
from core import clock


@require_safe
@needs()
def home(request: HttpRequest) -> HttpResponse:
    """What waits, what is one's own, and where to go from here."""
    now = now_of(colleague(request), now=clock.now())
    return render(request, "console/home.html", {"now": now, "staff": staff_in(now.mine)})


@require_safe
@needs()
def keys(request: HttpRequest) -> HttpResponse:
    """What each key does, also for who has no script."""
    return render(request, "console/keys.html")
