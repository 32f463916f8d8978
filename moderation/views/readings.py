"""Who of the staff read what this person wrote."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.openapi import answers
from accounts.views.private import PrivateView, person_of
from moderation.reading import about_me
from moderation.serializers import ReadingList


class Readings(PrivateView):
    @answers({200: ReadingList}, errors=[401], operation_id="me_readings_list")
    def get(self, request: Request) -> Response:
        """When somebody of the staff was shown words of this person, in which role, and how many lines; newest first."""
        return Response(ReadingList({"readings": about_me.readings_of(person_of(request))}).data)
