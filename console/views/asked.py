"""What a coordinator does about decisions: see them, read somebody who was shut out their letter, and write down their appeal."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Language
from console.gate import colleague, needs
from console.words import sentence_of
from core import clock
from core.errors import DomainError, NotFound
from moderation import letters
from moderation.actions import appeals, asking, speaking
from moderation.permissions import Permission
from moderation.reading import letters_of


@require_POST
@needs(Permission.SEE_CIRCLES)
def task_seen(request: HttpRequest, task_id: UUID) -> HttpResponse:
    asking.seen(task_id, by=colleague(request), now=clock.now())
    messages.success(request, "Gezien.")
    return redirect("console:circles")


@require_safe
@needs(Permission.SPEAK_FOR)
def letter(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """The letter to somebody who was shut out, to be read to them. That it was read is a row of the audit log before it is shown."""
    return _show_letter(request, statement_id)


@require_POST
@needs(Permission.SPEAK_FOR)
def record_appeal(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """What somebody without a phone of theirs says, in their words; they get the outcome as anybody else does."""
    words = request.POST.get("words", "")
    try:
        appeals.appeal(statement_id=statement_id, words=words, by=colleague(request), now=clock.now())
    except NotFound:
        raise
    except DomainError as problem:
        return _show_letter(request, statement_id, sentence=sentence_of(problem), typed=words, status=problem.status)
    messages.success(request, "Het beroep is ingediend. Iemand die er geen deel aan had, kijkt opnieuw.")
    return redirect("console:circles")


def _show_letter(request: HttpRequest, statement_id: UUID, *, sentence: str = "", typed: str = "", status: int = 200) -> HttpResponse:
    """In their language, which is how they hear it best, and in Dutch beside it; with an appeal that was refused, what was typed."""
    now = clock.now()
    found = speaking.open_letter(statement_id, by=colleague(request), now=now)
    language = found.person.language
    context = {
        "statement": found,
        "told": letters.tell(found, language=language),
        "language": language,
        "in_dutch": None if language == Language.NL else letters.tell(found, language=Language.NL),
        "appeal_until": letters_of.appeal_until(found, now=now),
        "appealed_at": letters_of.appealed_at(found),
        "sentence": sentence,
        "typed": typed,
        "most_words": appeals.MOST_WORDS,
    }
    return render(request, "console/letter.html", context, status=status)
