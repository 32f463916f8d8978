"""What this month's data came to, and how it was counted."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts import policy
from accounts.models import DataUse
from accounts.openapi import answers
from accounts.serializers import DataAnswer
from accounts.views.private import PrivateView, device_of, person_of
from accounts.zones import month_in
from core import clock
from live.meter import COUNTED

_NOTHING = {"sent": 0, "received": 0}


class Data(PrivateView):
    @answers({200: DataAnswer}, errors=[401])
    def get(self, request: Request) -> Response:
        """The bytes of this month, by device; a device that is signed out since is still in it. At most ten seconds old."""
        person, now = person_of(request), clock.now()
        month = month_in(person.zone, now)
        uses = DataUse.objects.filter(person=person, month=month).order_by("id")
        devices = [{"id": use.device_id, "sent": use.sent, "received": use.received} for use in uses]
        used = sum(use.sent + use.received for use in uses)
        return Response(
            DataAnswer(
                {
                    "month": f"{month:%Y-%m}",
                    "used": used,
                    "budget": person.data_budget,
                    "step": policy.step_of(used, person.data_budget),
                    "this_device": next((device for device in devices if device["id"] == device_of(request).id), _NOTHING),
                    "devices": devices,
                    "counted": COUNTED,
                }
            ).data
        )
