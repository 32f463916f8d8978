"""`/t/<slot>/people`: who answers for it, who is there, hearing nothing from somebody any more, and a rest."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import blocks
from accounts.models import Block, Person
from accounts.views.private import person_of
from chat import frames
from chat.errors import ConversationNotFound
from core import clock
from core.errors import Forbidden
from programmes.actions import circles
from programmes.models import Circle, State
from programmes.serializers import describe
from web.plain.page import HOME, PlainView
from web.plain.places import card_of
from web.plain.words import words


class People(PlainView):
    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}#f"

    def get(self, request: Request, slot: int) -> Response:
        person = person_of(request)
        card = card_of(person, slot, now=clock.now())
        told = _circle_of(person, card)[1]
        professionals = [(key, told[key]) for key in ("coordinator", "deputy") if told.get(key)]
        blocked = set(Block.objects.filter(blocker=person).values_list("blocked_id", flat=True))
        said = words(self.language)
        return self.page(
            "people",
            slot=slot,
            professionals=[(said[key], who) for key, who in professionals],
            members=[(member, said["roles"].get(member.role, ""), member.person in blocked) for member in card.members],
            you=card.you,
            may_rest=_may_rest(told),
            may_resume=told.get("may_resume"),
        )


class OneOfThem(PlainView):
    """Asks first: a block is felt, though nobody is told."""

    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}/people"

    def get(self, request: Request, slot: int, number: int) -> Response:
        person = person_of(request)
        card = card_of(person, slot, now=clock.now())
        other = other_in(card, number)
        is_blocked = Block.objects.filter(blocker=person, blocked_id=other.person).exists()
        return self.page("block", other=other, is_blocked=is_blocked, is_pair=card.kind == "pair")

    def post(self, request: Request, slot: int, number: int) -> Response:
        now, person = clock.now(), person_of(request)
        other = Person.objects.get(id=other_in(card_of(person, slot, now=now), number).person)
        if "lift" in request.data:
            blocks.lift(blocker=person, blocked=other, now=now)
        else:
            blocks.add(blocker=person, blocked=other, now=now)
        return self.go(self.back)


class Rest(PlainView):
    """Nobody needs leave to rest; who asked for it ends it."""

    @property
    def back(self) -> str:  # type: ignore[override]  # here it depends on the conversation
        return f"{HOME}/{self.kwargs['slot']}/people"

    def get(self, request: Request, slot: int) -> Response:
        person = person_of(request)
        _, told = _circle_of(person, card_of(person, slot, now=clock.now()))
        if not _may_rest(told):
            raise Forbidden
        return self.page("rest", is_resting=told["may_resume"])

    def post(self, request: Request, slot: int) -> Response:
        now, person = clock.now(), person_of(request)
        circle, _ = _circle_of(person, card_of(person, slot, now=now))
        if circle is None:
            raise ConversationNotFound
        change = circles.resume if "go_on" in request.data else circles.pause
        change(circle=circle, by=person, now=now)
        return self.go(f"{HOME}/{slot}#f")


def _circle_of(person: Person, card: frames.Card) -> tuple[Circle | None, dict[str, Any]]:
    """The circle that talks there, and how it looks to this person; none and nothing to somebody who left."""
    circle = Circle.objects.visible_to(person).with_people().filter(conversation__id=card.id).first()
    return circle, describe(circle, to=person) if circle else {}


def _may_rest(told: dict[str, Any]) -> bool:
    return bool(told) and (told["state"] == State.ACTIVE or told["may_resume"])


def other_in(card: frames.Card, number: int) -> frames.Member:
    """:raises ConversationNotFound: nobody else has that number here."""
    found = [member for member in card.members if member.number == number != card.you]
    if not found:
        raise ConversationNotFound
    return found[0]
