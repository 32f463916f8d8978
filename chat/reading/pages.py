"""Pages of a log as one stay may see them, cut to fit a frame."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType, structs

from accounts.models import Block
from chat import bodies, frames, policy
from chat.errors import BadRange
from chat.models import Concealment, ConversationMember, Entry, EntryKind
from chat.reading.restored import restored
from chat.reading.stays import ensure_access, last_visible, stay
from media.models import Item
from media.reading import items
from privacy.errors import CannotOpen

_OVERHEAD = 240  # bytes of JSON around a body, at most, for cutting pages
_MEDIA_OVERHEAD = 180
_PAGE_BYTES = frames.MAX_FRAME - 1_024


def history(
    person_id: UUID, conversation_id: UUID, *, before: int | None, after: int | None, limit: int, version: int | None = None
) -> tuple[list[frames.Entry], bool]:
    """One page of a conversation for one person.

    :raises ConversationNotFound: :raises AccessChanged: :raises BadRange:
    """
    found = page(stay(person_id, conversation_id), before=before, after=after, limit=limit)
    ensure_access(person_id, version)
    return found


def missed(person_id: UUID, conversation_id: UUID, *, after: int, limit: int, version: int | None = None) -> tuple[list[frames.Entry], int]:
    """The next entries after a seq, and how far the log goes for this person.

    :raises ConversationNotFound: :raises AccessChanged:
    """
    member = stay(person_id, conversation_id)
    entries, _ = page(member, before=None, after=after, limit=limit)
    ensure_access(person_id, version)
    return entries, last_visible(member)


def page(member: ConversationMember, *, before: int | None, after: int | None, limit: int) -> tuple[list[frames.Entry], bool]:
    """A page of the log as this stay may see it, in rising seq, and whether there is more in that direction.

    :raises BadRange: both `before` and `after`.
    """
    if before is not None and after is not None:
        raise BadRange(problem="give `before` or `after`, not both")
    log = Entry.objects.within(member)
    if after is not None:
        rows = list(log.after(after)[: limit + 1])
    else:
        rows = list(log.before(before or 2**53)[: limit + 1])
    entries, cut = _fit(render(rows[:limit], member))
    entries.sort(key=lambda entry: entry.seq)
    return entries, cut or len(rows) > limit


def _fit(entries: list[frames.Entry]) -> tuple[list[frames.Entry], bool]:
    """Keep what surely fits one frame; the first entry always does."""
    size = 0
    for count, entry in enumerate(entries):
        size += _OVERHEAD + (_json_size(entry.body) if isinstance(entry.body, str) else 0)
        size += _MEDIA_OVERHEAD if isinstance(entry.media, frames.Media) else 0
        size += len(msgspec.json.encode(entry.meeting)) if isinstance(entry.meeting, frames.Meeting) else 0
        if size > _PAGE_BYTES and count:
            return entries[:count], True
    return entries, False


def _json_size(body: str) -> int:
    """Bytes of a body in JSON at most: quotes, backslashes and controls take more than their UTF-8."""
    return len(body.encode()) + body.count('"') + body.count("\\") + 6 * sum(character < " " for character in body)


def render(rows: Sequence[Entry], member: ConversationMember) -> list[frames.Entry]:
    """Open the bodies of rows that this stay may see."""
    data_key = member.conversation.data_key
    key = data_key.unwrap() if data_key is not None else None
    given_back = {id_: target for id_, target in restored(rows).items() if target.seq >= member.joined_seq}
    hidden = _hidden_from(member, [*rows, *given_back.values()])
    for row in (*rows, *given_back.values()):
        _as_it_was(row, member)
    found = items_of([*rows, *given_back.values()])
    entries = []
    for row in rows:
        source = given_back.get(row.id, row)
        conceals = source.id in hidden
        entries.append(render_one(row, key=key, person_id=member.person_id, conceals=conceals, item=found.get(source.id), source=source))
    entries = _without_meetings_of_blocked(entries, member)
    is_spared = bool(found) and member.person.low_data
    return [bodies.without_preview(entry) for entry in entries] if is_spared else entries


def items_of(rows: Sequence[Entry]) -> dict[UUID, Item]:
    """The photos and voice notes of these rows, by row; asks the database only when there are any."""
    found = items.by_id([row.media_id for row in rows if row.media_id is not None])
    return {row.id: found[row.media_id] for row in rows if row.media_id in found}


def _as_it_was(row: Entry, member: ConversationMember) -> None:
    """Somebody who left sees nothing of what was edited afterwards; the older words are gone, so there are none."""
    if member.left_seq is not None and row.edited_seq is not None and row.edited_seq > member.left_seq:
        row.body_sealed = None
        row.edited_seq = None


def _without_meetings_of_blocked(entries: list[frames.Entry], member: ConversationMember) -> list[frames.Entry]:
    """What somebody whom this person blocked asks of a group stays hidden, also in the answers of others; that it moves or is off does not."""
    asked = {entry.seq: entry.meeting for entry in entries if isinstance(entry.meeting, frames.Meeting)}
    said = {entry.seq: entry.target if isinstance(entry.target, int) else entry.seq for entry in entries}
    if member.conversation.is_pair or not asked:
        return entries
    blocked = Block.objects.filter(blocker_id=member.person_id).values("blocked_id")
    seats = ConversationMember.objects.filter(conversation_id=member.conversation_id, person_id__in=blocked)
    begins = _concealed_from(member)
    numbers = {number: begins.get(person_id, 0) for number, person_id in seats.values_list("number", "person_id")}
    hidden = {
        seq
        for seq, meeting in asked.items()
        if said[seq] >= numbers.get(meeting.proposer, said[seq] + 1) and not policy.may_see_meeting(meeting, member, blocked_proposer=True)
    }
    return [_without_words(entry, asked[entry.seq]) if entry.seq in hidden else entry for entry in entries]


def _without_words(entry: frames.Entry, meeting: frames.Meeting) -> frames.Entry:
    left = bodies.without_what_is_asked(meeting)
    return structs.replace(entry, meeting=left, concealed=left is UNSET)


def _concealed_from(member: ConversationMember) -> dict[UUID, int]:
    """From which line on each of those whom this person blocked is hidden here."""
    concealments = Concealment.objects.filter(conversation_id=member.conversation_id, blocker_id=member.person_id)
    return dict(concealments.values_list("blocked_id", "from_seq"))


def is_hidden_from(member: ConversationMember, row: Entry) -> bool:
    """Whether this person blocked whoever said this."""
    return bool(_hidden_from(member, [row]))


def _hidden_from(member: ConversationMember, rows: Sequence[Entry]) -> set[UUID]:
    """Which of these rows somebody whom this person blocked said, or changed, since the block. A pair has no such rows."""
    if member.conversation.is_pair:
        return set()
    blocked = set(Block.objects.filter(blocker_id=member.person_id).values_list("blocked_id", flat=True))
    theirs = [row for row in rows if row.sender_id in blocked]
    if not theirs:
        return set()
    begins = _concealed_from(member)  # whom they met here after the block is hidden altogether
    return {row.id for row in theirs if row.sender_id and max(row.seq, row.edited_seq or 0) >= begins.get(row.sender_id, 0)}


def render_one(
    row: Entry, *, key: bytes | None, person_id: UUID | None, conceals: bool, item: Item | None = None, source: Entry | None = None
) -> frames.Entry:
    """One entry as one person may see it. A body that no longer opens is shown as absent, not as an error.

    `source` is the line whose words, photo or meeting it carries, where that is not the entry itself.
    """
    source = source or row
    body = None if conceals else _body(source, key)
    meeting = _meeting(source, key)
    if conceals and meeting is not None:
        meeting = _or_none(bodies.without_what_is_asked(meeting))
    return frames.Entry(
        seq=row.seq,
        kind=cast(frames.EntryKind, row.kind),
        author=row.author_number,
        at=row.at,
        body=UNSET if body is None else body,
        target=_or_unset(row.target_seq),
        member=_or_unset(row.subject_number),
        edited_seq=_or_unset(row.edited_seq),
        retracted_seq=_or_unset(row.retracted_seq),
        hidden_seq=_or_unset(row.hidden_seq),
        concealed=conceals and meeting is None,
        draft_id=row.draft_id if row.draft_id and person_id is not None and row.sender_id == person_id else UNSET,
        media=UNSET if item is None or key is None or conceals or source.hidden_seq is not None else bodies.media_of(item, key=key),
        meeting=UNSET if meeting is None else meeting,
    )


def _or_none(meeting: frames.Meeting | UnsetType) -> frames.Meeting | None:
    return None if isinstance(meeting, UnsetType) else meeting


def _or_unset(number: int | None) -> int | UnsetType:
    return UNSET if number is None else number


def _meeting(row: Entry, key: bytes | None) -> frames.Meeting | None:
    if row.body_sealed is None or key is None or row.kind != EntryKind.MEETING or row.hidden_seq is not None:
        return None
    try:
        return bodies.open_meeting(bytes(row.body_sealed), key=key, conversation_id=row.conversation_id, place_id=row.id)
    except CannotOpen:
        return None


def _body(row: Entry, key: bytes | None) -> str | None:
    if row.body_sealed is None or key is None or row.sender_id is None or row.kind == EntryKind.MEETING or row.hidden_seq is not None:
        return None
    try:
        return bodies.open_body(
            bytes(row.body_sealed), key=key, conversation_id=row.conversation_id, entry_id=row.id, sender_id=row.sender_id
        )
    except CannotOpen:
        return None
