"""A frozen copy of what was said, under a key of its own: the log may change afterwards, this does not."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from audit.models import AuditRow
from chat import bodies
from chat.models import Conversation, Entry, EntryKind
from media.errors import MediaNotFound
from media.models import Item
from media.reading import items
from moderation.models import Case, Evidence
from privacy.errors import CannotOpen

AROUND = 5  # lines on each side
KINDS = (EntryKind.MESSAGE, EntryKind.MEETING)  # those that say something
ANY_SIDE = 2**15 - 1  # pixels: the largest form there is
A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The lines of a log, both in, that may be taken: what whoever flagged may read themselves."""

    first: int = 1
    last: int = 2**53


def freeze(
    case: Case, conversation: Conversation, *, centre: int, window: Window, around: int = AROUND, step: int = 0, now: datetime
) -> int:
    """Keep a line and those around it as they stand; how many were not kept before. An erased case or conversation keeps none."""
    if case.data_key is None or conversation.data_key is None:
        return 0
    case_key, key = case.data_key.unwrap(), conversation.data_key.unwrap()
    rows = _lines(conversation.id, centre, around, window)
    kept = {row.seq: row for row in Evidence.objects.filter(case=case, seq__in=[row.seq for row in rows]).order_by("taken_at")}
    taken = []
    for row in rows:
        line = _copy(case, row, body_of(row, key=key, window=window), step=step, now=now)
        if row.media is not None:
            _take_media(line, row.media, key=key, is_subject=row.seq == centre)
        line.digest = digest_of(line, line.body, line.media, key=case_key)
        before = kept.get(row.seq)
        if before is None or bytes(before.digest) != line.digest:
            line.taken_at = now if before is None else max(now, before.taken_at + A_MOMENT)
            taken.append(line)
    Evidence.objects.bulk_create(taken)
    return len(taken)


def newest_of(conversation_id: UUID, person_id: UUID, *, window: Window) -> int | None:
    """The last thing that somebody said within a window."""
    said = Entry.objects.filter(conversation_id=conversation_id, sender_id=person_id, kind__in=KINDS)
    return said.filter(seq__gte=window.first, seq__lte=window.last).order_by("-seq").values_list("seq", flat=True).first()


def digest_of(line: Evidence, body: str, media: bytes, *, key: bytes) -> bytes:
    """Says whether a line is still as it was taken; worth nothing once the key is erased."""
    place = f"{line.seq}\x00{line.author_id}\x00{line.kind}\x00{line.at.timestamp():.6f}\x00{line.media_type}\x00{body}"
    return hmac.digest(key, line.case_id.bytes + hashlib.sha256(media).digest() + place.encode(), hashlib.sha256)


def seal_of(case: Case) -> str:
    """One digest over all that was taken, for the audit log: a row that is missing afterwards is missed."""
    digests = Evidence.objects.filter(case=case).order_by("seq", "taken_at").values_list("digest", flat=True)
    return hashlib.sha256(b"".join(map(bytes, digests))).hexdigest()[:32]


def is_whole(case: Case) -> bool:
    """Whether all lines are there that the audit log says were taken, and no other."""
    last = AuditRow.objects.filter(subject=f"case:{case.id}", detail__has_key="evidence").order_by("-n").first()
    return seal_of(case) == last.detail["evidence"] if last else not case.evidence.exists()


def _lines(conversation_id: UUID, centre: int, around: int, window: Window) -> Sequence[Entry]:
    log = Entry.objects.select_related("media").filter(
        conversation_id=conversation_id, kind__in=KINDS, seq__gte=window.first, seq__lte=window.last
    )
    before = list(log.filter(seq__lte=centre).order_by("-seq")[: around + 1])
    return [*reversed(before), *log.filter(seq__gt=centre).order_by("seq")[:around]]


def _copy(case: Case, row: Entry, body: str, *, step: int, now: datetime) -> Evidence:
    line = Evidence(case=case, seq=row.seq, step=step, author_id=row.sender_id, kind=row.kind, at=row.at, taken_at=now)
    line.take_body(body)
    return line


def _take_media(line: Evidence, item: Item, *, key: bytes, is_subject: bool) -> None:
    """That there was a photo or voice note; of what was flagged itself also how it looked or sounded, at its largest."""
    line.media_type = (items.content_types(item) or [""])[0]
    if not is_subject or not line.media_type:
        return
    try:
        line.take_media(items.form(item, side=ANY_SIDE, content_type=line.media_type, key=key))
    except MediaNotFound:  # it no longer opens
        line.media_type = ""


def verified(row: Evidence, *, key: bytes | None) -> tuple[str, bool]:
    """The words of a kept line, and whether it is no longer as it was taken: then that is said, and no word of it is shown."""
    if key is None:
        return "", False
    try:
        body, media = row.body, row.media
    except CannotOpen:
        return "", True
    return (body, False) if digest_of(row, body, media, key=key) == bytes(row.digest) else ("", True)


def body_of(row: Entry, *, key: bytes, window: Window) -> str:
    """The words of a line, or how a meeting looks as JSON; empty when it was taken back, or changed after the window."""
    if row.body_sealed is None or (row.edited_seq or 0) > window.last:
        return ""
    try:
        if row.kind == EntryKind.MEETING:
            meeting = bodies.open_meeting(bytes(row.body_sealed), key=key, conversation_id=row.conversation_id, place_id=row.id)
            return msgspec.json.encode(meeting).decode()
        if row.sender_id is None:
            return ""
        sealed = bytes(row.body_sealed)
        return bodies.open_body(sealed, key=key, conversation_id=row.conversation_id, entry_id=row.id, sender_id=row.sender_id)
    except CannotOpen:
        return ""
