"""The first page, and the page about the keys."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.gate import needs


@require_safe
@needs()
def home(request: HttpRequest) -> HttpResponse:
    """Where to go from here; nothing of anybody."""
    return render(request, "console/home.html")


@require_safe
@needs()
def keys(request: HttpRequest) -> HttpResponse:
    """What each key does, also for who has no script."""
    return render(request, "console/keys.html")
