"""The back office for people: add somebody, let a phone of theirs in, take access away. No word of theirs is shown here."""

from functools import partial
from importlib import import_module
from typing import Any, ClassVar

import segno
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import mark_safe

from accounts import codes, policy
from accounts.actions import devices, erasure, invites, passwords, people, second_factors
from accounts.back_office.doing import attempt, tell
from accounts.back_office.pages import BackOfficeAdmin, colleague
from accounts.back_office.words import sentence_of
from accounts.back_office.zone import tell_local_time
from accounts.forms import AddPersonForm, ChangePersonForm
from accounts.links import enrol_link
from accounts.models import Device, Invite, Person, Role
from accounts.phones import clean_phone
from accounts.staff_sign_in.door import guard
from accounts.staff_sign_in.referrer import say_where_from
from core import clock
from core.errors import DomainError, Invalid
from privacy.blind_index import blind_index

ERASE_WORD = "wissen"  # to be typed before somebody is erased

guard(admin.site)
tell_local_time(admin.site)
say_where_from(admin.site)
admin.site.site_header = admin.site.site_title = "Maatje"
admin.site.index_title = "Kantoor"
for module in ("django.contrib.auth.admin", "allauth.account.admin", "allauth.mfa.admin"):
    import_module(module)  # registers what is taken away here
for model in (Group, EmailAddress, Authenticator):  # rights come from roles; second factors are nobody else's to see
    admin.site.unregister(model)


