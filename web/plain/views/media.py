"""`/t/<slot>/<seq>/media`: a photo or a voice note, which costs data only after somebody said yes."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.views.private import person_of
from chat import frames, reading
from chat.views.media import EntryMedia
from core import clock
from media.errors import MediaNotFound
from web.plain.lines import kilobytes
from web.plain.page import HOME, PlainView
from web.plain.places import card_of


class Asking(PlainView):
    """What it is and how many bytes, before any of them travels."""

    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}#f"

    def get(self, request: Request, slot: int, seq: int) -> Response:
        person = person_of(request)
        card = card_of(person, slot, now=clock.now())
        entries, _ = reading.history(person.id, card.id, before=seq + 1, after=None, limit=1)
        found = entries[0].media if entries and entries[0].seq == seq else None
        if not isinstance(found, frames.Media):
            raise MediaNotFound
        return self.page("media", slot=slot, seq=seq, media=found, sizes=_sizes(found))


class Bytes(PlainView, EntryMedia):  # type: ignore[misc]  # how a browser is answered, PlainView says first
    """The same bytes, under the same rules, as those of the API."""

    def get(self, request: Request, slot: int, seq: int) -> HttpResponse:  # type: ignore[override]  # the address names a slot here
        return super().get(request, card_of(person_of(request), slot, now=clock.now()).id, seq)


def _sizes(media: frames.Media) -> list[tuple[int, int]]:
    """Sides and their kB; a large form that is no larger is not offered."""
    sizes = [(320, kilobytes(media.small))]
    return [*sizes, (640, kilobytes(media.large))] if media.large > media.small else sizes
