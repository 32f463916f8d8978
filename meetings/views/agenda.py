"""What is planned for somebody, whether a time suits them, and the days on which they are away."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.openapi import answers
from accounts.pace import pace
from accounts.views.private import PrivateView, device_of, person_of
from chat import frames
from chat.errors import TooFast
from chat.schemas import schema_of
from chat.views.carrying import command_of
from core import clock
from core.errors import DomainError
from live.pace import Pace
from meetings.actions import absences
from meetings.advice import warnings
from meetings.models import Away
from meetings.reading import agenda as reading
from meetings.serializers import Agenda, AwayAnswer, AwayAsked, AwayList, Checked
from meetings.times import resolved

_CHANGES = Pace(rate=1 / 10, burst=40)  # of one person's days away, by which all their meetings go ahead or not
AGENDA_COST = 5  # requests, beside the one that it is


class Check(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=None):
    """Times that somebody thinks of, before anybody is asked; for a meeting that is to move, its conversation and number."""

    times: Annotated[list[frames.AskedTime], msgspec.Meta(min_length=1, max_length=frames.MOST_TIMES)]
    zone: str | None = None
    conversation: UUID | None = None
    meeting: int | None = None


class AgendaView(PrivateView):
    @answers({200: Agenda}, errors=[401], operation_id="meetings_list")
    def get(self, request: Request) -> Response:
        """This person's meetings, date by date: 60 days ahead and 14 back."""
        spend(request)
        now = clock.now()
        return Response(Agenda({"meetings": reading.agenda(person_of(request), now=now)}, context={"now": now}).data)


class CheckTimes(PrivateView):
    @answers({200: Checked}, errors=[400, 401, 415], request={"application/json": schema_of(Check)})
    def post(self, request: Request) -> Response:
        """What speaks against some times, as far as this person alone is concerned. Nothing is stored, and nobody is told."""
        spend(request)
        check = command_of(request, Check)
        person = person_of(request)
        but = (check.conversation, check.meeting) if check.conversation and check.meeting else None
        own = reading.times_taken(person, now=clock.now(), but=but)
        away = list(Away.objects.filter(person=person).values_list("first_date", "last_date"))
        zone, quiet = check.zone or person.zone, reading.quiet_of(person)
        return Response(
            Checked({"times": [_checked(one, zone, home=person.zone, own=own, away=away, quiet=quiet) for one in check.times]}).data
        )


def spend(request: Request) -> None:
    """All of somebody's meetings are opened for this: it counts for more than one request. :raises TooFast:"""
    if wait := pace().take(str(device_of(request).id), cost=AGENDA_COST):
        raise TooFast(retry_after=wait)


def _checked(asked: frames.AskedTime, zone: str, *, home: str, **known: Any) -> dict[str, Any]:
    try:
        time = resolved(asked, zone)
    except DomainError as problem:
        return {"start": asked.start, "code": problem.code, **problem.facts}
    return {"start": asked.start, "at": time.at, "warnings": warnings(time, home, **known)}


class AwayView(PrivateView):
    @answers({200: AwayList}, errors=[401])
    def get(self, request: Request) -> Response:
        """The days on which this person is away."""
        return Response(AwayList({"away": Away.objects.filter(person=person_of(request))}).data)

    @answers(
        {201: OpenApiResponse(AwayAnswer, "Dates of a series do not happen then.")}, errors=[400, 401, 403, 409, 415], request=AwayAsked
    )
    def post(self, request: Request) -> Response:
        """Be away, from one day to another."""
        ensure_calm(request)
        asked = AwayAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        away = absences.add(person=person_of(request), now=clock.now(), **asked.validated_data)
        return Response(AwayAnswer(away).data, status=201)


class OneAway(PrivateView):
    @answers({204: None}, errors=[401, 403, 404])
    def delete(self, request: Request, away_id: UUID) -> Response:
        """Be there after all."""
        ensure_calm(request)
        absences.remove(person=person_of(request), away_id=away_id, now=clock.now())
        return Response(status=204)


def ensure_calm(request: Request) -> None:
    """Whether all of somebody's meetings go ahead follows from their days away: every door asks here first. :raises TooFast:"""
    if wait := _CHANGES.take(str(person_of(request).id)):
        raise TooFast(retry_after=wait)
