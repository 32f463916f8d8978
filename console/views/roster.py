"""The roster: who is there when, who is away, and who is there now."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Person
from console.asking import AbsenceForm, ShiftForm
from console.gate import colleague, needs
from console.reading import staff
from console.words import sentence_of
from core import clock
from core.errors import DomainError
from moderation import roster as there
from moderation.actions import shifts
from moderation.permissions import Permission, may
from programmes.models import Organisation


@require_safe
@needs(Permission.SEE_ROSTER)
def roster(request: HttpRequest) -> HttpResponse:
    """The week, and today."""
    return _show(request)


@require_POST
@needs(Permission.CHANGE_ROSTER)
def add_shift(request: HttpRequest) -> HttpResponse:
    by = colleague(request)
    organisation = staff.organisation_of(by)
    form = ShiftForm(request.POST, colleagues=_who_answers(staff.colleagues_of(organisation)))
    if form.is_valid():
        given = form.cleaned_data
        person = Person.objects.get(id=given.pop("person"))
        try:
            shifts.add(organisation=organisation, person=person, **given, by=by, now=clock.now())
        except DomainError as problem:
            form.add_error(None, sentence_of(problem))
        else:
            return _back(request, "De dienst staat in het rooster.")
    return _show(request, shift_form=form, status=422)


@require_POST
@needs(Permission.CHANGE_ROSTER)
def remove_shift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    shifts.remove(shift_id, by=colleague(request), now=clock.now())
    return _back(request, "De dienst is uit het rooster.")


@require_POST
@needs(Permission.SEE_ROSTER)
def be_away(request: HttpRequest) -> HttpResponse:
    """One's own days; of others, for who keeps the roster: the action refuses the rest."""
    by = colleague(request)
    form = AbsenceForm(request.POST, colleagues=staff.colleagues_of(staff.organisation_of(by)))
    if form.is_valid():
        given = form.cleaned_data
        people = Person.objects.in_bulk([one for one in (given["person"] or by.id, given["stand_in"]) if one])
        try:
            shifts.be_away(
                person=people[given["person"] or by.id],
                stand_in=people.get(given["stand_in"]),
                first=given["first"],
                last=given["last"],
                by=by,
                now=clock.now(),
            )
        except DomainError as problem:
            form.add_error(None, sentence_of(problem))
        else:
            return _back(request, "De afwezigheid staat in het rooster.")
    return _show(request, absence_form=form, status=422)


@require_POST
@needs(Permission.SEE_ROSTER)
def come_back(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    shifts.come_back(absence_id, by=colleague(request), now=clock.now())
    return _back(request, "De afwezigheid is weg.")


def _who_answers(colleagues: list[Person]) -> list[Person]:
    return [person for person in colleagues if person.role in shifts.ON_ROSTER]


def _next_at(organisation: Organisation, week: list[staff.Day], *, now: datetime) -> datetime | None:
    """When somebody is at work next, on the clock of the organisation; nothing where the roster promises nobody."""
    if not any(not shift.on_call for day in week for shift in day.shifts):
        return None
    return there.at_work_from(organisation.id, now=now).astimezone(ZoneInfo(organisation.zone))


def _back(request: HttpRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect("console:roster")


def _show(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    by, now = colleague(request), clock.now()
    organisation: Organisation = staff.organisation_of(by)
    colleagues, week = staff.colleagues_of(organisation), staff.week_of(organisation)
    context = {
        "organisation": organisation,
        "now": staff.named(colleagues, there.on_duty(organisation.id, now=now)),
        "next_at": _next_at(organisation, week, now=now),
        "week": week,
        "uncallable": staff.uncallable_in(week),
        "is_empty": not any(day.shifts for day in week),
        "absences": staff.absences_of(organisation, today=now.astimezone(ZoneInfo(organisation.zone)).date()),
        "may_change": may(by, Permission.CHANGE_ROSTER),
        "shift_form": ShiftForm(colleagues=_who_answers(colleagues)),
        "absence_form": AbsenceForm(colleagues=colleagues),
        **forms,
    }
    return render(request, "console/roster.html", context, status=status)
