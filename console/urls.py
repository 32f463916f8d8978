"""The addresses of the console, below /console/."""

from django.urls import path

from console import serving
from console.views import home

app_name = "console"

urlpatterns = [
    path("", home.home, name="home"),
    path("keys/", home.keys, name="keys"),
    path("own/<str:tag>/<str:name>", serving.file, name="file"),
]
