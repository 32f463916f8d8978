"""A person's stays in conversations."""

from uuid import UUID

from accounts.models import Person
from chat.errors import ConversationNotFound
from chat.models import ConversationMember


class AccessChanged(Exception):
    """Something of this person's access was withdrawn since their socket was let in; look again before reading."""


def ensure_access(person_id: UUID, version: int | None) -> None:
    """Ask after reading: what was read while access still held afterwards was committed before it ended.

    `version` is the access version under which a socket was let in. :raises AccessChanged:
    """
    if version is not None and not Person.objects.filter(id=person_id, access_version=version).exists():
        raise AccessChanged


def stay(person_id: UUID, conversation_id: UUID) -> ConversationMember:
    """The person's newest stay in a conversation.

    :raises ConversationNotFound: never was there; somebody else's conversation answers the same.
    """
    rows = ConversationMember.objects.of(person_id).filter(conversation_id=conversation_id)
    found = rows.select_related("conversation__data_key").order_by("-number").first()
    if found is None:
        raise ConversationNotFound
    return found


def stays(person_id: UUID) -> list[ConversationMember]:
    """The newest stay of this person in each of their conversations."""
    rows = ConversationMember.objects.of(person_id).select_related("conversation__circle").order_by("conversation_id", "number")
    return list({row.conversation_id: row for row in rows}.values())


def last_visible(member: ConversationMember) -> int:
    last = member.conversation.last_seq
    return last if member.left_seq is None else min(last, member.left_seq)
