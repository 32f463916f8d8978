"""The plain application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.baseline.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

from bench.baseline.consumers import ChatConsumer

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": URLRouter([path("chat/<str:conversation>/<str:person>", ChatConsumer.as_asgi())]),
    }
)
