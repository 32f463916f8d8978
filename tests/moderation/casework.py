"""What happens before and in a case, in as few words as a test has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Person
from audit.models import AuditRow
from chat.models import Conversation
from core.ids import new_id
from moderation.actions import cases, changing, flags
from moderation.models import Case, Flag
from moderation.states import Act
from moderation.words import FlagReason
from privacy.models import DataKey
from tests.chat.words import message, sent


def say(conversation: Conversation, *said: tuple[Person, str], now: datetime) -> list[int]:
    return sent(*(message(person, conversation, words) for person, words in said), now=now)


def raise_flag(
    by: Person,
    conversation: Conversation,
    target: int | None = None,
    *,
    member: int | None = None,
    reason: FlagReason = FlagReason.HARASSMENT,
    words: str = "",
    flag_id: UUID | None = None,
    now: datetime,
) -> Flag:
    return flags.flag(
        by_id=by.id, conversation_id=conversation.id, flag_id=flag_id or new_id(), reason=reason, target=target, member=member,
        words=words, now=now,
    )  # fmt: skip


def flagged(by: Person, conversation: Conversation, target: int | None = None, **how: object) -> Case:
    """A case on a line, or on a person."""
    return raise_flag(by, conversation, target, **how).case  # type: ignore[arg-type]  # as of `raise_flag`


def claimed(case: Case, by: Person, *, now: datetime) -> Case:
    """The case as somebody holds it."""
    return cases.claim(case.id, by=by, version=fresh(case).version, now=now)


def told(case: Case, *, now: datetime) -> Case:
    """A case that somebody holds as if it was decided and everybody told; how that comes about is tested elsewhere."""
    with transaction.atomic():
        locked = changing.lock(case.id)
        changing.move(locked, Act.DECIDE, now=now)
        changing.changed(locked, "decided", by=None, now=now)
        changing.move(locked, Act.NOTIFY, now=now)
        changing.changed(locked, "notified", by=None, now=now)
    return locked


def erase(row: Case | Conversation) -> None:
    """As the law or the nightly retention does: what was sealed under its key is gone."""
    assert row.data_key_id is not None
    DataKey.objects.filter(id=row.data_key_id).delete()


def fresh(case: Case) -> Case:
    return Case.objects.get(id=case.id)


def audited(case: Case) -> list[str]:
    """What the audit log says of a case, in order."""
    rows = AuditRow.objects.filter(subject=f"case:{case.id}").order_by("n")
    return [action.removeprefix("case.") for action in rows.values_list("action", flat=True)]


@dataclass(frozen=True)
class Sign:
    """A signal as the screening gives it."""

    klass: str
    severity: int
    reason: str = "word"
    source: str = "nl 1"


@dataclass(frozen=True)
class SeenLine:
    conversation_id: UUID
    seq: int
    signals: Sequence[Sign]
