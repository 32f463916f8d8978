"""What does not go through Django: sockets, and polls that wait."""

from django.urls import path

from chat.consumers import DeviceConsumer
from chat.polling import poll

websocket_urlpatterns = [path("api/v1/socket", DeviceConsumer.as_asgi())]
POLL_PATH = "/api/v1/poll"

__all__ = ["POLL_PATH", "poll", "websocket_urlpatterns"]
