"""Whose phones no notice reaches: a page for those who look after them, and a line on the page of each. Never an address itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from accounts.models import Person
from core import clock
from notifications.back_office import words
from notifications.reading.unreached import Silence, unreached
from programmes.admin.people import OwnPeopleAdmin

admin.site.unregister(Person)


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody who should be told that they are told nothing."""

    person: Person
    reached_at: datetime | None
    why: str
    what_helps: str

    @classmethod
    def of(cls, person: Person, silence: Silence) -> "Unreached":
        what_helps = words.what_helps(silence.why, by=silence.by, has_number=person.phone is not None)
        return cls(person, silence.reached_at, words.why(silence.why), what_helps)


@admin.register(Person)
class ReachedPeopleAdmin(OwnPeopleAdmin):
    """People of one's own organisation, and whether a notice reaches them."""

    page_template = "admin/notifications/person.html"
    change_list_template = "admin/notifications/people.html"

    def get_urls(self) -> list[URLPattern]:
        page = path("unreached/", self.admin_site.admin_view(self.unreached_page), name=f"{self._named}_unreached")
        return [page, *super().get_urls()]

    def unreached_page(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = unreached_among(self.get_queryset(request), now=clock.now())
        return self.show(request, "admin/notifications/unreached.html", title="Wie geen meldingen krijgt", people=found)

    def facts_of(self, request: HttpRequest, person: Person) -> dict[str, Any]:
        alone = unreached_among(Person.objects.filter(id=person.id), now=clock.now())
        return {**super().facts_of(request, person), "unreached": alone[0] if alone else None}


def unreached_among(people: QuerySet[Person], *, now: datetime) -> list[Unreached]:
    """Those who may use the service and whom no push reaches, by name."""
    silent = unreached(people, now=now)
    found = Person.objects.filter(id__in=silent).select_related("data_key")
    present = sorted((one for one in found if one.may_use_the_service()), key=lambda one: one.name.casefold())
    return [Unreached.of(person, silent[person.id]) for person in present]
