"""Addresses of safety, below /api/v1/."""

from django.urls import path

from moderation.views.flags import Escalations, Flags

urlpatterns = [
    path("conversations/<uuid:conversation_id>/flags", Flags.as_view(), name="flags"),
    path("conversations/<uuid:conversation_id>/escalations", Escalations.as_view(), name="escalations"),
]
