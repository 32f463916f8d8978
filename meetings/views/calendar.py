"""Calendars: the secret address of a person's own, what it answers, and one meeting as a file."""

import hashlib
import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.openapi import answers
from accounts.serializers import StrictSerializer, YesNo
from accounts.views.private import PrivateView, person_of
from chat.views.carrying import person_id_of
from chat.views.media import AnyForm
from core import clock
from live.pace import Pace
from meetings.actions import feeds
from meetings.calendar import texts
from meetings.models import CalendarFeed
from meetings.reading import calendar as reading

log = logging.getLogger(__name__)

SAFE = frozenset({"GET", "HEAD"})
TEXT_CALENDAR = "text/calendar; charset=utf-8"
_FETCHES = Pace(rate=1 / 30, burst=30)  # of one address: programs ask every quarter of an hour, impatient people a few times more

_KEPT = {  # what others add means nothing to a calendar program, and is paid for every time it asks
    "Content-Type", "Content-Length", "Content-Disposition", "ETag", "Cache-Control", "Retry-After", "Referrer-Policy",
    "X-Robots-Tag", "X-Content-Type-Options", "Strict-Transport-Security",
}  # fmt: skip
_ICS: dict[Any, Any] = {(200, "text/calendar"): OpenApiTypes.STR}


class CalendarAsked(StrictSerializer):
    details = YesNo(default=False, help_text="Show the place and what it is about; without it every meeting is one word that says nothing.")


class CalendarMade(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="Told this once. Whoever has it can read the calendar.")


class CalendarAnswer(serializers.Serializer[Any]):
    exists = serializers.BooleanField()
    details = serializers.BooleanField()
    made_at = serializers.DateTimeField(allow_null=True)
    used_at = serializers.DateTimeField(allow_null=True, help_text="When a calendar last asked for it; exact to the hour.")


class Calendar(PrivateView):
    @answers({200: CalendarAnswer}, errors=[401])
    def get(self, request: Request) -> Response:
        """Whether this person's calendar has an address; the address itself is not known here."""
        feed = CalendarFeed.objects.filter(person=person_of(request)).first()
        if feed is None:
            return Response(CalendarAnswer({"exists": False, "details": False, "made_at": None, "used_at": None}).data)
        said = {"exists": True, "details": feed.details, "made_at": feed.made_at, "used_at": feed.used_at}
        return Response(CalendarAnswer(said).data)

    @answers({201: CalendarMade}, errors=[400, 401, 403, 415], request=CalendarAsked)
    def post(self, request: Request) -> Response:
        """Make a secret address for this person's calendar; the one before stops working."""
        asked = CalendarAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        token = feeds.make(person=person_of(request), now=clock.now(), **asked.validated_data)
        home = (settings.MAATJE_PUBLIC_URL or request.build_absolute_uri("/")).rstrip("/")
        return Response(CalendarMade({"url": f"{home}/calendar/{token}.ics"}).data, status=201)

    @answers({204: None}, errors=[401, 403])
    def delete(self, request: Request) -> Response:
        """Make the address worthless; where there is none, nothing changes."""
        feeds.revoke(person=person_of(request), by=person_of(request), now=clock.now())
        return Response(status=204)


class MeetingFile(PrivateView):
    content_negotiation_class = AnyForm

    @answers(_ICS, errors=[401, 404])
    def get(self, request: Request, conversation_id: UUID, number: int) -> HttpResponse:
        """One meeting as an iCalendar file, with its place."""
        found = reading.planned_one(person_id_of(request), conversation_id, number)
        text = texts.file(found, language=person_of(request).language, now=clock.now())
        return _file_of(text, "meeting.ics")


@csrf_exempt  # it changes nothing, and refuses a form as an address that nobody has does
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar that a token opens. Everything else answers like an address that nobody has."""
    try:
        response = _feed(request, token) if request.method in SAFE else None
    except Exception as problem:  # Django would write the address into the log, and the address is the secret
        log.error("calendar_failed problem=%s", type(problem).__name__)  # noqa: TRY400  # what a traceback quotes may hold it too
        response = _unlogged(HttpResponse(status=503, headers={"Retry-After": "60"}))
    if response is None:
        raise Http404
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response.kept_headers = _KEPT  # type: ignore[attr-defined]  # read by the outermost middleware, on the way out
    return response


def _feed(request: HttpRequest, token: str) -> HttpResponseBase | None:
    now = clock.now()
    found = feeds.opened_by(token, now=now)
    if found is None:
        return None
    if wait := _FETCHES.take(bytes(found.digest).hex()):
        return _unlogged(HttpResponse(status=429, headers={"Retry-After": str(wait)}))
    meetings = reading.planned(found.person_id, now=now)
    text = texts.feed(meetings, language=found.person.language, details=found.details, now=now)
    response = _file_of(text, "calendar.ics")
    response["ETag"] = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=response["ETag"], response=response)


def _file_of(text: bytes, name: str) -> HttpResponse:
    return HttpResponse(text, content_type=TEXT_CALENDAR, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _unlogged(response: HttpResponse) -> HttpResponse:
    """Django writes the address of every refusal into the log, unless it believes that this was done."""
    response._has_been_logged = True  # type: ignore[attr-defined]  # django.utils.log.log_response reads it
    return response
