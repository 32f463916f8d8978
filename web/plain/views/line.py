"""`/t/<slot>/<seq>`: one's own message, to change or to take back."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.views.private import person_of
from chat import frames, policy, reading
from chat.drafts import DraftKind
from chat.errors import EntryNotFound
from core import clock
from core.errors import DomainError
from web.plain.drafts import draft, new_form, send_once, typed
from web.plain.lines import is_changeable
from web.plain.need import keep_need
from web.plain.page import HOME, PlainView
from web.plain.places import card_of
from web.plain.views.talk import box


class OwnLine(PlainView):
    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}#f"

    def get(self, request: Request, slot: int, seq: int) -> Response:
        now, person = clock.now(), person_of(request)
        card = card_of(person, slot, now=now)
        entry = _own(person, card, seq)
        is_editable = now - entry.at <= policy.EDIT_WINDOW and isinstance(entry.body, str)
        return self.page(
            "line", slot=slot, text=entry.body if isinstance(entry.body, str) else "", is_editable=is_editable, draft_id=new_form(card.id)
        )

    def post(self, request: Request, slot: int, seq: int) -> Response:
        now, person = clock.now(), person_of(request)
        card = card_of(person, slot, now=now)
        kind: DraftKind = "retract" if "back" in request.data else "edit"
        body = typed(request) if kind == "edit" else None
        outcome = send_once(draft(request, person=person, conversation_id=card.id, kind=kind, body=body, target=seq), now=now)
        return keep_need(self.go(self.back), outcome.help)

    def box(self, problem: DomainError) -> dict[str, Any] | None:
        return None if "back" in self.request.data else box(self.request, problem)


def _own(person: Person, card: frames.Card, seq: int) -> frames.Entry:
    """:raises EntryNotFound: also for what others said, and for what cannot change any more."""
    entries, _ = reading.history(person.id, card.id, before=seq + 1, after=None, limit=1)
    if not entries or entries[0].seq != seq or not is_changeable(entries[0], card):
        raise EntryNotFound
    return entries[0]
