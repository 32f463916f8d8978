"""`/t/<slot>/people`: who answers for it, who is there, and hearing nothing from somebody any more."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import blocks
from accounts.models import Block, Person
from accounts.views.private import person_of
from chat import frames
from chat.errors import ConversationNotFound
from core import clock
from programmes.models import Circle
from programmes.serializers import describe
from web.plain.base import HOME, PlainView
from web.plain.places import card_of
from web.plain.words import words


class People(PlainView):
    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}#f"

    def get(self, request: Request, slot: int) -> Response:
        person = person_of(request)
        card = card_of(person, slot, now=clock.now())
        circle = Circle.objects.visible_to(person).with_people().filter(conversation__id=card.id).first()
        told = describe(circle, to=person) if circle else {}
        professionals = [(key, told[key]) for key in ("coordinator", "deputy") if told.get(key)]
        blocked = set(Block.objects.filter(blocker=person).values_list("blocked_id", flat=True))
        said = words(self.language)
        return self.page(
            "people",
            slot=slot,
            professionals=[(said[key], who) for key, who in professionals],
            members=[(member, said["roles"].get(member.role, ""), member.person in blocked) for member in card.members],
            you=card.you,
        )


class OneOfThem(PlainView):
    """Asks first: a block is felt, though nobody is told."""

    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}/people"

    def get(self, request: Request, slot: int, number: int) -> Response:
        person = person_of(request)
        card = card_of(person, slot, now=clock.now())
        other = _other(card, number)
        is_blocked = Block.objects.filter(blocker=person, blocked_id=other.person).exists()
        return self.page("block", other=other, is_blocked=is_blocked, is_pair=card.kind == "pair")

    def post(self, request: Request, slot: int, number: int) -> Response:
        now, person = clock.now(), person_of(request)
        other = Person.objects.get(id=_other(card_of(person, slot, now=now), number).person)
        if "lift" in request.data:
            blocks.lift(blocker=person, blocked=other, now=now)
        else:
            blocks.add(blocker=person, blocked=other, now=now)
        return self.go(self.back)


def _other(card: frames.Card, number: int) -> frames.Member:
    """:raises ConversationNotFound: nobody else has that number here."""
    found = [member for member in card.members if member.number == number != card.you]
    if not found:
        raise ConversationNotFound
    return found[0]
