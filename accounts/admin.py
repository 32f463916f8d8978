"""The back office for people: add somebody, let a phone of theirs in, take access away. No word of theirs is shown here."""

from functools import partial
from importlib import import_module
from typing import Any, ClassVar

import segno
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from accounts import codes
from accounts.actions import devices, invites, people
from accounts.back_office.pages import BackOfficeAdmin, BackOfficeInline, colleague, tell
from accounts.forms import AddPersonForm
from accounts.links import enrol_link
from accounts.models import Device, Person
from accounts.phones import clean_phone
from accounts.staff_sign_in.door import guard
from core import clock
from core.errors import DomainError, Invalid
from privacy.blind_index import blind_index

guard(admin.site)
for module in ("django.contrib.auth.admin", "allauth.account.admin", "allauth.mfa.admin"):
    import_module(module)  # registers what is taken away here
for model in (Group, EmailAddress, Authenticator):  # rights come from roles; second factors are nobody else's to see
    admin.site.unregister(model)


class DeviceInline(BackOfficeInline):
    model = Device
    fields = readonly_fields = ("label", "in_browser", "created", "last_seen_at", "expiry")


@admin.register(Person)
class PersonAdmin(BackOfficeAdmin):
    """Names are sealed, so people are found by their phone number or id."""

    list_display = ("__str__", "name", "role", "language", "suspended_at", "made_at")
    list_filter = ("role", "language")
    list_select_related = ("data_key",)
    fields = ("id", "name", "phone", "role", "language", "zone", "username", "suspended_at", "made_at")
    search_fields = ("id",)
    search_help_text = "A phone number, or an id"
    ordering = ("-made_at",)
    inlines: ClassVar[list[Any]] = [DeviceInline]
    actions = ("suspend", "unsuspend", "sign_out_everywhere")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return colleague(request).role in self.viewers

    def get_urls(self) -> list[URLPattern]:
        mine = self.admin_site.admin_view(require_POST(self.invite_view))
        return [path("<uuid:object_id>/invite/", mine, name="accounts_person_invite"), *super().get_urls()]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        try:
            return queryset.filter(phone_index=blind_index("phone", clean_phone(search_term))), False
        except Invalid:
            return super().get_search_results(request, queryset, search_term)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        form = AddPersonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            person = self.add_person(form, by=colleague(request))
            if person is not None:
                return HttpResponseRedirect(reverse("admin:accounts_person_change", args=[person.id]))
        context = {**self.admin_site.each_context(request), "title": "Add a person", "opts": self.opts, "form": form}
        return TemplateResponse(request, "admin/accounts/person/add.html", context)

    def add_person(self, form: AddPersonForm, *, by: Person) -> Person | None:
        return form.add(by=by, now=clock.now())

    def invite_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Show a code this once, with the QR code of its link."""
        person = self.get_queryset(request).filter(id=object_id).first()
        if person is None:
            raise Http404
        try:
            invite, code = invites.make(person=person, by=colleague(request), now=clock.now())
        except DomainError as problem:
            page = self._page(request, person, problem=problem)
            return TemplateResponse(request, "admin/accounts/person/refused.html", page, status=problem.status)
        link = enrol_link(code, host=request.build_absolute_uri("/"))
        drawing = mark_safe(segno.make(link, micro=False).svg_inline(scale=6))  # noqa: S308  # drawn by us from a code and our address
        shown = self._page(request, person, invite=invite, code=codes.for_reading(code), drawing=drawing, link=link)
        return TemplateResponse(request, "admin/accounts/person/invite.html", shown)

    @admin.action(description="Suspend: take all access away")
    def suspend(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        for person in chosen:
            doing = partial(people.suspend, person=person, by=colleague(request), now=clock.now())
            tell(request, doing, f"{person} is suspended.")

    @admin.action(description="Lift the suspension")
    def unsuspend(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        for person in chosen:
            doing = partial(people.unsuspend, person=person, by=colleague(request), now=clock.now())
            tell(request, doing, f"{person} is back.")

    @admin.action(description="Sign out everywhere")
    def sign_out_everywhere(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        for person in chosen:
            doing = partial(devices.revoke_all, person=person, by=colleague(request), now=clock.now())
            tell(request, doing, f"{person} is signed out.")

    def _page(self, request: HttpRequest, person: Person, **more: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": "Invite", "opts": self.opts, "person": person, **more}
