"""Addresses of circles, below /api/v1/."""

from django.urls import path

from programmes.views import Agree, Circles, Decline, Pause, Resume

urlpatterns = [
    path("circles", Circles.as_view(), name="circles"),
    path("circles/<uuid:circle_id>/agree", Agree.as_view(), name="circle_agree"),
    path("circles/<uuid:circle_id>/decline", Decline.as_view(), name="circle_decline"),
    path("circles/<uuid:circle_id>/pause", Pause.as_view(), name="circle_pause"),
    path("circles/<uuid:circle_id>/resume", Resume.as_view(), name="circle_resume"),
]
