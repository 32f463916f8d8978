from django.urls import path, re_path, register_converter

from web.plain.styles import styles
from web.plain.views import asking, away, helplines, home, line, media, out, people, settings, talk


class Small:
    """A slot, a member's number or a seq; nothing that a database could not hold."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Small, "small")

urlpatterns = [
    path("", home.Home.as_view(), name="plain"),
    path("/", home.Home.as_view()),
    path("/help", helplines.Help.as_view()),
    path("/out", out.Out.as_view()),
    path("/away", away.Away.as_view()),
    path("/again", away.Again.as_view()),
    path("/settings", settings.Settings.as_view()),
    path("/asked", asking.Asked.as_view()),
    path("/<small:slot>", talk.Talk.as_view()),
    path("/<small:slot>/people", people.People.as_view()),
    path("/<small:slot>/people/<small:number>", people.OneOfThem.as_view()),
    path("/<small:slot>/rest", people.Rest.as_view()),
    path("/<small:slot>/<small:seq>", line.OwnLine.as_view()),
    path("/<small:slot>/<small:seq>/media", media.Asking.as_view()),
    path("/<small:slot>/<small:seq>/media/show", media.Bytes.as_view()),
    re_path(r"^/(?P<name>[0-9a-f]{6})\.css\Z", styles),
    re_path(r"^/[\s\S]*\Z", home.Nothing.as_view()),
]
