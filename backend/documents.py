"""The AsyncAPI 3.0 document of the websocket, made from the frames themselves: one definition, no copy.

Its twin for HTTP, OpenAPI, is made by drf-spectacular. `manage.py asyncapi` writes this one into docs/.
"""

from typing import Any

import msgspec
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from accounts.authentication import COOKIE
from chat import frames
from live.close_codes import CloseCode

_SCHEMAS = "#/components/schemas/"
_SOCKET = "#/channels/socket"

# What a device hears back when a command is taken; each can also be answered by `error`.
REPLIES: dict[type, type] = {
    frames.Resume: frames.Resumed,
    frames.Send: frames.Sent,
    frames.Edit: frames.Sent,
    frames.Retract: frames.Sent,
    frames.Read: frames.Done,
    frames.History: frames.Page,
    frames.ListConversations: frames.Done,
    frames.Mute: frames.Done,
    frames.Leave: frames.Done,
    frames.Ping: frames.Pong,
}


@require_safe
def asyncapi(request: HttpRequest) -> JsonResponse:
    """Serve the document, for this server."""
    return JsonResponse(asyncapi_document(host=request.get_host(), secure=request.is_secure()))


def asyncapi_document(*, host: str = "localhost:8000", secure: bool = False) -> dict[str, Any]:
    """Every frame, operation and close code of `maatje.v1.json`."""
    commands, replies, events = (list(group.__args__) for group in (frames.Command, frames.Reply, frames.Event))
    everything = [*commands, *replies, *events]
    _, schemas = msgspec.json.schema_components(everything, ref_template=_SCHEMAS + "{name}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Maatje",
            "version": "1",
            "description": "The websocket that carries conversations. docs/protocol.md explains it; this lists it.",
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "here": {
                "host": host,
                "protocol": "wss" if secure else "ws",
                "security": [{"$ref": f"#/components/securitySchemes/{name}"} for name in ("bearer", "cookie")],
            },
        },
        "channels": {"socket": _channel(everything)},
        "operations": {
            **{_name(command): _taken(command) for command in commands},
            "tell": {
                "action": "send",
                "channel": {"$ref": _SOCKET},
                "summary": "What the server tells by itself.",
                "messages": [_in_channel(event) for event in events],
            },
        },
        "components": {
            "messages": {_name(frame): _message(frame) for frame in everything},
            "schemas": schemas,
            "securitySchemes": _SECURITY,
        },
    }


_SECURITY: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The token that enrolment gave."},
    "cookie": {"type": "httpApiKey", "in": "cookie", "name": COOKIE, "description": "For a page of ours; needs its Origin."},
}


def _channel(everything: list[type]) -> dict[str, Any]:
    subprotocol = {"type": "string", "const": frames.PROTOCOL}
    return {
        "address": "/api/v1/socket",
        "description": f"One JSON object a text frame, at most {frames.MAX_FRAME:,} bytes. The first frame is `welcome`.",
        "messages": {_name(frame): {"$ref": f"#/components/messages/{_name(frame)}"} for frame in everything},
        "bindings": {
            "ws": {
                "method": "GET",
                "headers": {
                    "type": "object",
                    "properties": {"Sec-WebSocket-Protocol": subprotocol},
                    "required": ["Sec-WebSocket-Protocol"],
                },
                "bindingVersion": "0.1.0",
            },
        },
        "x-close-codes": {str(code.value): code.name for code in CloseCode},
    }


def _taken(command: type) -> dict[str, Any]:
    operation = {"action": "receive", "channel": {"$ref": _SOCKET}, "messages": [_in_channel(command)]}
    if command in REPLIES:
        answers = [_in_channel(REPLIES[command]), _in_channel(frames.Error)]
        operation["reply"] = {"channel": {"$ref": _SOCKET}, "messages": answers}
    return operation


def _message(frame: type) -> dict[str, Any]:
    says = " ".join((frame.__doc__ or "").split())
    message: dict[str, Any] = {"name": _name(frame), "payload": {"$ref": _SCHEMAS + frame.__name__}}
    return {**message, "summary": says} if says else message


def _in_channel(frame: type) -> dict[str, str]:
    return {"$ref": f"{_SOCKET}/messages/{_name(frame)}"}


def _name(frame: Any) -> str:
    tag: str = frame.__struct_config__.tag
    return tag
