"""Appeals: who had no part in a decision looks again."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from console.asking import AnswerForm, VersionForm
from console.gate import colleague, needs
from console.reading import appeals as reading
from console.views.acts import ASIDE
from console.words import sentence_of
from core import clock
from core.errors import DomainError, NotFound
from moderation.actions import appeals as acts
from moderation.actions import recusing
from moderation.actions.looking_again import open_appeal
from moderation.clauses import sentence_of as clause_sentence
from moderation.errors import DailyCap, NotYourClaim
from moderation.permissions import Permission


@require_safe
@needs(Permission.DECIDE_APPEAL)
def appeals(request: HttpRequest) -> HttpResponse:
    """What waits, by deadline; without a word of anybody."""
    person = colleague(request)
    return render(request, "console/appeals.html", {"rows": reading.rows(person, now=clock.now()), "now": clock.now()})


@require_safe
@needs(Permission.DECIDE_APPEAL)
def appeal(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    """What it is about; its words once it is taken."""
    return _show(request, appeal_id)


@require_POST
@needs(Permission.DECIDE_APPEAL)
def claim_appeal(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    return _act(request, appeal_id, VersionForm(request.POST), acts.claim, "Dit beroep ligt nu bij jou.")


@require_POST
@needs(Permission.DECIDE_APPEAL)
def release_appeal(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    return _act(request, appeal_id, VersionForm(request.POST), acts.release, "Het beroep ligt terug in de lijst.")


@require_POST
@needs(Permission.DECIDE_APPEAL)
def answer_appeal(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    return _act(request, appeal_id, AnswerForm(request.POST), acts.decide, "Beslist. Wie in beroep ging, krijgt een brief.", leaves=True)


@require_POST
@needs(Permission.DECIDE_APPEAL)
def recuse_appeal(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    recusing.from_appeal(appeal_id, by=colleague(request), now=clock.now())
    messages.success(request, ASIDE)
    return redirect("console:appeals")


def _act(
    request: HttpRequest, appeal_id: UUID, form: VersionForm, do: Callable[..., object], told: str, *, leaves: bool = False
) -> HttpResponse:
    if not form.is_valid():
        return _show(request, appeal_id, form=form, status=422)
    try:
        do(appeal_id, **form.cleaned_data, by=colleague(request), now=clock.now())
    except NotFound:
        raise
    except DomainError as problem:
        form.add_error(None, sentence_of(problem))
        return _show(request, appeal_id, form=form, status=problem.status)
    messages.success(request, told)
    return redirect("console:appeals") if leaves else redirect("console:appeal", appeal_id)


def _show(request: HttpRequest, appeal_id: UUID, *, form: VersionForm | None = None, status: int = 200) -> HttpResponse:
    person, now = colleague(request), clock.now()
    row = reading.row(appeal_id, person, now=now)
    opened, capped = None, ""
    if row.is_mine:
        try:
            opened = open_appeal(appeal_id, by=person, now=now)
        except NotYourClaim:  # the lease ended this very moment
            opened = None
        except DailyCap as problem:
            capped = sentence_of(problem)
    typed = form if isinstance(form, AnswerForm) else None
    context = {
        "row": row,
        "opened": opened,
        "seconds": int((row.lease_until - now).total_seconds()) + 1 if row.lease_until else 0,
        "capped": capped,
        "clause": clause_sentence(row.clause, "nl"),
        "problems": form.non_field_errors() if form else (),
        "answer": typed or AnswerForm(initial={"version": row.version}),
    }
    return render(request, "console/appeal.html", context, status=status)
