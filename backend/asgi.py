"""The ASGI application: sockets and long polls to chat, the rest to Django. Any ASGI server can run it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()  # before the imports below, which need the apps

from channels.routing import ProtocolTypeRouter, URLRouter

from backend.guard import Guard, Scope
from chat.routing import POLL_PATH, poll, websocket_urlpatterns


async def http(scope: Scope, receive: object, send: object) -> None:
    is_poll = scope["path"] == POLL_PATH and scope["method"] == "POST"
    await (poll if is_poll else django_application)(scope, receive, send)  # type: ignore[operator]  # both are ASGI applications


application = Guard(ProtocolTypeRouter({"websocket": URLRouter(websocket_urlpatterns), "http": http}))
