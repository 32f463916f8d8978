"""A person's circles, and their yes or no."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.openapi import answers
from accounts.views.private import PrivateView, person_of
from core import clock
from core.errors import NotFound
from programmes.actions import circles, members
from programmes.models import Circle
from programmes.serializers import CircleAnswer, CircleList, describe


class Circles(PrivateView):
    @answers({200: CircleList}, errors=[401])
    def get(self, request: Request) -> Response:
        """The circles this person belongs to, was asked for, or answers for; each begins with whom to call."""
        person = person_of(request)
        mine = Circle.objects.visible_to(person).with_people().order_by("id")
        return Response(CircleList({"circles": [describe(circle, to=person) for circle in mine]}).data)


class Agree(PrivateView):
    @answers({200: CircleAnswer}, errors=[401, 403, 404, 409], request=None)
    def post(self, request: Request, circle_id: UUID) -> Response:
        """Say yes to a circle."""
        person = person_of(request)
        circle = members.agree(circle=_visible(circle_id, person), by=person, now=clock.now())
        return _answer(circle, person)


class Decline(PrivateView):
    @answers({204: None}, errors=[401, 403, 404, 409], request=None)
    def post(self, request: Request, circle_id: UUID) -> Response:
        """Say no to a circle. The coordinator is told; the others only see that it ended."""
        person = person_of(request)
        members.decline(circle=_asked(circle_id, person), by=person, now=clock.now())
        return Response(status=204)


class Pause(PrivateView):
    @answers({204: None}, errors=[401, 403, 404, 409], request=None)
    def post(self, request: Request, circle_id: UUID) -> Response:
        """Let a circle rest: nobody can write there until who paused it, or the coordinator, resumes it."""
        person = person_of(request)
        circles.pause(circle=_visible(circle_id, person), by=person, now=clock.now())
        return Response(status=204)


class Resume(PrivateView):
    @answers({204: None}, errors=[401, 403, 404, 409], request=None)
    def post(self, request: Request, circle_id: UUID) -> Response:
        """End a rest that one began, or that a member of one's circle began."""
        person = person_of(request)
        circles.resume(circle=_visible(circle_id, person), by=person, now=clock.now())
        return Response(status=204)


def _visible(circle_id: UUID, person: Person) -> Circle:
    circle = Circle.objects.visible_to(person).filter(id=circle_id).first()
    if circle is None:
        raise NotFound
    return circle


def _asked(circle_id: UUID, person: Person) -> Circle:
    """Also a circle that the person said no to before: a phone may repeat its request."""
    circle = Circle.objects.filter(id=circle_id, members__person=person).first()
    if circle is None:
        raise NotFound
    return circle


def _answer(circle: Circle, person: Person) -> Response:
    fresh = Circle.objects.with_people().get(id=circle.id)
    return Response(CircleAnswer(describe(fresh, to=person)).data)
