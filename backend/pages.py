"""The page for staff and builders, and the answer of an address that nobody has. The page of everybody else is `web`."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from core.errors import NotFound


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this is, and where staff and builders go."""
    return render(request, "maatje/about.html")


@csrf_exempt  # it changes nothing, and a device must get its answer
def nothing_here(request: HttpRequest, rest: str) -> JsonResponse:
    """An address below /api/v1/ that nobody has, in the shape that every client reads."""
    return JsonResponse(NotFound().as_dict(), status=404, headers={"Cache-Control": "no-store"})
