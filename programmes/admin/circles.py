"""Circles: proposed here, agreed to on the phones of their members, and led from step to step here."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.back_office.doing import tell
from accounts.back_office.pages import BackOfficeAdmin, colleague
from core import clock
from programmes.actions import circles, members
from programmes.back_office.choices import circles_seen_by, names_of, programmes_of
from programmes.back_office.circle_forms import CoordinatorsForm, EndForm, KindForm, NewMemberForm, ProposeForm
from programmes.back_office.circle_page import facts_of
from programmes.models import Circle, EndReason, MemberRole

CHOOSE = "Kies eerst uit de lijst."


@admin.register(Circle)
class CircleAdmin(BackOfficeAdmin):
    list_display = ("shown_names", "kind", "state", "programme", "shown_coordinator")
    list_filter = ("state", "kind")
    ordering = ("-proposed_at",)
    deeds: ClassVar[tuple[str, ...]] = (
        "introduce", "start-trial", "activate", "pause", "resume", "end", "add-member", "remove-member", "set-coordinators",
    )  # fmt: skip

    @admin.display(description="wie")
    def shown_names(self, circle: Circle) -> str:
        return names_of(circle)

    @admin.display(description="coördinator")
    def shown_coordinator(self, circle: Circle) -> str:
        return circle.coordinator.name if circle.coordinator else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return circles_seen_by(colleague(request)).with_people().order_by("-proposed_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return colleague(request).role in self.viewers

    def new_page(self, request: HttpRequest) -> HttpResponse:
        """First which programme and kind, which changes nothing; then who."""
        by = colleague(request)
        chosen = KindForm(request.GET if "kind" in request.GET else None, programmes=programmes_of(by))
        if not chosen.is_valid():
            return self.show(request, "admin/programmes/circle/kind.html", title="Nieuwe kring", form=chosen)
        programme, kind = chosen.chosen_programme, chosen.chosen_kind
        form = ProposeForm(request.POST or None, programme=programme, kind=kind, initial={"coordinator": str(by.id)})

        def propose() -> Circle:
            (coordinator,), (deputy,) = form.chosen("coordinator"), form.chosen("deputy")
            return circles.propose(
                programme=programme, kind=kind, members=form.invited(), coordinator=coordinator, deputy=deputy, by=by, now=clock.now()
            )

        title, done = f"Nieuwe kring: {kind.label}", "Voorgesteld. Nodig hen uit; ze zeggen zelf ja."
        return self.ask(request, form, title=title, doing=propose, done=done, button="Voorstellen", subtitle=programme.name)

    def row_page(self, request: HttpRequest, row: Circle) -> HttpResponse:
        return self.show(request, "admin/programmes/circle/page.html", title="Kring", **facts_of(row, by=colleague(request)))

    def do_introduce(self, request: HttpRequest, circle: Circle) -> None:
        _step(request, circle, circles.introduce, "Ze kunnen nu met elkaar praten.")

    def do_start_trial(self, request: HttpRequest, circle: Circle) -> None:
        _step(request, circle, circles.start_trial, "De proefperiode is gestart.")

    def do_activate(self, request: HttpRequest, circle: Circle) -> None:
        _step(request, circle, circles.activate, "De kring is actief.")

    def do_pause(self, request: HttpRequest, circle: Circle) -> None:
        _step(request, circle, circles.pause, "De kring is gepauzeerd: er kan nu niet geschreven worden.")

    def do_resume(self, request: HttpRequest, circle: Circle) -> None:
        _step(request, circle, circles.resume, "De kring is hervat.")

    def do_end(self, request: HttpRequest, circle: Circle) -> None:
        form = EndForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Kies waarom de kring eindigt.")
            return
        _step(request, circle, partial(circles.end, reason=EndReason(form.cleaned_data["reason"])), "De kring is beëindigd.")

    def do_add_member(self, request: HttpRequest, circle: Circle) -> None:
        form = NewMemberForm(request.POST, circle=circle)
        if not form.is_valid():
            messages.error(request, CHOOSE)
            return
        (person,), role = form.chosen("person"), MemberRole(form.cleaned_data["role"])
        _step(request, circle, partial(members.add, person=person, role=role), "Uitgenodigd in de kring; wacht op het ja.")

    def do_remove_member(self, request: HttpRequest, circle: Circle) -> None:
        said = request.POST.get("person", "")
        person = next((member.person for member in circle.members.select_related("person") if str(member.person_id) == said), None)
        if person is None:
            messages.error(request, CHOOSE)
            return
        _step(request, circle, partial(members.remove, person=person), "Uit de kring gehaald.")

    def do_set_coordinators(self, request: HttpRequest, circle: Circle) -> None:
        form = CoordinatorsForm(request.POST, programme=circle.programme)
        if not form.is_valid():
            messages.error(request, CHOOSE)
            return
        (coordinator,), (deputy,) = form.chosen("coordinator"), form.chosen("deputy")
        _step(request, circle, partial(circles.set_coordinators, coordinator=coordinator, deputy=deputy), "Bewaard.")


def _step(request: HttpRequest, circle: Circle, action: Callable[..., Circle], done: str) -> None:
    tell(request, partial(action, circle=circle, by=colleague(request), now=clock.now()), done)
