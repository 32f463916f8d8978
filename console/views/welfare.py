"""How are you? Asked of who saw a lot today, and there for everybody."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from console.gate import colleague, needs
from core import clock
from moderation.actions import welfare
from moderation.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.READ_CASE, Permission.DECIDE_APPEAL, Permission.ANSWER_ESCALATION)
def debrief(request: HttpRequest) -> HttpResponse:
    """Two buttons: it goes, or I want to talk. A lead sees who wants to; nobody sees who does not."""
    if request.method != "POST":
        return render(request, "console/debrief.html")
    wants_a_talk = "talk" in request.POST
    welfare.answer(wants_a_talk=wants_a_talk, by=colleague(request), now=clock.now())
    messages.success(request, "Een leidinggevende belt je vandaag nog." if wants_a_talk else "Goed. Zorg voor jezelf.")
    return redirect("console:home")


@require_POST
@needs(Permission.CHANGE_ROSTER)
def seen_to(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A lead talked with a colleague who asked for it."""
    welfare.seen_to(person_id, by=colleague(request), now=clock.now())
    messages.success(request, "Genoteerd.")
    return redirect("console:home")
