"""`/t/<slot>/plan`: something to do together, with one tap or with a form; and other times for what was asked before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.views.private import person_of
from chat import frames
from chat.errors import ConversationNotFound
from core import clock
from core.errors import DomainError, Invalid
from meetings.dates import ensure_date, time_on
from meetings.times import resolved
from web.plain.drafts import meeting_draft, new_form, send_once
from web.plain.meetings import planned_here, shown
from web.plain.page import HOME, PlainView, field
from web.plain.places import card_of
from web.plain.planning import Form, NotThatTime, diary, filled, known_as
from web.plain.reader import Reader
from web.plain.suggesting import Suggestion, suggestion
from web.plain.times import said_day, said_zone, today_in, weekday
from web.plain.words import words

MOST_VERSION = 9  # digits


class TimesView(PlainView):
    """A form with times. What was typed comes back with what is wrong; what speaks against it is asked about once."""

    form: Form | None = None

    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}#f"

    def reader(self, request: Request) -> Reader:
        now, person = clock.now(), person_of(request)
        return Reader(person, card_of(person, self.kwargs["slot"], now=now), words(self.language), now)

    def asked(self, reader: Reader, form: Form, zone: str, *, but: tuple[int, str] | None = None) -> list[frames.AskedTime] | None:
        """The times to ask for; none when the page has to say first what speaks against them."""
        self.form = form
        try:
            asked = form.asked(zone, now=reader.now)
        except NotThatTime as wrong:
            self.form = wrong.form
            raise wrong.problem from None
        if known_as(asked) != form.known:
            found = diary(reader, but=but).against([resolved(one, zone) for one in asked])
            if found:
                self.form = replace(form, warnings=[reader.meet["warnings"][one] for one in found], known=known_as(asked))
                return None
        return asked

    def refusal(self, problem: DomainError) -> Response:
        """The form again, with what is wrong beside what was typed."""
        if self.form is None or isinstance(problem, ConversationNotFound):
            return super().refusal(problem)
        try:
            return self.shown(self.reader(self.request), self.form, problem)
        except DomainError:  # there is nothing to show it above
            return super().refusal(problem)

    def shown(self, reader: Reader, form: Form, problem: DomainError | None = None) -> Response:
        said = {**self.reason(problem), "status": problem.status} if problem else {}
        draft_id = field(self.request, "draft_id") if self.is_own_form else ""
        given = (problem.facts.get("form") if problem else None) or draft_id or new_form(reader.card.id)
        lengths = [(length, reader.meet["minutes"].replace("{}", length)) for length in form.lengths]
        page = {"form": form, "draft_id": given, "slot": self.kwargs["slot"], "lengths": lengths}
        return self.page("plan", **page, **said, **self.around(reader, form))

    def around(self, reader: Reader, form: Form) -> Mapping[str, Any]:
        """What else the page needs."""
        raise NotImplementedError


class Plan(TimesView):
    usual: Suggestion | None = None
    against: Sequence[str] = ()

    def get(self, request: Request, slot: int) -> Response:
        reader = self.reader(request)
        known = diary(reader)
        self.usual = suggestion(reader, known)
        self.against = known.against([resolved(self.usual.asked, reader.person.zone)])
        return self.shown(reader, filled([self.usual.asked]))

    def post(self, request: Request, slot: int) -> Response:
        reader = self.reader(request)
        form = Form.of(request)
        asked = self.asked(reader, form, reader.person.zone)
        if asked is None:
            return self.shown(reader, self.form or form)
        wanted = {
            "times": asked,
            "zone": reader.person.zone,
            "place": form.place or None,
            "online": form.online or None,
            "purpose": form.chosen_purpose(),
            "repeat": form.rule() or None,
            "on_holidays": (bool(form.repeat) and form.on_holidays) or None,
        }
        send_once(meeting_draft(request, person=reader.person, conversation_id=reader.card.id, act="propose", **wanted), now=reader.now)
        return self.go(self.back)

    def around(self, reader: Reader, form: Form) -> Mapping[str, Any]:
        title = {"is_new": True, "is_whole": True, "title": reader.meet["plan"]}
        if (usual := self.usual) is None:
            return title
        said = reader.words
        day, hour = usual.start.date(), f"{usual.start:%H:%M}"
        comma = reader.meet["comma"]
        return {
            **title,
            "usual": usual,
            "usual_form": filled([usual.asked]).rows[0],
            "usual_known": known_as([usual.asked]),
            "usual_weekly": f"{reader.meet['every_week']}{comma} {weekday(day, said)} {hour}",
            "usual_once": f"{reader.meet['once']}{comma} {said_day(day, said, today=today_in(reader.person.zone, reader.now))} {hour}",
            "usual_minutes": reader.meet["minutes"].replace("{}", str(usual.minutes)),
            "usual_warnings": [reader.meet["warnings"][one] for one in self.against],
        }


class OtherTimes(TimesView):
    """`/t/<slot>/meeting/<number>/counter` and `…/move`, of a whole meeting or of the date that the address names."""

    def get(self, request: Request, slot: int, number: int, act: str) -> Response:
        reader = self.reader(request)
        meeting = planned_here(reader, number).meeting
        name = request.query_params.get("of", "")
        if name:
            ensure_date(meeting, name)
        times = [time_on(meeting, name)] if name else meeting.times
        asked = [frames.AskedTime(time.start, time.minutes) for time in times]
        return self.shown(reader, filled(asked, minutes=str(times[0].minutes), place=meeting.place, online=meeting.online))

    def post(self, request: Request, slot: int, number: int, act: str) -> Response:
        reader = self.reader(request)
        form, name = Form.of(request), field(request, "of")
        meeting = planned_here(reader, number).meeting
        asked = self.asked(reader, form, meeting.zone, but=(number, name))
        if asked is None:
            return self.shown(reader, self.form or form)
        wanted: dict[str, Any] = {"meeting": number, "version": version_of(request), "times": asked, "date": name or None}
        if not name:
            wanted |= {"place": form.place, "online": form.online}
        asked_act: frames.AskedAct = "move" if act == "move" else "counter"
        draft = meeting_draft(request, person=reader.person, conversation_id=reader.card.id, act=asked_act, **wanted)
        send_once(draft, now=reader.now)
        return self.go(self.back)

    def around(self, reader: Reader, form: Form) -> Mapping[str, Any]:
        number, act = self.kwargs["number"], self.kwargs["act"]
        name = field(self.request, "of") if self.is_own_form else self.request.query_params.get("of", "")
        planned = planned_here(reader, number)
        meeting = planned.meeting
        when = [reader.said(time_on(meeting, name), meeting.zone)] if name else shown(reader, planned).when
        clock_of = "" if meeting.zone == reader.person.zone else said_zone(meeting.zone, reader.words)
        title = reader.meet["counter" if act == "counter" else "move_this" if name else "move_all" if meeting.repeat else "move"]
        return {
            "is_whole": not name,
            "has_one": bool(name or meeting.repeat),
            "of": name,
            "title": title,
            "now": shown(reader, planned),
            "now_when": when,
            "clock_of": clock_of,
        }


def version_of(request: Request) -> int:
    """The version that somebody was looking at. :raises Invalid: it is none."""
    text = field(request, "version")
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_VERSION and int(text)):
        raise Invalid
    return int(text)
