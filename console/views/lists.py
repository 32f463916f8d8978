"""Word lists: ours and the organisation's own, by version; and a place to try what they see."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Language
from console.asking import ListForm
from console.gate import colleague, needs
from console.reading import staff
from console.words import sentence_of
from core import clock
from core.errors import NotFound
from moderation.actions import lists as acts
from moderation.errors import ListInvalid, OwnList
from moderation.models import WordList
from moderation.permissions import Permission, may
from moderation.screening.lists import in_package, parse


@require_safe
@needs(Permission.SEE_LISTS)
def lists(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_safe
@needs(Permission.SEE_LISTS)
def one(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The text of one version of the organisation's own."""
    found = WordList.objects.filter(id=list_id, organisation=staff.organisation_of(colleague(request))).first()
    if found is None:
        raise NotFound
    return render(request, "console/list.html", {"title": f"{found.get_language_display()} {found.version}", "text": found.text})


@require_safe
@needs(Permission.SEE_LISTS)
def ours(request: HttpRequest, language: str) -> HttpResponse:
    """The list that comes with Maatje."""
    text = in_package().get(language)
    if text is None:
        raise NotFound
    return render(request, "console/list.html", {"title": f"{Language(language).label}, bij Maatje", "text": text})


@require_POST
@needs(Permission.CHANGE_LISTS)
def add(request: HttpRequest) -> HttpResponse:
    """Keep a new version; it is used once somebody says so."""
    by, form = colleague(request), ListForm(request.POST)
    if form.is_valid():
        try:
            acts.add(staff.organisation_of(by), **form.cleaned_data, by=by, now=clock.now())
        except ListInvalid as problem:
            for told in [sentence for sentences in problem.facts["problems"].values() for sentence in sentences]:
                form.add_error("text", told)
        else:
            messages.success(request, "De nieuwe versie is bewaard. Een collega zet ze in gebruik.")
            return redirect("console:lists")
    return _show(request, form=form, status=422)


@require_POST
@needs(Permission.CHANGE_LISTS)
def use(request: HttpRequest, list_id: UUID) -> HttpResponse:
    return _turn(request, list_id, on=True)


@require_POST
@needs(Permission.CHANGE_LISTS)
def stop(request: HttpRequest, list_id: UUID) -> HttpResponse:
    return _turn(request, list_id, on=False)


def _turn(request: HttpRequest, list_id: UUID, *, on: bool) -> HttpResponse:
    try:
        (acts.use if on else acts.stop)(list_id, by=colleague(request), now=clock.now())
    except (ListInvalid, OwnList) as problem:
        messages.error(request, sentence_of(problem))
    else:
        messages.success(request, "Deze versie wordt nu gebruikt." if on else "Alleen de lijst van Maatje wordt nog gebruikt.")
    return redirect("console:lists")


def _show(request: HttpRequest, *, form: ListForm | None = None, status: int = 200) -> HttpResponse:
    person, today = colleague(request), clock.now().date()
    organisation = staff.organisation_of(person)
    context = {
        "ours": [_of_ours(language) for language in in_package()],
        "own": WordList.objects.filter(organisation=organisation).select_related("made_by"),
        "may_change": may(person, Permission.CHANGE_LISTS),
        "form": form or ListForm(),
        "today": today,
    }
    return render(request, "console/lists.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Ours:
    """What the page says of a list that comes with Maatje."""

    language: str
    label: str
    version: int
    rules: int
    review_by: date


@cache
def _of_ours(language: str) -> Ours:
    """Read once in the life of the process: the five of them take a third of a second."""
    found = parse(in_package()[language], language)
    return Ours(language, Language(language).label, found.version, len(found.rules), found.review_by)
