"""Addresses of meetings, below /api/v1/."""

from django.urls import path, register_converter

from meetings.views import planning
from meetings.views.agenda import AgendaView, AwayView, CheckTimes, OneAway
from meetings.views.calendar import Calendar, MeetingFile


class NumberConverter:
    """A meeting's number in an address: nothing that a database could not hold."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(NumberConverter, "meeting")

_HERE = "conversations/<uuid:conversation_id>/meetings"
_ONE = f"{_HERE}/<meeting:number>"

urlpatterns = [
    path("meetings", AgendaView.as_view(), name="meetings"),
    path("meetings/check", CheckTimes.as_view(), name="check-times"),
    path("away", AwayView.as_view(), name="away"),
    path("away/<uuid:away_id>", OneAway.as_view(), name="one-away"),
    path("calendar", Calendar.as_view(), name="calendar"),
    path(_HERE, planning.Proposals.as_view(), name="proposals"),
    path(f"{_ONE}.ics", MeetingFile.as_view(), name="meeting-file"),
    path(f"{_ONE}/accept", planning.Accept.as_view(), name="accept"),
    path(f"{_ONE}/decline", planning.Decline.as_view(), name="decline"),
    path(f"{_ONE}/counter", planning.Counter.as_view(), name="counter"),
    path(f"{_ONE}/move", planning.Move.as_view(), name="move"),
    path(f"{_ONE}/cancel", planning.Cancel.as_view(), name="cancel"),
    path(f"{_ONE}/held", planning.HeldView.as_view(), name="held"),
]
