"""People, as their organisation sees them."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.admin import PersonAdmin
from accounts.back_office.doing import tell
from accounts.back_office.pages import colleague
from accounts.forms import AddPersonForm
from accounts.models import Person, Role
from core import clock
from programmes import policy
from programmes.actions import organisations
from programmes.back_office.choices import circles_seen_by, organisations_of
from programmes.forms import AddOwnPersonForm, WelcomeForm
from programmes.models import Organisation

admin.site.unregister(Person)


@admin.register(Person)
class OwnPeopleAdmin(PersonAdmin):
    """People of one's own organisation; whom a coordinator adds belongs to it at once."""

    deeds: ClassVar[tuple[str, ...]] = (*PersonAdmin.deeds, "welcome")
    page_template = "admin/programmes/person.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        everybody = super().get_queryset(request)
        by = colleague(request)
        if by.role == Role.ADMINISTRATOR:
            return everybody
        shares = Q(organisation_memberships__organisation__members__person=by)
        return everybody.filter(shares | Q(id=by.id)).distinct()

    def add_form(self, request: HttpRequest) -> AddPersonForm:
        return AddOwnPersonForm(request.POST or None, by=colleague(request))

    def add_person(self, form: AddPersonForm, *, by: Person) -> Person:
        with transaction.atomic():
            person = super().add_person(form, by=by)
            organisation = form.cleaned_data.get("organisation")
            homes = [organisation] if organisation else [] if by.role == Role.ADMINISTRATOR else organisations_of(by)
            for home in homes:
                organisations.welcome(organisation=home, person=person, by=by, now=clock.now())
        return person

    def facts_of(self, request: HttpRequest, person: Person) -> dict[str, Any]:
        by = colleague(request)
        others = Organisation.objects.exclude(members__person=person)
        return {
            **super().facts_of(request, person),
            "organisations": Organisation.objects.filter(members__person=person).order_by("name"),
            "welcome_form": WelcomeForm(organisations=others) if policy.may_configure(by) and others.exists() else None,
            "circles": circles_seen_by(by)
            .filter(Q(members__person=person, members__left_at=None) | Q(coordinator=person) | Q(deputy=person))
            .distinct()
            .with_people(),
        }

    def do_welcome(self, request: HttpRequest, person: Person) -> None:
        form = WelcomeForm(request.POST, organisations=Organisation.objects.all())
        if form.is_valid():
            organisation = form.cleaned_data["organisation"]
            doing = partial(organisations.welcome, organisation=organisation, person=person, by=colleague(request), now=clock.now())
            tell(request, doing, "Hoort er nu bij.")
