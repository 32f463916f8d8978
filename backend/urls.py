"""The table of addresses. Everything a device uses is below /api/v1/."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from backend import documents, pages, status
from chat.views import dictionaries
from meetings.views import calendar

_OPEN: dict[str, Any] = {"authentication_classes": [], "permission_classes": []}

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("accounts.urls")),
    path("api/v1/", include("programmes.urls")),
    path("api/v1/", include("chat.urls")),
    path("api/v1/", include("meetings.urls")),
    path("api/v1/", include("moderation.urls")),
    path("api/v1/", include("notifications.urls")),
    path("api/v1/openapi.json", SpectacularJSONAPIView.as_view(**_OPEN), name="openapi"),
    path("api/v1/docs", SpectacularSwaggerSplitView.as_view(url_name="openapi", **_OPEN), name="docs"),
    path("api/v1/asyncapi.json", documents.asyncapi, name="asyncapi"),
    re_path(r"^api/v1/(?P<rest>[\s\S]*)\Z", pages.nothing_here),
    path("lite/dictionaries", dictionaries.newest, name="dictionaries"),
    path("lite/<str:name>-<str:start>.bin", dictionaries.dictionary, name="dictionary"),
    path("calendar/<str:token>.ics", calendar.feed, name="calendar-feed"),
    path("healthz", status.healthz),
    path("readyz", status.readyz),
    path("metrics", status.metrics),
    path("about", pages.about, name="about"),
    path("t", include("web.plain.urls")),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    path("console", RedirectView.as_view(url="/console/")),
    path("console/", include("console.urls")),
    path("accounts/", include("accounts.staff_sign_in.urls")),
    path("", include("web.urls")),
]
