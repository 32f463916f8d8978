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
from moderation.actions import cases, interim, recusing, widening
from moderation.errors import CaseNotFound
from moderation.permissions import Permission

Do = Callable[[forms.Seen], object]
ASIDE = "Dank je. Een collega gaat ermee verder; van deze kring krijg jij niets meer."


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


def asked(
    permission: Permission, form: type[forms.Seen], what: Callable[..., object], told: str, *, leaves: bool = False
) -> Callable[..., HttpResponseBase]:
    """The view of a form whose fields are what an action takes, by the same names."""

    @require_POST
    @needs(permission)
    def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
        def do(filled: forms.Seen) -> object:
            return what(case_id, **filled.cleaned_data, by=colleague(request), now=clock.now())

        return act_on(request, case_id, form(request.POST), do, told, leaves=leaves)

    return ask


def pressed(permission: Permission, what: Callable[..., object], told: str, *, leaves: bool = False) -> Callable[..., HttpResponseBase]:
    """The view of a button with nothing to fill in."""
    return asked(permission, forms.Seen, what, told, leaves=leaves)


triage = asked(Permission.TRIAGE, forms.Triage, cases.triage, "De dringendheid staat anders.")
note = asked(Permission.NOTE, forms.Words, cases.note, "Je nota staat erbij.")
escalate = asked(Permission.ESCALATE_CASE, forms.Words, cases.escalate, "Een leidinggevende gaat ermee verder.", leaves=True)
hide = asked(Permission.HIDE_FOR_NOW, forms.HideForNow, interim.hide_for_now, "Het bericht is voorlopig verborgen. Het komt vanzelf terug.")
hold = asked(Permission.HOLD_EVIDENCE, forms.Hold, cases.hold_evidence, "Genoteerd hoe lang de woorden bewaard blijven.")
claim = pressed(Permission.CLAIM, cases.claim, "Dit dossier ligt nu bij jou.")
renew = pressed(Permission.CLAIM, cases.renew, "Je hebt weer de volle tijd.")
release = pressed(Permission.CLAIM, cases.release, "Het dossier ligt terug in de lijst.", leaves=True)
close = pressed(Permission.DECIDE, cases.close, "Het dossier is gesloten.", leaves=True)


@require_POST
@needs(Permission.CLAIM)
def recuse(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Somebody knows these people. Whatever changed meanwhile, they still do: no version is asked for."""
    recusing.from_case(case_id, by=colleague(request), now=clock.now())
    messages.success(request, ASIDE)
    return _go(request, "console:queue")


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
