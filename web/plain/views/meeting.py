"""`/t/<slot>/meeting/<number>`: the whole of one meeting, the buttons for it, and afterwards whether it took place."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.views.private import person_of
from chat import frames
from core import clock
from core.errors import DomainError, Invalid
from meetings.actions import reports
from meetings.dates import ensure_date, time_on
from meetings.reading.agenda import Item, agenda
from meetings.views.calendar import MeetingFile
from web.plain.drafts import meeting_draft, new_form, send_once
from web.plain.meetings import planned_here, shown
from web.plain.page import HOME, PlainView, field
from web.plain.places import card_of
from web.plain.reader import Reader
from web.plain.views.plan import version_of
from web.plain.words import words

ANSWERS: dict[str, frames.AskedAct] = {"yes": "accept", "no": "decline", "cancel": "cancel"}  # by the name of the button
REPORTS = {"held": True, "not_held": False}


class MeetingView(PlainView):
    """One press is one answer. A press on an old page is refused, and shows how the meeting is now."""

    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}#f"

    def reader(self, request: Request) -> Reader:
        now, person = clock.now(), person_of(request)
        return Reader(person, card_of(person, self.kwargs["slot"], now=now), words(self.language), now)

    def get(self, request: Request, slot: int, number: int) -> Response:
        return self._whole(self.reader(request))

    def post(self, request: Request, slot: int, number: int) -> Response:
        reader = self.reader(request)
        here = f"{HOME}/{slot}/meeting/{number}"
        button = next((name for name in (*ANSWERS, *REPORTS) if name in request.data), None)
        if button is None:
            raise Invalid
        if button in REPORTS:
            self._report(request, reader, number, took_place=REPORTS[button])
            return self.go(here)
        asked: dict[str, Any] = {"meeting": number, "version": version_of(request), "date": field(request, "of") or None}
        if button == "yes":
            asked["choice"] = _choice(request)
        draft = meeting_draft(request, person=reader.person, conversation_id=reader.card.id, act=ANSWERS[button], **asked)
        send_once(draft, now=reader.now)
        return self.go(here if "here" in request.data else self.back)

    def refusal(self, problem: DomainError) -> Response:
        """Why not, above how the meeting is now."""
        if not self.is_own_form or self.person is None:
            return super().refusal(problem)
        try:
            return self._whole(self.reader(self.request), problem)
        except DomainError:  # there is nothing to show it above
            return super().refusal(problem)

    def _report(self, request: Request, reader: Reader, number: int, *, took_place: bool) -> None:
        note = field(request, "note").replace("\r\n", "\n")
        held = frames.Held(0, reader.card.id, number, took_place, field(request, "of") or None, note)
        reports.report(held, by_id=reader.person.id, now=reader.now)

    def _whole(self, reader: Reader, problem: DomainError | None = None) -> Response:
        slot, number = self.kwargs["slot"], self.kwargs["number"]
        card = shown(reader, planned_here(reader, number))
        mine = [one for one in agenda(reader.person, now=reader.now, conversation_id=reader.card.id) if one.meeting.number == number]
        said = {**self.reason(problem), "status": problem.status} if problem else {}
        over = [_over(reader, one) for one in mine if one.asks_held(now=reader.now) or one.took_place is not None]
        kept = {"note": field(self.request, "note"), "noted_of": field(self.request, "of")} if problem else {}
        return self.page("meeting", slot=slot, card=card, over=over, draft_id=new_form(reader.card.id), **{**kept, **said})


class Cancel(MeetingView):
    """Asks first: the others are told."""

    @property
    def back(self) -> str:  # type: ignore[override]  # back to what it is about
        return f"{HOME}/{self.kwargs['slot']}/meeting/{self.kwargs['number']}"

    def get(self, request: Request, slot: int, number: int) -> Response:
        reader = self.reader(request)
        planned = planned_here(reader, number)
        card, name = shown(reader, planned), request.query_params.get("of", "")
        if name:
            ensure_date(planned.meeting, name)
        when = [reader.said(time_on(planned.meeting, name), planned.meeting.zone)] if name else card.when
        word = next((way.word for way in card.ways if way.act == "cancel"), "") if not name else reader.meet["cancel_this"]
        return self.page("cancel", slot=slot, card=card, of=name, when=when, word=word, draft_id=new_form(reader.card.id))


class File(PlainView, MeetingFile):  # type: ignore[misc]  # how a browser is answered, PlainView says first
    """The same file, under the same rules, as that of the API."""

    def get(self, request: Request, slot: int, number: int) -> Any:  # type: ignore[override]  # the address names a slot here
        return super().get(request, card_of(person_of(request), slot, now=clock.now()).id, number)


def _over(reader: Reader, item: Item) -> dict[str, Any]:
    """A time that is over: when it was, and what this person said of it."""
    said = None if item.took_place is None else reader.meet["held" if item.took_place else "not_held"]
    return {"of": item.occurrence.date or "", "when": reader.said(item.occurrence.time, item.meeting.zone), "said": said}


def _choice(request: Request) -> int:
    """Which of several times; a button says its place."""
    text = field(request, "yes")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 else 0
