"""What the organisation chose: deadlines and limits, groups that are moderated before, templates, and word lists."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from console.asking import BeforeForm, RulesForm, TemplateForm
from console.gate import colleague, needs
from console.reading import staff
from console.words import sentence_of
from core import clock
from core.errors import NotFound
from moderation import roster
from moderation.actions import choices
from moderation.errors import RulesUnfit
from moderation.models import PreModeration, Template
from moderation.permissions import Permission, may
from programmes.models import Programme

_SEE = (Permission.CHANGE_RULES, Permission.CHANGE_TEMPLATES)


@require_safe
@needs(*_SEE)
def rules(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_POST
@needs(Permission.CHANGE_RULES)
def change(request: HttpRequest) -> HttpResponse:
    by = colleague(request)
    form = RulesForm(request.POST)
    if form.is_valid():
        choices.change(staff.organisation_of(by), values=form.cleaned_data, by=by, now=clock.now())
        return _back(request, "De termijnen gelden vanaf nu, voor nieuwe dossiers.")
    return _show(request, rules_form=form, status=422)


@require_POST
@needs(Permission.CHANGE_RULES)
def before(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Whether messages in the groups of a programme wait for a moderator."""
    by, form = colleague(request), BeforeForm(request.POST)
    programme = Programme.objects.filter(id=programme_id, organisation=staff.organisation_of(by)).first()
    if programme is None:
        raise NotFound
    if form.is_valid():
        choices.moderate_before(programme, **form.cleaned_data, by=by, now=clock.now())
        return _back(request, "Zo gaat het vanaf nu in deze groepen.")
    return _show(request, status=422)


@require_POST
@needs(Permission.CHANGE_RULES)
def classifier(request: HttpRequest) -> HttpResponse:
    """Whether the one that the operator named sees what people write."""
    by, wants = colleague(request), request.POST.get("wants") == "yes"
    choices.classify(staff.organisation_of(by), wants=wants, by=by, now=clock.now())
    return _back(request, "Vanaf nu kijkt het programma van buiten mee." if wants else "Er kijkt geen programma van buiten meer mee.")


@require_POST
@needs(Permission.CHANGE_TEMPLATES)
def keep_template(request: HttpRequest, template_id: UUID | None = None) -> HttpResponse:
    by = colleague(request)
    organisation, form = staff.organisation_of(by), TemplateForm(request.POST)
    if template_id is not None and not Template.objects.filter(id=template_id, organisation=organisation).exists():
        raise NotFound
    if form.is_valid():
        try:
            choices.keep_template(organisation, values=form.cleaned_data, template_id=template_id, by=by, now=clock.now())
        except RulesUnfit as problem:
            form.add_error(None, sentence_of(problem))
        else:
            return _back(request, "De tekst is bewaard.")
    return _show(request, template_form=form, changed=template_id, status=422)


@require_POST
@needs(Permission.CHANGE_TEMPLATES)
def drop_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    by = colleague(request)
    choices.drop_template(template_id, staff.organisation_of(by), by=by, now=clock.now())
    return _back(request, "De tekst is weg.")


def _back(request: HttpRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect("console:rules")


def _show(request: HttpRequest, *, status: int = 200, changed: UUID | None = None, **forms: Any) -> HttpResponse:
    by = colleague(request)
    organisation = staff.organisation_of(by)
    chosen = roster.rules_of(organisation.id)
    held = {one.programme_id: one for one in PreModeration.objects.filter(programme__organisation=organisation)}
    programmes = Programme.objects.filter(organisation=organisation).order_by("name")
    context = {
        "organisation": organisation,
        "may_change": may(by, Permission.CHANGE_RULES),
        "may_write": may(by, Permission.CHANGE_TEMPLATES),
        "rules_form": RulesForm(initial={name: getattr(chosen, name) for name in choices.BOUNDS}),
        "template_form": TemplateForm(initial={"language": organisation.language}),
        "has_classifier": bool(settings.MAATJE_CLASSIFIER_URL) or chosen.uses_classifier,
        "is_classified": chosen.uses_classifier,
        "changed": changed,
        "templates": [(one, TemplateForm(instance_of=one)) for one in Template.objects.filter(organisation=organisation)],
        "programmes": [(one, BeforeForm.of(held.get(one.id), prefix_id=one.id)) for one in programmes],
        **forms,
    }
    return render(request, "console/rules.html", context, status=status)
