"""The socket of the live pages."""

from django.urls import path

from console.consumers import live

websocket_urlpatterns = [path("console/live", live)]  # type: ignore[arg-type]  # an ASGI application, as Channels routes them
