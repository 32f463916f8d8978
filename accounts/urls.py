"""Addresses of people and devices, below /api/v1/."""

from django.urls import path

from accounts.views.data import Data
from accounts.views.enrolment import Enrol, SignOut, SignOutEverywhere
from accounts.views.me import Blocks, Devices, Me, OneBlock, OneDevice

urlpatterns = [
    path("enrol", Enrol.as_view(), name="enrol"),
    path("sign-out", SignOut.as_view(), name="sign_out"),
    path("sign-out-everywhere", SignOutEverywhere.as_view(), name="sign_out_everywhere"),
    path("me", Me.as_view(), name="me"),
    path("me/data", Data.as_view(), name="data"),
    path("devices", Devices.as_view(), name="devices"),
    path("devices/<uuid:device_id>", OneDevice.as_view(), name="device"),
    path("blocks", Blocks.as_view(), name="blocks"),
    path("blocks/<uuid:person_id>", OneBlock.as_view(), name="block"),
]
