"""`/t/<slot>`: a conversation, and the box to write in."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.views.private import person_of
from chat import frames
from chat.actions.marks import Progress, raise_marks
from chat.engine import running_engine
from core import clock
from core.errors import DomainError
from moderation.reading.held import waiting_of
from web.plain.drafts import draft, new_form, send_once, typed
from web.plain.lines import stretch
from web.plain.need import forget_need, keep_need, need_of
from web.plain.page import HOME, PlainView, field, is_looking_ahead
from web.plain.places import card_of, names_in
from web.plain.reader import Reader
from web.plain.safety import comes_from_others
from web.plain.times import instant_of
from web.plain.words import words


class Talk(PlainView):
    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}#f" if self.is_own_form else HOME

    def get(self, request: Request, slot: int) -> Response:
        now, person = clock.now(), person_of(request)
        card = card_of(person, slot, now=now)
        reader = Reader(person, card, words(self.language), now)
        page = stretch(reader, before=_seq(request, "before"), after=_seq(request, "after"))
        if request.method == "GET" and not is_looking_ahead(request) and not comes_from_others(request):
            _mark(card, Progress(person.id, card.id, delivered=page.last, read=page.last))
        need = need_of(request, reader.words, language=self.language)
        context = {"stretch": page, "draft_id": new_form(card.id), "waiting": _waiting(reader), "need": need, **self._writing(reader)}
        response = self.page("talk", slot=slot, names=names_in(card), **context)
        return forget_need(response) if need else response

    def _writing(self, reader: Reader) -> dict[str, Any]:
        """Why nothing can be written, or until when."""
        person, card = reader.person, reader.card
        state = "left" if card.left else card.state
        until = card.closes_at.astimezone(ZoneInfo(person.zone)) if isinstance(card.closes_at, datetime) else None
        return {
            "cannot_write": reader.words["cannot_write"].get(state, ""),
            "may_plan": reader.may_plan,
            "open_until": f"{until.day}/{until.month} {until:%H:%M}" if until else "",
        }

    def post(self, request: Request, slot: int) -> Response:
        now, person = clock.now(), person_of(request)
        card = card_of(person, slot, now=now)
        body = typed(request)
        outcome = send_once(draft(request, person=person, conversation_id=card.id, body=body), now=now)
        return keep_need(self.go(f"{HOME}/{slot}#f"), outcome.help)

    def box(self, problem: DomainError) -> dict[str, Any]:
        return box(self.request, problem)


def box(request: Request, problem: DomainError) -> dict[str, Any]:
    """What was typed, in a form of the same number: should the first try have got through after all, the second finds it."""
    return {"text": typed(request), "draft_id": problem.facts.get("form") or field(request, "draft_id")}


def _waiting(reader: Reader) -> list[str]:
    """Until when each message waits that a moderator sees first."""
    return [
        reader.words["safe"]["held_until"].format(instant_of(until, reader.person))
        for until in waiting_of(reader.person.id, reader.card.id)
    ]


def _mark(card: frames.Card, progress: Progress) -> None:
    """Queue the marks, where a lane runs; a page need not wait for the half second in which they gather."""
    mine = next((member.delivered_seq for member in card.members if member.number == card.you), 0)
    if progress.read <= card.read_seq and progress.delivered <= mine:
        return
    if engine := running_engine():
        engine.mark(progress, lambda _: None)
    else:
        raise_marks(steps=[progress])


def _seq(request: Request, name: str) -> int | None:
    """A seq of an address; what is none is not asked for."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and 1 <= len(text) <= 15 and int(text) >= 1 else None
