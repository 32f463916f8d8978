"""My circles: what members asked, and how it goes; for coordinators and leads."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Person
from console.asking import ClosingForm, VersionForm
from console.gate import colleague, needs
from console.words import sentence_of
from core import clock
from core.errors import DomainError, NotFound
from moderation.actions import escalations as acts
from moderation.clauses import sentence_of as clause_sentence
from moderation.models import Escalation
from moderation.permissions import Permission
from moderation.reading import asked
from moderation.reading.circles import circles_of
from notifications.reading.unreached import unreached


@require_safe
@needs(Permission.SEE_CIRCLES)
def circles(request: HttpRequest) -> HttpResponse:
    """What was decided and open questions first, then the circles; what is well comes last."""
    person, now = colleague(request), clock.now()
    found = circles_of(person, now=now)
    people = {person_id for one in found for person_id in one.wrote}
    silent = unreached(Person.objects.filter(id__in=people), now=now)
    names = {one.id: one.name for one in Person.objects.filter(id__in=people).select_related("data_key")}
    rows = [
        {
            "health": one,
            "wrote": [(names[person_id], at, person_id in silent) for person_id, at in one.wrote.items()],
        }
        for one in found
    ]
    context = {
        "rows": rows,
        "open": asked.escalations_of(person).open(),
        "tasks": [(task, clause_sentence(task.decision.clause, "nl")) for task in asked.tasks_of(person)],
        "letters": asked.letters_to_shut_out(person),
        "now": now,
    }
    return render(request, "console/circles.html", context)


@require_safe
@needs(Permission.ANSWER_ESCALATION)
def escalation(request: HttpRequest, escalation_id: UUID) -> HttpResponse:
    """What somebody asked, for who answers it. That it was read is a row of the audit log before it is shown."""
    return _show(request, escalation_id)


@require_POST
@needs(Permission.ANSWER_ESCALATION)
def acknowledge(request: HttpRequest, escalation_id: UUID) -> HttpResponse:
    form = VersionForm(request.POST)

    def do() -> Escalation:
        return acts.acknowledge(escalation_id, by=colleague(request), version=form.cleaned_data["version"], now=clock.now())

    return _act(request, escalation_id, form, do, "Jij neemt dit op. Wie het vroeg, ziet dat.")


@require_POST
@needs(Permission.ANSWER_ESCALATION)
def close(request: HttpRequest, escalation_id: UUID) -> HttpResponse:
    form = ClosingForm(request.POST)

    def do() -> Escalation:
        given = form.cleaned_data
        return acts.close(
            escalation_id, note=given["note"], answer=given["answer"], by=colleague(request), version=given["version"], now=clock.now()
        )

    return _act(request, escalation_id, form, do, "Afgerond. Wie het vroeg, krijgt een brief.")


def _act(request: HttpRequest, escalation_id: UUID, form: VersionForm, do: Callable[[], object], told: str) -> HttpResponse:
    if not form.is_valid():
        return _show(request, escalation_id, form=form, status=422)
    try:
        do()
    except NotFound:
        raise
    except DomainError as problem:
        form.add_error(None, sentence_of(problem))
        return _show(request, escalation_id, form=form, status=problem.status)
    messages.success(request, told)
    return redirect("console:escalation", escalation_id)


def _show(request: HttpRequest, escalation_id: UUID, *, form: VersionForm | None = None, status: int = 200) -> HttpResponse:
    opened = acts.open_escalation(escalation_id, by=colleague(request), now=clock.now())
    typed = form if isinstance(form, ClosingForm) else None
    context = {
        "one": opened,
        "problems": form.non_field_errors() if form else (),
        "closing": ClosingForm(typed.data if typed else None, initial={"version": opened.version}),
    }
    return render(request, "console/escalation.html", context, status=status)
