"""What does not go through Django: sockets, and polls that wait."""

from django.urls import path

from chat.consumers import DeviceConsumer
from chat.exchange import exchange
from chat.polling import poll

websocket_urlpatterns = [path("api/v1/socket", DeviceConsumer.as_asgi())]
POSTED = {"/api/v1/poll": poll, "/lite": exchange}

__all__ = ["POSTED", "websocket_urlpatterns"]
