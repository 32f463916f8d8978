"""Drafts as devices make them, and what stands in a log afterwards."""

from datetime import datetime
from uuid import UUID

from accounts.models import Person
from chat import frames, reading
from chat.actions.entries import append_drafts
from chat.drafts import Draft, Outcome, Refused, Sent
from chat.models import Conversation, Entry
from core.ids import new_id


def message(person: Person, conversation: Conversation, body: str = "Dag!", *, draft_id: UUID | None = None) -> Draft:
    return Draft(person.id, conversation.id, draft_id or new_id(), "message", body)


def edit(person: Person, conversation: Conversation, target: int, body: str = "Beter", *, draft_id: UUID | None = None) -> Draft:
    return Draft(person.id, conversation.id, draft_id or new_id(), "edit", body, target)


def retraction(person: Person, conversation: Conversation, target: int, *, draft_id: UUID | None = None) -> Draft:
    return Draft(person.id, conversation.id, draft_id or new_id(), "retract", None, target)


def send(*drafts: Draft, now: datetime) -> list[Outcome]:
    return append_drafts(drafts=drafts, now=now)


def sent(*drafts: Draft, now: datetime) -> list[int]:
    """Send drafts of which none may be refused; the seqs they got."""
    outcomes = append_drafts(drafts=drafts, now=now)
    assert [outcome.code for outcome in outcomes if isinstance(outcome, Refused)] == []
    return [outcome.seq for outcome in outcomes if isinstance(outcome, Sent)]


def answers(outcomes: list[Outcome]) -> list[int | str]:
    """The seq of what was sent, the code of what was refused."""
    return [outcome.seq if isinstance(outcome, Sent) else outcome.code for outcome in outcomes]


def refusal_of(draft: Draft, *, now: datetime) -> str:
    (outcome,) = append_drafts(drafts=[draft], now=now)
    assert isinstance(outcome, Refused)
    return outcome.code


def line(conversation: Conversation, seq: int) -> Entry:
    return Entry.objects.get(conversation=conversation, seq=seq)


def seqs(conversation: Conversation) -> list[int]:
    return list(Entry.objects.filter(conversation=conversation).order_by("seq").values_list("seq", flat=True))


def shown(person: Person, conversation: Conversation) -> dict[int, frames.Entry]:
    """What somebody sees of a conversation, by seq."""
    entries, _ = reading.history(person.id, conversation.id, before=None, after=None, limit=50)
    return {entry.seq: entry for entry in entries}
