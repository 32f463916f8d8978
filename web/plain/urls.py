from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from web.plain.styles import styles
from web.plain.views import (
    agenda,
    asking,
    away,
    helplines,
    home,
    letters,
    line,
    media,
    meeting,
    notices,
    out,
    people,
    plan,
    safe,
    settings,
    talk,
)


class Small:
    """A slot, a member's number or a seq; nothing that a database could not hold."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class OtherTimes(StringConverter):
    """The two acts that ask for other times."""

    regex = "counter|move"


register_converter(Small, "small")
register_converter(OtherTimes, "other_times")

urlpatterns = [
    path("", home.Home.as_view(), name="plain"),
    path("/", home.Home.as_view()),
    path("/help", helplines.Help.as_view()),
    path("/out", out.Out.as_view()),
    path("/away", away.Away.as_view()),
    path("/again", away.Again.as_view()),
    path("/settings", settings.Settings.as_view()),
    path("/settings/notices", notices.Notices.as_view()),
    path("/meetings", agenda.Agenda.as_view()),
    path("/meetings/away", agenda.AwayDays.as_view()),
    path("/meetings/calendar", agenda.Calendar.as_view()),
    path("/letters", letters.Letters.as_view()),
    path("/letters/<uuid:statement_id>", letters.OneLetter.as_view()),
    path("/readings", letters.Readings.as_view()),
    path("/asked", asking.Asked.as_view()),
    path("/<small:slot>", talk.Talk.as_view()),
    path("/<small:slot>/people", people.People.as_view()),
    path("/<small:slot>/people/<small:number>", people.OneOfThem.as_view()),
    path("/<small:slot>/people/<small:number>/flag", safe.ReportPerson.as_view()),
    path("/<small:slot>/ask", safe.Ask.as_view()),
    path("/<small:slot>/rest", people.Rest.as_view()),
    path("/<small:slot>/plan", plan.Plan.as_view()),
    path("/<small:slot>/meeting/<small:number>", meeting.MeetingView.as_view()),
    path("/<small:slot>/meeting/<small:number>.ics", meeting.File.as_view()),
    path("/<small:slot>/meeting/<small:number>/cancel", meeting.Cancel.as_view()),
    path("/<small:slot>/meeting/<small:number>/<other_times:act>", plan.OtherTimes.as_view()),
    path("/<small:slot>/<small:seq>", line.OwnLine.as_view()),
    path("/<small:slot>/<small:seq>/flag", safe.ReportLine.as_view()),
    path("/<small:slot>/<small:seq>/media", media.Asking.as_view()),
    path("/<small:slot>/<small:seq>/media/show", media.Bytes.as_view()),
    re_path(r"^/(?P<name>[0-9a-f]{6})\.css\Z", styles),
    re_path(r"^/[\s\S]*\Z", home.Nothing.as_view()),
]