@admin.register(Person)
class PersonAdmin(BackOfficeAdmin):
    """Names are sealed, so people are found by their phone number or id."""

    list_display = ("shown_name", "role", "language", "suspended_at", "made_at")
    list_filter = ("role", "language")
    list_select_related = ("data_key",)
    search_fields = ("id",)
    search_help_text = "Een telefoonnummer. Namen zijn verzegeld: daarop zoeken kan niet."
    ordering = ("-made_at",)
    deeds: ClassVar[tuple[str, ...]] = (
        "invite",
        "revoke-invite",
        "suspend",
        "unsuspend",
        "sign-out",
        "sign-out-everywhere",
        "erase",
        "password",
        "forget-second-factor",
    )
    page_template = "admin/accounts/person/page.html"

    @admin.display(description="naam", ordering=None)
    def shown_name(self, person: Person) -> str:
        return person.name or "(gewist)"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return colleague(request).role in self.viewers

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        try:
            return queryset.filter(phone_index=blind_index("phone", clean_phone(search_term))), False
        except Invalid:
            return super().get_search_results(request, queryset, search_term)

    def new_page(self, request: HttpRequest) -> HttpResponse:
        form = self.add_form(request)
        doing = partial(self.add_person, form, by=colleague(request))
        return self.ask(request, form, title="Iemand toevoegen", doing=doing, done="Toegevoegd.", button="Toevoegen")

    def add_form(self, request: HttpRequest) -> AddPersonForm:
        return AddPersonForm(request.POST or None, by=colleague(request))

    def add_person(self, form: AddPersonForm, *, by: Person) -> Person:
        return form.add(by=by, now=clock.now())

    def row_page(self, request: HttpRequest, row: Person) -> HttpResponse:
        form = ChangePersonForm(request.POST) if request.method == "POST" else ChangePersonForm.of(row)
        if form.is_bound and form.is_valid():
            changed = attempt(form, partial(form.change, row, by=colleague(request), now=clock.now()))
            if changed is not None:
                self.message_user(request, "Bewaard.")
                return HttpResponseRedirect(self.address_of(row))
        return self.show(request, self.page_template, title="Persoon", form=form, **self.facts_of(request, row))

    def facts_of(self, request: HttpRequest, person: Person) -> dict[str, Any]:
        """What is shown of somebody, and which buttons."""
        by = colleague(request)
        return {
            "person": person,
            "role": Role(person.role).label,
            "devices": Device.objects.filter(user=person, expiry__gt=clock.now()),
            "invites": Invite.objects.usable(now=clock.now()).filter(person=person).order_by("-made_at"),
            "may_change": policy.may_change(by, person),
            "may_invite": policy.may_invite(by, person) and person.may_use_the_service(),
            "may_sign_out": policy.may_sign_out(by, person),
            "may_suspend": policy.may_suspend(by, person),
            "may_erase": policy.may_erase(by, person) and person.erased_at is None,
            "may_let_staff_in": policy.may_let_staff_in(by, person),
            "has_second_factor": person.is_staff and Authenticator.objects.filter(user=person).exists(),
        }

    def do_invite(self, request: HttpRequest, person: Person) -> HttpResponse:
        """Show a code this once, with the QR code of its link."""
        try:
            invite, code = invites.make(person=person, by=colleague(request), now=clock.now())
        except DomainError as problem:
            return self._refuse(request, person, problem)
        link = enrol_link(code, host=request.build_absolute_uri("/"))
        drawing = mark_safe(segno.make(link, micro=False).svg_inline(scale=6, light="#fff"))  # noqa: S308  # drawn by us from a code and our address
        shown: dict[str, Any] = {"person": person, "invite": invite, "code": codes.for_reading(code), "drawing": drawing, "link": link}
        return self.show(request, "admin/accounts/person/invite.html", title="Uitnodiging", **shown)

    def do_password(self, request: HttpRequest, person: Person) -> HttpResponse:
        """Show a first password this once."""
        try:
            password = passwords.give(person=person, by=colleague(request), now=clock.now())
        except DomainError as problem:
            return self._refuse(request, person, problem)
        return self.show(request, "admin/accounts/person/password.html", title="Eerste wachtwoord", person=person, password=password)

    def do_revoke_invite(self, request: HttpRequest, person: Person) -> None:
        invite = _chosen(Invite.objects.filter(person=person), request.POST.get("invite"))
        if invite is not None:
            doing = partial(invites.revoke, invite=invite, by=colleague(request), now=clock.now())
            tell(request, doing, "De uitnodiging is ingetrokken.")

    def do_suspend(self, request: HttpRequest, person: Person) -> None:
        tell(request, partial(people.suspend, person=person, by=colleague(request), now=clock.now()), "Geschorst. Alle toegang is dicht.")

    def do_unsuspend(self, request: HttpRequest, person: Person) -> None:
        tell(request, partial(people.unsuspend, person=person, by=colleague(request), now=clock.now()), "De schorsing is opgeheven.")

    def do_sign_out(self, request: HttpRequest, person: Person) -> None:
        device = _chosen(Device.objects.filter(user=person), request.POST.get("device"))
        if device is not None:
            tell(request, partial(devices.revoke, device=device, by=colleague(request), now=clock.now()), "Het toestel is afgemeld.")

    def do_sign_out_everywhere(self, request: HttpRequest, person: Person) -> None:
        doing = partial(devices.revoke_all, person=person, by=colleague(request), now=clock.now())
        tell(request, doing, "Alle toestellen zijn afgemeld.")

    def do_erase(self, request: HttpRequest, person: Person) -> None:
        """There is no way back, so the button alone is not enough: the page asks for a word."""
        if request.POST.get("confirm", "").strip().lower() != ERASE_WORD:
            self.message_user(request, f"Er is niets gewist. Typ eerst “{ERASE_WORD}”.", messages.ERROR)
            return
        tell(
            request,
            partial(erasure.erase, person=person, by=colleague(request), now=clock.now()),
            "Gewist. Naam, nummer en toestellen zijn weg.",
        )

    def do_forget_second_factor(self, request: HttpRequest, person: Person) -> None:
        doing = partial(second_factors.forget, person=person, by=colleague(request), now=clock.now())
        tell(request, doing, "De tweede stap is vergeten. Bij het aanmelden wordt een nieuwe ingesteld.")

    def _refuse(self, request: HttpRequest, person: Person, problem: DomainError) -> HttpResponse:
        sentence = sentence_of(problem)
        return self.show(
            request, "admin/accounts/person/refused.html", title="Dat kan niet", person=person, sentence=sentence, status=problem.status
        )


def _chosen(rows: QuerySet[Any], said: str | None) -> Any:
    """The row with the id that a button carried; a page may be older than what it shows."""
    return next((row for row in rows if str(row.id) == said), None)
