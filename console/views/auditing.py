"""The audit log: what staff did, by identifiers and codes, and the proof that nothing of it was changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from console.gate import colleague, needs
from console.reading import auditing
from core import clock
from moderation.actions import verifying
from moderation.permissions import Permission, may


@require_safe
@needs(Permission.SEE_AUDIT, Permission.VERIFY_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """The newest rows, for who may see them; the button alone, for who may only verify."""
    return _show(request)


@require_POST
@needs(Permission.VERIFY_AUDIT)
def verify(request: HttpRequest) -> HttpResponse:
    """Walk the whole log now; that somebody did is a row of it."""
    return _show(request, verdict=verifying.verify(by=colleague(request), now=clock.now()))


def _show(request: HttpRequest, **more: object) -> HttpResponse:
    person = colleague(request)
    context: dict[str, object] = {"may_see": may(person, Permission.SEE_AUDIT), "may_verify": may(person, Permission.VERIFY_AUDIT), **more}
    if context["may_see"]:
        wanted = auditing.Wanted.of(request.GET)
        context |= {"wanted": wanted, "page": auditing.page(wanted, person)}
    return render(request, "console/audit.html", context)
