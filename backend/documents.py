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
_LITE = "#/channels/lite"

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
    frames.Meet: frames.Sent,
    frames.Held: frames.Done,
    frames.Flag: frames.Flagged,
    frames.Escalate: frames.Escalated,
    frames.Ping: frames.Pong,
}


@require_safe
def asyncapi(request: HttpRequest) -> JsonResponse:
    """Serve the document, for this server."""
    return JsonResponse(asyncapi_document(host=request.get_host(), secure=request.is_secure()))


def asyncapi_document(*, host: str = "localhost:8000", secure: bool = False) -> dict[str, Any]:
    """Every frame, operation and close code of `maatje.v1.json`, and where `maatje.v1.lite` says the same in arrays."""
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
        "channels": {"socket": _channel(everything), "lite": _lite_channel()},
        "operations": {
            **{_name(command): _taken(command) for command in commands},
            "tell": {
                "action": "send",
                "channel": {"$ref": _SOCKET},
                "summary": "What the server tells by itself.",
                "messages": [_in_channel(event) for event in events],
            },
            "lite": {
                "action": "receive",
                "channel": {"$ref": _LITE},
                "summary": "What a device says in lite; what the server tells by itself comes the same way as the answers.",
                "messages": [{"$ref": f"{_LITE}/messages/up"}],
                "reply": {"channel": {"$ref": _LITE}, "messages": [{"$ref": f"{_LITE}/messages/down"}]},
            },
        },
        "components": {
            "messages": {
                **{_name(frame): _message(frame) for frame in everything},
                "up": _lite_message("up"),
                "down": _lite_message("down"),
            },
            "schemas": schemas,
            "securitySchemes": _SECURITY,
        },
    }


_SECURITY: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The token that enrolment gave."},
    "cookie": {"type": "httpApiKey", "in": "cookie", "name": COOKIE, "description": "For a page of ours; needs its Origin."},
}


def _channel(everything: list[type]) -> dict[str, Any]:
    return {
        "address": "/api/v1/socket",
        "description": f"One JSON object a text frame, at most {frames.MAX_FRAME:,} bytes. The first frame is `welcome`.",
        "messages": {_name(frame): {"$ref": f"#/components/messages/{_name(frame)}"} for frame in everything},
        "bindings": _bindings({"type": "string", "const": frames.PROTOCOL}),
        "x-close-codes": {str(code.value): code.name for code in CloseCode},
    }


def _lite_channel() -> dict[str, Any]:
    """The same commands, replies and events; which array each is, a schema cannot say, and docs/lite.md does."""
    items = {
        "type": "string",
        "pattern": r"^maatje\.v1\.lite(, ?[cdp]\.[A-Za-z0-9_-]+)*$",
        "examples": [f"{frames.LITE}, c.lc7ORlL5ASvNzdVS, d.nl1"],
    }
    return {
        "address": "/api/v1/socket",
        "description": f"The frames of `{frames.PROTOCOL}` as MessagePack arrays in binary frames, as docs/lite.md lays them out. "
        "How far the device got stands beside the subprotocol, so there is no `resume`. `POST /lite` takes and gives the same arrays.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in ("up", "down")},
        "bindings": _bindings(items),
        "x-close-codes": {str(code.value): code.name for code in CloseCode},
    }


def _lite_message(direction: str) -> dict[str, Any]:
    frame = {"type": "array", "minItems": 1, "prefixItems": [{"type": "integer"}]}
    return {
        "name": direction,
        "contentType": "application/msgpack",
        "summary": f"A frame, or an array of frames; docs/lite.md has the layouts {direction}.",
        "payload": {"anyOf": [frame, {"type": "array", "minItems": 1, "items": frame}]},
    }


def _bindings(subprotocol: dict[str, Any]) -> dict[str, Any]:
    headers = {"type": "object", "properties": {"Sec-WebSocket-Protocol": subprotocol}, "required": ["Sec-WebSocket-Protocol"]}
    return {"ws": {"method": "GET", "headers": headers, "bindingVersion": "0.1.0"}}


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
