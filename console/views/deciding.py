"""Deciding on a case, in the words that whoever it concerns will read; and letting through what waited for it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from console import forms
from console.gate import colleague, needs
from console.views.acts import act_on, pressed
from core import clock
from moderation.actions import decisions, holding
from moderation.permissions import Permission
from moderation.words import DecisionKind


@require_POST
@needs(Permission.DECIDE, Permission.DECIDE_FOR_CIRCLE, Permission.DECIDE_FOR_PERSON)
def decide(request: HttpRequest, case_id: UUID) -> HttpResponse:
    form = forms.Decide(request.POST)
    asks_another = request.POST.get("kind") in {kind.value for kind in DecisionKind if kind.needs_two_people}
    told = (
        "Voorgesteld. Er gebeurt nog niets: eerst beslist een tweede leidinggevende mee."
        if asks_another
        else "Beslist. Wie het aangaat, krijgt een brief."
    )

    def do(_: forms.Seen) -> object:
        given, by = form.cleaned_data, colleague(request)
        return decisions.decide(
            case_id, kind=given["kind"], clause=given["clause"], words=given["words"], until=form.until_in(by.zone), by=by,
            version=given["version"], now=clock.now(),
        )  # fmt: skip

    return act_on(request, case_id, form, do, told)


let_through = pressed(
    Permission.DECIDE, holding.release, "Doorgelaten. Wat kan, staat nu in het gesprek; tijdens een pauze wacht het tot die voorbij is."
)
