"""Decide what becomes of the notices that are due, and make a delivery for each address of those that are told.

Many workers may do this at once and be killed at any moment: a notice leaves `waiting` in the transaction that makes its
deliveries, PostgreSQL's workers skip what another has locked, and SQLite has one writer.
"""

import base64
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from accounts.models import Person
from chat.models import Conversation
from notifications import policy
from notifications.actions.circumstances import Around
from notifications.models import AddressKind, Delivery, Notice, NoticeKind, NoticeState, PushAddress
from notifications.policy import Drop, Tell, Wait
from privacy.blind_index import blind_index

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=10)  # one that cannot be looked at
AT_A_TIME = 50  # a message to somebody whose notice is looked at waits for this transaction


def tell_due(*, now: datetime, limit: int = 100, here: Collection[UUID] = ()) -> int:
    """Look at what is due, the longest waiting first; how many that were. `here` are those with a socket in this process."""
    looked = 0
    while looked < limit:
        count = _tell_some(now=now, limit=min(AT_A_TIME, limit - looked), here=here)
        looked += count
        if count == 0:
            break
    return looked


def overtaken(deliveries: Iterable[Delivery], *, now: datetime) -> set[UUID]:
    """The ids of those that need not go any more: read, left, muted, cancelled or unwanted since they were made.

    One that cannot be looked at does not go either, and keeps none of the others.
    """
    made = list(deliveries)
    notices = {delivery.notice_id: delivery.notice for delivery in made}
    late = _late(list(notices.values()), now)
    return {delivery.id for delivery in made if delivery.notice_id in late}


def _late(notices: Sequence[Notice], now: datetime) -> set[UUID]:
    try:
        around = Around(notices, now=now)
        return {notice.id for notice in notices if _is_overtaken(notice, around, now)}
    except DatabaseError:
        raise
    except Exception as problem:
        if len(notices) == 1:
            _log_broken(notices[0].id, problem)
            return {notices[0].id}
    return {id_ for notice in notices for id_ in _late([notice], now)}


def _is_overtaken(notice: Notice, around: Around, now: datetime) -> bool:
    stands = replace(around.of(notice), told_at=None, told_what="", nudged_at=None)  # it is the one that was told
    return notice.state != NoticeState.TOLD or policy.why_not(notice, stands, now) != ""


def _tell_some(*, now: datetime, limit: int, here: Collection[UUID]) -> int:
    due = Notice.objects.filter(state=NoticeState.WAITING, due_at__lte=now)
    if not due.exists():  # a look that takes no lock
        return 0
    try:
        return _tell(due, now=now, limit=limit, here=here)
    except DatabaseError:
        raise
    except Exception:  # one of them breaks; alone, it holds up none of the others
        ids = list(due.order_by("due_at").values_list("id", flat=True)[:limit])
        return sum(_tell_alone(due.filter(id=id_), now=now, here=here) for id_ in ids)


def _tell_alone(notice: QuerySet[Notice], *, now: datetime, here: Collection[UUID]) -> int:
    try:
        return _tell(notice, now=now, limit=1, here=here)
    except DatabaseError:
        raise
    except Exception as problem:
        _log_broken(notice.values_list("id", flat=True).first(), problem)
        if not notice.filter(expires_at__lte=now).update(state=NoticeState.DROPPED, fate="broken"):
            notice.update(due_at=now + AGAIN)
        return 1


def _tell(due: QuerySet[Notice], *, now: datetime, limit: int, here: Collection[UUID]) -> int:
    with transaction.atomic():
        notices = _taken(due, limit)
        around = Around(notices, now=now, here=here)
        deliveries = [delivery for notice in notices for delivery in _take(notice, around, now)]
        Notice.objects.bulk_update(notices, ["state", "fate", "due_at", "told_at"])
        Delivery.objects.bulk_create(deliveries)
        _escalate(notices, around, now)
    return len(notices)


def _taken(due: QuerySet[Notice], limit: int) -> list[Notice]:
    """The longest waiting, locked with their persons: what somebody is told must be known to whoever tells them the next.

    News that a meeting moves or is off comes first, because it stands for the other news of that conversation's meetings.
    """
    notices = list(due.select_for_update(skip_locked=True, no_key=True).order_by("due_at")[:limit])
    people = Person.objects.filter(id__in={notice.person_id for notice in notices})
    ours = set(people.select_for_update(skip_locked=True, no_key=True).values_list("id", flat=True))
    return sorted((one for one in notices if one.person_id in ours), key=lambda one: one.detail not in policy.MOVES)


def _log_broken(notice_id: UUID | None, problem: Exception) -> None:
    log.warning("notice_broken notice=%s problem=%s", notice_id, type(problem).__name__)


def _take(notice: Notice, around: Around, now: datetime) -> Sequence[Delivery]:
    """Write its fate on the notice, which the caller saves; the deliveries of one that is told."""
    match policy.fate_of(notice, around.of(notice), now):
        case Drop(why):
            notice.state, notice.fate = NoticeState.DROPPED, why
        case Wait(until):
            notice.due_at = until
        case Tell(addresses):
            notice.state, notice.told_at = NoticeState.TOLD, now
            around.recently.remember(notice, by_sms=any(one is not None and one.kind == AddressKind.SMS for one in addresses))
            return [_delivery(notice, address, now) for address in addresses]
    return []


def _delivery(notice: Notice, address: PushAddress | None, now: datetime) -> Delivery:
    return Delivery(
        notice=notice,
        address=address,
        kind=address.kind if address else policy.CONSOLE,
        made_at=now,
        due_at=now,
        expires_at=notice.expires_at,
        dedupe_key=f"{notice.id.hex}:{address.id.hex if address else policy.CONSOLE}",
        collapse_key=_topic(notice),
    )


def _topic(notice: Notice) -> str:
    """What push services see of what it is about: another one for each person, so that nobody learns who talks with whom."""
    index = blind_index("topic", f"{notice.person_id}:{notice.collapse_key}")
    return base64.urlsafe_b64encode(index[:24]).decode()


def _escalate(notices: Sequence[Notice], around: Around, now: datetime) -> None:
    """Let an SMS wait behind each push that asks for one; one at a time of each matter."""
    due = {notice.id: at for notice in notices if notice.state == NoticeState.TOLD and (at := _due_by_sms(notice, around, now))}
    told = [notice for notice in notices if notice.id in due and due[notice.id] < notice.expires_at]
    if not told:
        return
    waiting = Notice.objects.filter(dedupe_key__in=[_sms_key(notice) for notice in told], state=NoticeState.WAITING)
    keys = set(waiting.values_list("dedupe_key", flat=True))
    ends = dict(Conversation.objects.filter(id__in={notice.conversation_id for notice in told}).values_list("id", "last_seq"))
    Notice.objects.bulk_create(
        Notice(
            person_id=notice.person_id,
            kind=NoticeKind.ESCALATION,
            detail=notice.detail,
            conversation_id=notice.conversation_id,
            seq=notice.seq or ends.get(notice.conversation_id or notice.id),
            meeting_id=notice.meeting_id,
            about=notice,
            made_at=now,
            due_at=due[notice.id],
            expires_at=notice.expires_at,
            dedupe_key=_sms_key(notice),
            collapse_key=notice.collapse_key,
        )
        for notice in told
        if _sms_key(notice) not in keys
    )


def _due_by_sms(notice: Notice, around: Around, now: datetime) -> datetime | None:
    return policy.escalation_due(notice, around.of(notice), now)


def _sms_key(notice: Notice) -> str:
    return f"sms:{notice.dedupe_key}"
