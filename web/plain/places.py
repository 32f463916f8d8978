"""From the small number in an address to the conversation that this person knows under it."""

from datetime import datetime

from accounts.models import Person
from chat import frames, reading
from chat.errors import ConversationNotFound
from chat.models import ConversationMember


def card_of(person: Person, slot: int, *, now: datetime) -> frames.Card:
    """:raises ConversationNotFound: the person has no such number; another's number is just as unknown."""
    stay = ConversationMember.objects.of(person.id).filter(slot=slot).order_by("-number").first()
    found = reading.cards(person.id, now=now, only=[stay.conversation_id]) if stay else []
    if not found:
        raise ConversationNotFound
    return found[0]


def slots_of(person: Person) -> dict[object, int]:
    """The number of each conversation of this person."""
    return dict(ConversationMember.objects.of(person.id).values_list("conversation_id", "slot"))


def names_in(card: frames.Card) -> list[str]:
    """The others who are there; where all have gone, those who were."""
    others = [member for member in card.members if member.number != card.you]
    return [member.name for member in others if not member.left] or [member.name for member in others]
