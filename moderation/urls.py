"""Addresses of safety, below /api/v1/."""

from django.urls import path

from moderation.views.flags import Escalations, Flags
from moderation.views.readings import Readings
from moderation.views.statements import AppealView, OneStatement, ReadView, Statements

urlpatterns = [
    path("conversations/<uuid:conversation_id>/flags", Flags.as_view(), name="flags"),
    path("conversations/<uuid:conversation_id>/escalations", Escalations.as_view(), name="escalations"),
    path("statements", Statements.as_view(), name="statements"),
    path("statements/<uuid:statement_id>", OneStatement.as_view(), name="statement"),
    path("statements/<uuid:statement_id>/read", ReadView.as_view(), name="statement-read"),
    path("statements/<uuid:statement_id>/appeal", AppealView.as_view(), name="appeal"),
    path("me/readings", Readings.as_view(), name="readings"),
]
