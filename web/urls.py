"""Addresses of the page, from the root of the site."""

from django.urls import path

from web import views

urlpatterns = [
    path("", views.shell, name="home"),
    path("enrol", views.shell, name="invite"),  # where an invitation's QR code leads; the code stands behind the #
    path("sw.js", views.file, {"name": "sw.js"}),  # at the root, because it may only look after what lies below it
    path("manifest.webmanifest", views.file, {"name": "manifest.webmanifest"}),
    path("w/<path:name>", views.file, name="file"),
]
