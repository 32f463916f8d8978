"""The table of addresses. Everything a device uses is below /api/v1/."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("accounts.urls")),
    path("api/v1/", include("programmes.urls")),
    path("api/v1/", include("chat.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
]
