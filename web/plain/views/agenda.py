"""`/t/meetings`: what is planned, over all conversations; the days that somebody is away; and the address of their calendar."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.views.private import person_of
from chat import reading
from core import clock
from core.errors import DomainError, NotFound
from meetings.actions import absences, feeds
from meetings.errors import BadAbsence, BadTime
from meetings.models import Away, CalendarFeed
from meetings.reading.agenda import Item, agenda
from meetings.times import end_of, shown_at
from meetings.views.agenda import ensure_calm
from web.plain.page import HOME, PlainView, field
from web.plain.places import names_in, slots_of
from web.plain.times import day_typed, said_day, said_time, said_zone, today_in
from web.plain.words import words

MOST_SHOWN = 30
AGENDA = f"{HOME}/meetings"


class Agenda(PlainView):
    def get(self, request: Request) -> Response:
        now, person = clock.now(), person_of(request)
        items = [one for one in agenda(person, now=now) if end_of(one.occurrence.time) > now or one.asks_held(now=now)]
        cards = {card.id: card for card in reading.cards(person.id, now=now, only={one.conversation for one in items})}
        slots = slots_of(person)
        rows = [
            {"slot": slots[one.conversation], "names": names_in(cards[one.conversation]), **self._row(one, person)}
            for one in items[:MOST_SHOWN]
            if one.conversation in cards
        ]
        return self.page("agenda", rows=rows)

    def _row(self, item: Item, person: Person) -> dict[str, Any]:
        now, said = clock.now(), words(self.language)
        asks = item.asks_held(now=now)
        zone = "" if item.occurrence.zone == person.zone else f" ({said_zone(item.occurrence.zone, said)})"
        state = said["meet"]["was_it"] if asks else said["meet"]["you"][item.you]
        return {
            "number": item.meeting.number,
            "when": said_time(item.occurrence.time, said, today=today_in(item.occurrence.zone, now)) + zone,
            "fate": "" if asks else said["meet"]["fate"][_fate(item)],
            "state": state,
            "place": item.meeting.place,
        }


class AwayDays(PlainView):
    """Somebody else's days are as unknown as none."""

    back = AGENDA

    def get(self, request: Request) -> Response:
        return self._days()

    def post(self, request: Request) -> Response:
        person, now = person_of(request), clock.now()
        ensure_calm(request)
        if "remove" in request.data:
            self._remove(person)
        else:
            today = today_in(person.zone, now)
            first, last = (_day(field(request, name), today=today) for name in ("first", "last"))
            absences.add(person=person, first_date=first, last_date=last, now=now)
        return self.go(f"{AGENDA}/away")

    def refusal(self, problem: DomainError) -> Response:
        return self._days(problem) if self.is_own_form and self.person else super().refusal(problem)

    def _remove(self, person: Person) -> None:
        try:
            absences.remove(person=person, away_id=UUID(field(self.request, "remove")), now=clock.now())
        except (NotFound, ValueError):
            return  # it is gone already: the second press of a button

    def _days(self, problem: DomainError | None = None) -> Response:
        person, said = person_of(self.request), words(self.language)
        today = today_in(person.zone, clock.now())
        days = [
            (one.id, said_day(one.first_date, said, today=today), said_day(one.last_date, said, today=today))
            for one in Away.objects.filter(person=person, last_date__gte=today)
        ]
        told = {**self.reason(problem), "status": problem.status} if problem else {}
        typed: dict[str, Any] = {name: field(self.request, name) for name in ("first", "last")} if problem else {}
        return self.page("away_days", days=days, **told, **typed)


class Calendar(PlainView):
    """The address is told in the answer to the button, and never again."""

    back = AGENDA

    def get(self, request: Request) -> Response:
        return self._calendar()

    def post(self, request: Request) -> Response:
        person, now = person_of(request), clock.now()
        if "end" in request.data:
            feeds.revoke(person=person, by=person, now=now)
            return self.go(f"{AGENDA}/calendar")
        token = feeds.make(person=person, details="details" in request.data, now=now)
        home = (settings.MAATJE_PUBLIC_URL or request.build_absolute_uri("/")).rstrip("/")
        return self._calendar(f"{home}/calendar/{token}.ics")

    def _calendar(self, address: str = "") -> Response:
        person, said = person_of(self.request), words(self.language)
        feed = CalendarFeed.objects.filter(person=person).first()
        today = today_in(person.zone, clock.now())
        days = [
            said_day(shown_at(at, person.zone).date(), said, today=today) if at else ""
            for at in ((feed.made_at, feed.used_at) if feed else ())
        ]
        return self.page("calendar", address=address, feed=feed, days=days)


def _day(text: str, *, today: date) -> date:
    try:
        return day_typed(text, today=today)
    except BadTime:
        raise BadAbsence from None


def _fate(item: Item) -> str:
    """Who is away themselves is told so; others only that somebody is."""
    if item.occurrence.why_not == "away" and "away" in item.warnings:
        return "you_away"
    return item.occurrence.why_not or "goes"
