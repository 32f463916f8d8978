"""`/t/asked`: the circles that somebody was asked for, and their yes or no."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.views.private import person_of
from core import clock
from core.errors import NotFound
from programmes.actions import members
from programmes.models import Circle
from programmes.serializers import describe
from web.plain.page import HOME, PlainView, field
from web.plain.words import words


class Asked(PlainView):
    def get(self, request: Request) -> Response:
        person = person_of(request)
        asked = Circle.objects.filter(members__person=person, members__left_at=None, members__agreed_at=None).with_people().order_by("id")
        kinds = words(self.language)["circles"]
        return self.page("asked", circles=[(circle.id, kinds[circle.kind], describe(circle, to=person)) for circle in asked])

    def post(self, request: Request) -> Response:
        person = person_of(request)
        circle = Circle.objects.filter(id=_id(request), members__person=person).first()  # also one they answered: a form may come twice
        if circle is None:
            raise NotFound
        say = members.agree if "yes" in request.data else members.decline
        say(circle=circle, by=person, now=clock.now())
        return self.go(HOME)


def _id(request: Request) -> UUID:
    """:raises NotFound:"""
    try:
        return UUID(field(request, "circle"))
    except ValueError:
        raise NotFound from None
