"""Reporting a line or a person, and asking for the professional: what keeps people safe works without a script too."""

from typing import Any, get_args
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.views.private import person_of
from chat import frames, reading
from chat.errors import EntryNotFound
from chat.models import Conversation
from chat.safety import safety
from core import clock
from core.errors import DomainError, Invalid
from moderation import roster
from web.plain.drafts import id_of_form, new_form, typed
from web.plain.lines import is_theirs
from web.plain.page import HOME, PlainView, field
from web.plain.places import card_of
from web.plain.times import instant_of
from web.plain.views.people import other_in
from web.plain.words import words

REASONS: dict[str, Any] = {code: code for code in get_args(frames.FlagReason)}
URGENCIES: dict[str, Any] = {code: code for code in get_args(frames.Urgency)}


class Reporting(PlainView):
    """Six reasons, and words for who wants to say more. What comes back is the receipt; the same form sent twice is one report."""

    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}#f"

    def about(self, person: Person, card: frames.Card) -> dict[str, Any]:
        """`target` or `member`, for the frame, and what is shown of it. :raises DomainError:"""
        raise NotImplementedError

    def get(self, request: Request, slot: int, **_: int) -> Response:
        person = person_of(request)
        card = card_of(person, slot, now=clock.now())
        about = self.about(person, card)
        reasons = words(self.language)["safe"]["reasons"]
        return self.page("report", slot=slot, reasons=reasons.items(), shown=about["shown"], draft_id=new_form(card.id))

    def post(self, request: Request, slot: int, **_: int) -> Response:
        now, person = clock.now(), person_of(request)
        card = card_of(person, slot, now=now)
        reason, said = REASONS.get(field(request, "reason")), typed(request)[: frames.MOST_WORDS]
        if reason is None:
            raise Invalid
        about = {name: value for name, value in self.about(person, card).items() if name != "shown"}
        flag_id = id_of_form(request, card.id, "flag", reason, str(about), said)
        flagged = safety().flag(frames.Flag(0, card.id, flag_id, reason, words=said, **about), by_id=person.id, now=now)
        said_back = words(self.language)["safe"]
        text = said_back["flag_kept"].format(instant_of(flagged.answer_by, person))
        return self.page("receipt", slot=slot, title=said_back["report"], said=text, on_duty=flagged.on_duty, is_report=True)

    def box(self, problem: DomainError) -> dict[str, Any] | None:
        return None


class ReportLine(Reporting):
    """`/t/<slot>/<seq>/flag`"""

    def about(self, person: Person, card: frames.Card) -> dict[str, Any]:
        seq = self.kwargs["seq"]
        entries, _ = reading.history(person.id, card.id, before=seq + 1, after=None, limit=1)
        if not entries or entries[0].seq != seq or not is_theirs(entries[0], card):
            raise EntryNotFound
        return {"target": seq, "shown": entries[0].body or ""}


class ReportPerson(Reporting):
    """`/t/<slot>/people/<number>/flag`"""

    def about(self, person: Person, card: frames.Card) -> dict[str, Any]:
        other = other_in(card, self.kwargs["number"])
        return {"member": other.number, "shown": other.name}


class Ask(PlainView):
    """`/t/<slot>/ask`: the professional of this circle. Says before it is asked whether somebody is there."""

    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}#f"

    def get(self, request: Request, slot: int) -> Response:
        now, person = clock.now(), person_of(request)
        card = card_of(person, slot, now=now)
        there_from = roster.at_work_from(_organisation_of(card.id), now=now)
        safe = words(self.language)["safe"]
        from_when = "" if there_from <= now else safe["there_from"].format(instant_of(there_from, person))
        return self.page("ask", slot=slot, urgencies=safe["urgencies"].items(), there_from=from_when, draft_id=new_form(card.id))

    def post(self, request: Request, slot: int) -> Response:
        now, person = clock.now(), person_of(request)
        card = card_of(person, slot, now=now)
        urgency, said = URGENCIES.get(field(request, "urgency")), typed(request)[: frames.MOST_WORDS]
        if urgency is None:
            raise Invalid
        asked_id = id_of_form(request, card.id, "ask", urgency, said)
        kept = safety().escalate(frames.Escalate(0, card.id, asked_id, urgency, words=said), by_id=person.id, now=now)
        safe, when = words(self.language)["safe"], instant_of(kept.answer_by, person)
        text = safe["ask_kept"].format(f"\u2068{kept.name}\u2069", when) if isinstance(kept.name, str) else safe["ask_taken"].format(when)
        return self.page("receipt", slot=slot, title=safe["ask"], said=text, on_duty=kept.on_duty)


def _organisation_of(conversation_id: UUID) -> UUID:
    found: UUID = Conversation.objects.values_list("circle__programme__organisation_id", flat=True).get(id=conversation_id)
    return found
