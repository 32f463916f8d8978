"""The second person: yes or no to what a colleague proposed or asked; and giving back before its time."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from console.gate import colleague, needs
from console.reading.cases import case_of_decision, case_of_widening
from console.views.case import show
from console.words import sentence_of
from core import clock
from core.errors import DomainError, NotFound
from moderation.actions import decisions, widening
from moderation.permissions import Permission

Say = Callable[..., object]


def _answered(case_of: Callable[[UUID], UUID], say: Say, told: str, *permissions: Permission) -> Callable[..., HttpResponseBase]:
    @require_POST
    @needs(*permissions)
    def answer(request: HttpRequest, row_id: UUID) -> HttpResponse:
        case_id = case_of(row_id)
        try:
            say(row_id, by=colleague(request), now=clock.now())
        except NotFound:
            raise
        except DomainError as problem:
            return show(request, case_id, sentence=sentence_of(problem), status=problem.status)
        if request.headers.get("HX-Request"):
            return show(request, case_id, told=told)
        messages.success(request, told)
        return redirect("console:case", case_id)

    return answer


agree = _answered(case_of_decision, decisions.agree, "Je ging akkoord. De beslissing geldt nu.", Permission.AGREE)
disagree = _answered(case_of_decision, decisions.refuse, "Je ging niet akkoord. Het dossier gaat verder.", Permission.AGREE)
widen_agree = _answered(case_of_widening, widening.agree, "Je ging akkoord. Je collega kan meer lezen.", Permission.AGREE)
widen_disagree = _answered(case_of_widening, widening.refuse, "Je ging niet akkoord.", Permission.AGREE)
lift = _answered(
    case_of_decision, decisions.lift, "Opgeheven. Wie het aanging, krijgt een brief.", Permission.DECIDE_FOR_CIRCLE, Permission.DECIDE_FOR_PERSON
)  # fmt: skip
