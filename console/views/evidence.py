"""A photo or voice note that was kept: of a case that one holds, or of an appeal. Each look is a row of the audit log."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.gate import colleague, needs
from console.reading import evidence as reading
from core import clock
from moderation.actions import looking_again, opening
from moderation.permissions import Permission


@require_safe
@needs(Permission.READ_CASE)
def look(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """A page around one of them, for who has no script."""
    found = reading.of_case(evidence_id, colleague(request), now=clock.now())
    return render(request, "console/look.html", {"found": found})


@require_safe
@needs(Permission.READ_CASE)
def media(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    return _as_it_is(*opening.open_media(evidence_id, by=colleague(request), now=clock.now()))


@require_safe
@needs(Permission.DECIDE_APPEAL)
def look_again(request: HttpRequest, appeal_id: UUID, evidence_id: UUID) -> HttpResponse:
    """As `look`, for whoever looks again at what was decided."""
    found = reading.of_appeal(appeal_id, evidence_id, colleague(request), now=clock.now())
    return render(request, "console/look.html", {"found": found, "appeal_id": appeal_id})


@require_safe
@needs(Permission.DECIDE_APPEAL)
def media_again(request: HttpRequest, appeal_id: UUID, evidence_id: UUID) -> HttpResponse:
    return _as_it_is(*looking_again.open_media(appeal_id, evidence_id, by=colleague(request), now=clock.now()))


def _as_it_is(data: bytes, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"  # whatever its bytes say, it is shown and does nothing
    return answer
