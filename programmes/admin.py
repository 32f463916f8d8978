"""The back office for organisations and circles. Coordinators see their own organisation's people and circles."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin import PersonAdmin
from accounts.back_office.pages import BackOfficeAdmin, BackOfficeInline, colleague
from accounts.forms import AddPersonForm
from accounts.models import Person, Role
from core import clock
from programmes.actions import organisations
from programmes.models import Circle, CircleMember, Organisation, Programme

admin.site.unregister(Person)
_SEE_ALL = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


@admin.register(Person)
class OwnPeopleAdmin(PersonAdmin):
    """People of one's own organisation; whom a coordinator adds belongs to it at once."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        everybody = super().get_queryset(request)
        by = colleague(request)
        if by.role in _SEE_ALL:
            return everybody
        return everybody.filter(organisation_memberships__organisation__members__person=by).distinct()

    def add_person(self, form: AddPersonForm, *, by: Person) -> Person | None:
        with transaction.atomic():
            person = super().add_person(form, by=by)
            if person is None:
                return None
            for organisation in Organisation.objects.filter(members__person=by):
                organisations.welcome(organisation=organisation, person=person, by=by, now=clock.now())
        return person


class OwnAdmin(BackOfficeAdmin):
    """Rows of one's own organisation; `path_to_members` leads from a row to its organisation's members."""

    path_to_members: ClassVar[str]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        by = colleague(request)
        return rows if by.role in _SEE_ALL else rows.filter(**{f"{self.path_to_members}__person": by}).distinct()


@admin.register(Organisation)
class OrganisationAdmin(OwnAdmin):
    path_to_members = "members"
    list_display = ("name", "language", "zone")


@admin.register(Programme)
class ProgrammeAdmin(OwnAdmin):
    path_to_members = "organisation__members"
    list_display = ("name", "organisation", "working_model", "grace_days", "max_members")


class CircleMemberInline(BackOfficeInline):
    model = CircleMember
    fields = readonly_fields = ("person", "role", "invited_at", "agreed_at", "joined_at", "left_at")


@admin.register(Circle)
class CircleAdmin(OwnAdmin):
    path_to_members = "programme__organisation__members"
    list_display = ("__str__", "programme", "state", "coordinator", "deputy")
    list_filter = ("state", "kind")
    inlines: ClassVar[list[Any]] = [CircleMemberInline]
