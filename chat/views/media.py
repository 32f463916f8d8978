"""Photos and voice notes: bytes in, bytes out."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.data_use import ensure_data_left
from accounts.openapi import Problem, answers
from accounts.views.private import PrivateView, person_of
from chat import frames
from chat.actions import uploads
from chat.reading.attached import attached
from chat.views.accepting import chosen
from chat.views.carrying import gives, person_id_of, response_of
from core import clock
from core.errors import BodyTooBig, Invalid
from media.reading.items import BEST_FIRST
from media.workshop.results import SIDES

_BYTES: dict[Any, Any] = {(200, content_type): OpenApiTypes.BINARY for content_type in BEST_FIRST}
_SIDE = OpenApiParameter("side", int, enum=SIDES, description="The longest side of a photo at most; the smallest when it is not said.")
_UNKNOWN = OpenApiResponse(Problem, "The content is neither a photo nor a voice note.")


class Uploaded(frames.Media, frozen=True, omit_defaults=True, kw_only=True):
    """What was kept; `media` is its id, for `send`."""

    media: UUID


class MediaUpload(PrivateView):
    @answers(
        {201: gives(Uploaded, "It is kept, for a day or until it is sent; the same bytes again get this same answer."), 415: _UNKNOWN},
        errors=[400, 401, 403, 404, 409, 410],
        request={"application/octet-stream": OpenApiTypes.BINARY},
    )
    def put(self, request: Request, conversation_id: UUID, media_id: UUID) -> Response:
        """Upload a photo or a voice note as it is. What it is, its content alone decides."""
        ensure_data_left(person_of(request), now=clock.now())
        data = _body_of(request)
        media = uploads.upload(by_id=person_id_of(request), conversation_id=conversation_id, upload_id=media_id, data=data, now=clock.now())
        return response_of(Uploaded(media=media_id, **{name: getattr(media, name) for name in media.__struct_fields__}), status=201)


def _body_of(request: Request) -> bytes:
    """:raises BodyTooBig: read no further than one byte past the limit, whatever length the client announced."""
    limit = settings.MAATJE_UPLOAD_BYTES
    data = request._request.read(limit + 1)
    if len(data) > limit:
        raise BodyTooBig(limit=limit)
    return data


class AnyForm(BaseContentNegotiation):
    """The view looks at Accept itself; refusals are in JSON for everybody."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


class EntryMedia(PrivateView):
    content_negotiation_class = AnyForm

    @answers(_BYTES, errors=[400, 401, 403, 404, 409], parameters=[_SIDE])
    def get(self, request: Request, conversation_id: UUID, seq: int) -> HttpResponse:
        """The photo or voice note of an entry, in the best form that Accept names: AVIF, WebP or JPEG; Ogg Opus."""
        side = _side_of(request)
        ensure_data_left(person_of(request), now=clock.now())
        found = attached(person_id_of(request), conversation_id, seq)
        content_type = chosen(request.META.get("HTTP_ACCEPT", ""), found.content_types())
        if content_type is None:
            raise NotAcceptable
        return _sent_safely(found.form(content_type, side=side), content_type)


def _side_of(request: Request) -> int:
    said = request.query_params.get("side", str(SIDES[0]))
    if said not in map(str, SIDES):
        raise Invalid(problems={"side": [f"Give {SIDES[0]} or {SIDES[1]}."]})
    return int(said)


def _sent_safely(data: bytes, content_type: str) -> HttpResponse:
    """Foreign bytes, though made by us: nothing may take them for a page, and no shared phone may keep them."""
    response = HttpResponse(data, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'inline; filename="media.{content_type.partition("/")[2]}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Vary"] = "Accept"
    return response
