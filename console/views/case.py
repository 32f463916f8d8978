"""The page of a case: what it is about for who may see the queue, its words for who holds it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Person
from console import forms
from console.gate import colleague, needs
from console.reading import cases as reading
from console.reading.staff import account_names
from console.reading.watched import stamp_for
from console.words import happened, sentence_of
from core import clock
from moderation.actions import opening
from moderation.errors import DailyCap
from moderation.permissions import Permission
from moderation.reading import history


@require_safe
@needs(Permission.SEE_QUEUE)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return show(request, case_id)


@require_safe
@needs(Permission.SEE_QUEUE)
def fresh(request: HttpRequest, case_id: UUID, version: int) -> HttpResponse:
    """Nothing while the case is as its reader saw it; otherwise a line that says so. No words of anybody, so no reading."""
    found = reading.case_for(case_id, colleague(request))
    is_over = "mine" in request.GET and not reading.page_of(found, colleague(request), now=clock.now()).is_mine
    if found.version == version and not is_over:
        return HttpResponse(status=204)
    return render(request, "console/case_changed.html", {"case": found, "is_over": is_over})


@require_POST
@needs(Permission.SEE_WHO_FLAGGED)
def who(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who flagged it. Each look is a row of the audit log."""
    flaggers = opening.who_flagged(case_id, by=colleague(request), now=clock.now())
    template = "console/case_who.html" if request.headers.get("HX-Request") else "console/case_who_page.html"
    return render(request, template, {"flaggers": flaggers, "case_id": case_id})


def show(
    request: HttpRequest, case_id: UUID, *, refused: forms.Seen | None = None, sentence: str = "", told: str = "", status: int = 200
) -> HttpResponse:
    """The case as it is now; with a form that was refused, also why, and what was typed in it.

    :raises CaseNotFound: :raises OwnCircle:
    """
    person, now = colleague(request), clock.now()
    found = reading.case_for(case_id, person)
    page = reading.page_of(found, person, now=now)
    context: dict[str, Any] = {
        "page": page,
        "case": found,
        "told": told,
        "sentence": sentence,
        "history": _history(case_id, person),
        "stamp": stamp_for(person),
    }
    context["chosen_words"] = next((one.text for one in page.templates if str(one.id) == request.GET.get("template")), "")
    if page.is_mine:
        try:
            context["opened"] = opening.open_case(case_id, by=person, now=now)
            context["seconds"] = int((found.lease_until - now).total_seconds()) + 1 if found.lease_until else 0
        except DailyCap as problem:
            context["capped"] = sentence_of(problem)
    if refused is not None:
        context |= _typed(refused, page)
    template = "console/case_part.html" if request.headers.get("HX-Request") else "console/case.html"
    return render(request, template, context, status=status)


def _history(case_id: UUID, person: Person) -> list[tuple[history.Event, str, str]]:
    """The latest first, each with what it says and the account of who did it; empty for what happened by itself."""
    events = history.of_case(case_id, person=person)
    accounts = account_names(event.by_id for event in events)
    named = [(event, accounts.get(event.by_id, "") if event.by_id else "") for event in reversed(events)]
    return [(event, happened(event.action, event.detail), who) for event, who in named]


def _typed(refused: forms.Seen, page: reading.CasePage) -> dict[str, Any]:
    """What was typed stays where it was; where its form is gone, it can still be copied."""
    name = type(refused).__name__.lower()
    problems = [problem for found in refused.errors.values() for problem in found]
    is_gone = {"decide": "decide", "words": "note", "widen": "widen"}.get(name) not in page.can
    words = refused.data.get("words") or refused.data.get("reason") or ""
    return {"refused": {name: refused.data}, "problems": problems, "left_over": words if is_gone else ""}
