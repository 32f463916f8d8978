"""Groups whose programme asks that messages be seen first, in as few words as a test has."""

from datetime import datetime

from accounts.models import Person
from chat.drafts import Draft, Outcome
from chat.models import Conversation
from moderation.models import Case, PreModeration
from moderation.reading import choices
from tests.chat.words import message, send
from tests.moderation.casework import claimed

THREAT = "ik maak u kapot"


def holds(conversation: Conversation, what: str = "all", *, hours: int = 24) -> None:
    PreModeration.objects.create(programme=conversation.circle.programme, holds=what, hours=hours)
    choices.forget()


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes]


def waiting(by: Person, group: Conversation, *bodies: str, now: datetime) -> list[Draft]:
    """What they wrote, which waits."""
    drafts = [message(by, group, body) for body in bodies]
    assert set(kinds(send(*drafts, now=now))) == {"Waiting"}
    return drafts


def held_case_of(person: Person, by: Person, *, now: datetime) -> Case:
    """The case on what waits, as somebody of the staff holds it."""
    return claimed(Case.objects.get(subject=person, target_seq=None), by, now=now)
