"""What a coordinator does about decisions: see them, and have one looked at again for who was shut out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from console.gate import colleague, needs
from console.views.circles import show_circles
from console.words import sentence_of
from core import clock
from core.errors import DomainError, NotFound
from moderation.actions import appeals, asking
from moderation.permissions import Permission


@require_POST
@needs(Permission.SEE_CIRCLES)
def task_seen(request: HttpRequest, task_id: UUID) -> HttpResponse:
    asking.seen(task_id, by=colleague(request), now=clock.now())
    messages.success(request, "Gezien.")
    return redirect("console:circles")


@require_POST
@needs(Permission.ANSWER_ESCALATION)
def record_appeal(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """What somebody without a phone of theirs says, in their words; they get the outcome as anybody else does."""
    words = request.POST.get("words", "")
    try:
        appeals.appeal(statement_id=statement_id, words=words, by=colleague(request), now=clock.now())
    except NotFound:
        raise
    except DomainError as problem:
        return show_circles(request, refused=statement_id, sentence=sentence_of(problem), typed=words, status=problem.status)
    messages.success(request, "Het beroep is ingediend. Iemand die er geen deel aan had, kijkt opnieuw.")
    return redirect("console:circles")
