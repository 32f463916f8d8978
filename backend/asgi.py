"""The ASGI application: sockets and long polls to chat, the rest to Django. Any ASGI server can run it."""

import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()  # before the imports below, which need the apps

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import get_resolver

from backend.guard import Guard, Receive, Scope, Send
from backend.metering import Metering
from chat.routing import POSTED, websocket_urlpatterns
from console.routing import websocket_urlpatterns as console_urlpatterns
from live.meter import meter
from web import serving

_ = get_resolver().url_patterns  # read every page's module now: the first visitor would wait a second for it
serving.version()  # read the page now: a socket may come before anybody asks for it, and older pages are told


async def http(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["method"] == "POST" and scope["path"] in POSTED:
        await POSTED[scope["path"]](scope, receive, send)
    else:
        await django_application(scope, receive, cast(Any, send))


application = Guard(
    ProtocolTypeRouter({"websocket": URLRouter([*websocket_urlpatterns, *console_urlpatterns]), "http": Metering(http, meter=meter)})
)
