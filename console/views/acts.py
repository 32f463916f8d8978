"""Every button of a case: one action each, and the case as it is afterwards, also when it was refused."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Person
from console import forms
from console.gate import colleague, needs
from console.views.case import show
from console.words import sentence_of
from core import clock
from core.errors import DomainError, NotFound
from moderation.actions import cases, interim, widening
from moderation.errors import CaseNotFound
from moderation.permissions import Permission

Do = Callable[[forms.Seen], object]


def act_on(request: HttpRequest, case_id: UUID, form: forms.Seen, do: Do, told: str, *, leaves: bool = False) -> HttpResponse:
    """Do what a form asks. Who `leaves` goes back to the queue; who stays sees the case anew, with what they typed if it was refused."""
    if not form.is_valid():
        return show(request, case_id, refused=form, status=422)
    try:
        do(form)
    except NotFound:
        raise
    except DomainError as problem:
        return show(request, case_id, refused=form, sentence=sentence_of(problem), status=problem.status)
    if request.headers.get("HX-Request") and not leaves:
        return show(request, case_id, told=told)
    messages.success(request, told)
    return _go(request, "console:queue") if leaves else redirect("console:case", case_id)


def _go(request: HttpRequest, name: str) -> HttpResponse:
    """To another page; htmx would put it in the place of this case."""
    return HttpResponseClientRedirect(reverse(name)) if request.headers.get("HX-Request") else redirect(name)


@require_POST
@needs(Permission.TRIAGE)
def triage(request: HttpRequest, case_id: UUID) -> HttpResponse:
    def do(form: forms.Seen) -> object:
        given = form.cleaned_data
        return cases.triage(case_id, priority=given["priority"], by=colleague(request), version=given["version"], now=clock.now())

    return act_on(request, case_id, forms.Triage(request.POST), do, "De dringendheid staat anders.")


def pressed(permission: Permission, what: Callable[..., object], told: str, *, leaves: bool = False) -> Callable[..., HttpResponseBase]:
    """The view of a button with nothing to fill in."""

    @require_POST
    @needs(permission)
    def press(request: HttpRequest, case_id: UUID) -> HttpResponse:
        def do(form: forms.Seen) -> object:
            return what(case_id, by=colleague(request), version=form.cleaned_data["version"], now=clock.now())

        return act_on(request, case_id, forms.Seen(request.POST), do, told, leaves=leaves)

    return press


claim = pressed(Permission.CLAIM, cases.claim, "Dit dossier ligt nu bij jou.")
renew = pressed(Permission.CLAIM, cases.renew, "Je hebt weer de volle tijd.")
release = pressed(Permission.CLAIM, cases.release, "Het dossier ligt terug in de lijst.", leaves=True)
close = pressed(Permission.DECIDE, cases.close, "Het dossier is gesloten.", leaves=True)


@require_POST
@needs(Permission.NOTE)
def note(request: HttpRequest, case_id: UUID) -> HttpResponse:
    def do(form: forms.Seen) -> object:
        given = form.cleaned_data
        return cases.note(case_id, words=given["words"], by=colleague(request), version=given["version"], now=clock.now())

    return act_on(request, case_id, forms.Words(request.POST), do, "Je nota staat erbij.")


@require_POST
@needs(Permission.ESCALATE_CASE)
def escalate(request: HttpRequest, case_id: UUID) -> HttpResponse:
    def do(form: forms.Seen) -> object:
        given = form.cleaned_data
        return cases.escalate(case_id, words=given["words"], by=colleague(request), version=given["version"], now=clock.now())

    return act_on(request, case_id, forms.Words(request.POST), do, "Een leidinggevende gaat ermee verder.", leaves=True)


@require_POST
@needs(Permission.HAND_OVER)
def hand_over(request: HttpRequest, case_id: UUID) -> HttpResponse:
    def do(form: forms.Seen) -> object:
        given = form.cleaned_data
        to = Person.objects.filter(id=given["to"]).first()
        if to is None:
            raise CaseNotFound
        return cases.hand_over(case_id, to=to, by=colleague(request), version=given["version"], now=clock.now())

    return act_on(request, case_id, forms.HandOver(request.POST), do, "Je collega gaat ermee verder.", leaves=True)


@require_POST
@needs(Permission.HIDE_FOR_NOW)
def hide(request: HttpRequest, case_id: UUID) -> HttpResponse:
    def do(form: forms.Seen) -> object:
        given = form.cleaned_data
        return interim.hide_for_now(case_id, hours=given["hours"], by=colleague(request), version=given["version"], now=clock.now())

    return act_on(request, case_id, forms.HideForNow(request.POST), do, "Het bericht is voorlopig verborgen. Het komt vanzelf terug.")


@require_POST
@needs(Permission.HOLD_EVIDENCE)
def hold(request: HttpRequest, case_id: UUID) -> HttpResponse:
    def do(form: forms.Seen) -> object:
        given = form.cleaned_data
        return cases.hold_evidence(case_id, why=given["why"], by=colleague(request), version=given["version"], now=clock.now())

    return act_on(request, case_id, forms.Hold(request.POST), do, "Genoteerd hoe lang de woorden bewaard blijven.")


@require_POST
@needs(Permission.WIDEN)
def widen(request: HttpRequest, case_id: UUID) -> HttpResponse:
    def do(form: forms.Seen) -> object:
        given = form.cleaned_data
        return widening.ask(
            case_id, lines=given["lines"], reason=given["reason"], by=colleague(request), version=given["version"], now=clock.now()
        )

    return act_on(
        request, case_id, forms.Widen(request.POST), do, "Gevraagd. Voor meer dan twintig regels zegt een tweede persoon eerst ja."
    )
