"""Organisations and programmes: set up by administrators, looked at by their own staff."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.back_office.pages import BackOfficeAdmin, colleague
from accounts.models import Role
from core import clock
from programmes import policy
from programmes.forms import ChangeProgrammeForm, OrganisationForm, ProgrammeForm
from programmes.models import Organisation, Programme


class ConfiguredAdmin(BackOfficeAdmin):
    """Rows of one's own organisation; `path_to_members` leads from a row to its organisation's members."""

    path_to_members: ClassVar[str]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        by = colleague(request)
        return rows if by.role == Role.ADMINISTRATOR else rows.filter(**{f"{self.path_to_members}__person": by}).distinct()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_configure(colleague(request))


@admin.register(Organisation)
class OrganisationAdmin(ConfiguredAdmin):
    path_to_members = "members"
    list_display = ("name", "language", "zone")

    def new_page(self, request: HttpRequest) -> HttpResponse:
        form = OrganisationForm(request.POST or None, initial={"zone": "Europe/Brussels"})
        doing = partial(form.add, by=colleague(request), now=clock.now)
        return self.ask(request, form, title="Nieuwe organisatie", doing=doing, done="Toegevoegd.", button="Toevoegen")

    def row_page(self, request: HttpRequest, row: Organisation) -> HttpResponse:
        by = colleague(request)
        form = OrganisationForm(request.POST or None, initial={"name": row.name, "language": row.language, "zone": row.zone})
        may = policy.may_configure(by)
        doing = partial(form.change, row, by=by, now=clock.now)
        return self.ask(request, form, title=row.name, doing=doing, done="Bewaard.", button="Bewaren" if may else "")


@admin.register(Programme)
class ProgrammeAdmin(ConfiguredAdmin):
    path_to_members = "organisation__members"
    list_display = ("name", "organisation", "working_model", "grace_days", "max_members")
    list_select_related = ("organisation",)

    def new_page(self, request: HttpRequest) -> HttpResponse:
        form = ProgrammeForm(request.POST or None)
        doing = partial(form.add, by=colleague(request), now=clock.now)
        return self.ask(request, form, title="Nieuw programma", doing=doing, done="Toegevoegd.", button="Toevoegen")

    def row_page(self, request: HttpRequest, row: Programme) -> HttpResponse:
        by = colleague(request)
        form = ChangeProgrammeForm(request.POST or None, initial={field: getattr(row, field) for field in ChangeProgrammeForm.base_fields})
        may = policy.may_configure(by)
        doing = partial(form.change, row, by=by, now=clock.now)
        title = f"{row.name} · {row.organisation.name}"
        return self.ask(request, form, title=title, doing=doing, done="Bewaard.", button="Bewaren" if may else "")
