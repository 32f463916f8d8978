"""The SQL of the send path, in the two dialects, with nothing else: every message of everybody passes here.

Each statement takes any number of rows at once and binds lists, not lists of placeholders, where the database can;
the ORM's model instances and placeholders cost more than the rest of a message (docs/adr/0003-group-commit.md).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

Pair = tuple[UUID, UUID]


class Standing(NamedTuple):
    """A locked conversation, as far as writing in it is concerned."""

    id: UUID
    last_seq: int
    is_pair: bool
    paused_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    data_key_id: UUID | None
    kek_id: str | None
    wrapped: bytes | None


class Seat(NamedTuple):
    """A present member, as far as writing and hearing are concerned."""

    conversation_id: UUID
    person_id: UUID
    number: int
    joined_seq: int
    access_version: int
    is_suspended: bool
    language: str


class Marks(NamedTuple):
    """A locked stay, as far as its marks are concerned."""

    id: int
    conversation_id: UUID
    person_id: UUID
    number: int
    delivered_seq: int
    read_seq: int
    last_seq: int
    shows_read_marks: bool


class Earlier(NamedTuple):
    """An entry that was made from a draft we were given again."""

    sender_id: UUID
    draft_id: UUID
    conversation_id: UUID
    seq: int
    at: datetime
    draft_digest: bytes | None


class Row(NamedTuple):
    """A new entry, in the order of the columns."""

    id: UUID
    conversation_id: UUID
    seq: int
    kind: str
    author_number: int
    sender_id: UUID
    draft_id: UUID
    draft_digest: bytes
    at: datetime
    body_sealed: bytes | None
    target_seq: int | None
    media_id: UUID | None


_LOCK = """
    SELECT c.id, c.last_seq, c.is_pair, c.paused_at, c.closes_at, c.closed_at, c.data_key_id, k.kek_id, k.wrapped
    FROM chat_conversation c LEFT JOIN privacy_datakey k ON k.id = c.data_key_id
    WHERE c.id {ids} ORDER BY c.id {lock}
"""
_SEATS = """
    SELECT m.conversation_id, m.person_id, m.number, m.joined_seq, p.access_version, p.suspended_at IS NOT NULL, p.language
    FROM chat_conversationmember m JOIN accounts_person p ON p.id = m.person_id
    WHERE m.left_seq IS NULL AND m.conversation_id {ids}
"""
_EARLIER = "SELECT sender_id, draft_id, conversation_id, seq, at, draft_digest FROM chat_entry WHERE (sender_id, draft_id) IN ({pairs})"
_BLOCKS = "SELECT blocker_id, blocked_id FROM accounts_block WHERE blocker_id {ids} OR blocked_id {ids}"
_LOCK_MARKS = """
    SELECT m.id, m.conversation_id, m.person_id, m.number, m.delivered_seq, m.read_seq, c.last_seq, p.shows_read_marks
    FROM chat_conversationmember m JOIN chat_conversation c ON c.id = m.conversation_id JOIN accounts_person p ON p.id = m.person_id
    WHERE m.left_seq IS NULL AND (m.conversation_id, m.person_id) IN ({pairs}) ORDER BY m.id {lock}
"""
_STORE_MARKS = """
    UPDATE chat_conversationmember SET delivered_seq = news.delivered, read_seq = news.read
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS news(id, delivered, read) WHERE chat_conversationmember.id = news.id
"""
_COLUMNS = ", ".join(Row._fields)
_RAISE = """
    UPDATE chat_conversation SET last_seq = news.column2 FROM ({pairs}) AS news(column1, column2)
    WHERE chat_conversation.id = news.column1
"""


def lock(ids: Iterable[UUID]) -> list[Standing]:
    """Lock conversations in id order until the transaction ends; on SQLite the transaction itself is the lock."""
    if _is_postgres():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK.format(ids="= ANY(%s)", lock="FOR NO KEY UPDATE OF c"), [list(ids)])
            return [Standing._make(row) for row in cursor.fetchall()]
    return [
        Standing(UUID(c), seq, bool(pair), _time(paused), _time(closes), _time(closed), UUID(key) if key else None, kek, wrapped)
        for c, seq, pair, paused, closes, closed, key, kek, wrapped in _select_in(_LOCK.replace("{lock}", ""), list(ids))
    ]


def seats(conversation_ids: Iterable[UUID]) -> list[Seat]:
    """Everybody present in these conversations."""
    if _is_postgres():
        with connection.cursor() as cursor:
            cursor.execute(_SEATS.format(ids="= ANY(%s)"), [list(conversation_ids)])
            return [Seat._make(row) for row in cursor.fetchall()]
    rows = _select_in(_SEATS, list(conversation_ids))
    return [Seat(UUID(c), UUID(p), number, joined, version, bool(out), says) for c, p, number, joined, version, out, says in rows]


def lock_marks(places: Sequence[Pair]) -> list[Marks]:
    """Lock the present stays at these (conversation, person) places, in id order."""
    with connection.cursor() as cursor:
        if _is_postgres():
            statement = _LOCK_MARKS.format(pairs=_UNNESTED, lock="FOR NO KEY UPDATE OF m")
            cursor.execute(statement, [[c for c, _ in places], [p for _, p in places]])
            return [Marks._make(row) for row in cursor.fetchall()]
        cursor.execute(_LOCK_MARKS.format(pairs=_values(places), lock=""), _hexed(places))
        rows = cursor.fetchall()
    return [
        Marks(id_, UUID(c), UUID(p), number, delivered, read, last, bool(shows)) for id_, c, p, number, delivered, read, last, shows in rows
    ]


def store_marks(stays: Sequence[Marks]) -> None:
    """Store the marks of locked stays."""
    with connection.cursor() as cursor:
        if _is_postgres():
            columns = [[s.id for s in stays], [s.delivered_seq for s in stays], [s.read_seq for s in stays]]
            cursor.execute(_STORE_MARKS, columns)
        else:
            statement = "UPDATE chat_conversationmember SET delivered_seq = %s, read_seq = %s WHERE id = %s"
            cursor.executemany(statement, [(s.delivered_seq, s.read_seq, s.id) for s in stays])


def earlier(drafts: Sequence[Pair]) -> list[Earlier]:
    """The entries made from any of these (person, draft) pairs."""
    with connection.cursor() as cursor:
        if _is_postgres():
            cursor.execute(_EARLIER.format(pairs=_UNNESTED), [[p for p, _ in drafts], [d for _, d in drafts]])
            return [Earlier._make(row) for row in cursor.fetchall()]
        cursor.execute(_EARLIER.format(pairs=_values(drafts)), _hexed(drafts))
        return [
            Earlier(UUID(p), UUID(d), UUID(c), seq, cast(datetime, _time(at)), digest) for p, d, c, seq, at, digest in cursor.fetchall()
        ]


def blocks(senders: Iterable[UUID]) -> set[Pair]:
    """(blocker, blocked) wherever one of them is among the senders."""
    people = list(senders)
    if _is_postgres():
        with connection.cursor() as cursor:
            cursor.execute(_BLOCKS.format(ids="= ANY(%s)"), [people, people])
            return set(cursor.fetchall())
    return {(UUID(blocker), UUID(blocked)) for blocker, blocked in _select_in(_BLOCKS, people)}


def insert(rows: Sequence[Row]) -> None:
    """Add entries. On PostgreSQL by COPY, which takes them without a placeholder each."""
    with connection.cursor() as cursor:
        if _is_postgres():
            _copy(cursor, rows)
            return
        places = ", ".join(["%s"] * len(Row._fields))
        cursor.executemany(f"INSERT INTO chat_entry ({_COLUMNS}) VALUES ({places})", [_for_sqlite(row) for row in rows])  # noqa: S608  # our own columns


_TYPES = ["uuid", "uuid", "int8", "varchar", "int2", "uuid", "uuid", "bytea", "timestamptz", "bytea", "int8", "uuid"]


def _copy(cursor: CursorWrapper, rows: Sequence[Row]) -> None:
    with (
        connection.wrap_database_errors,
        cast(Any, cursor).copy(f"COPY chat_entry ({_COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(_TYPES)
        for row in rows:
            copy.write_row(row)


def raise_last_seqs(last_seqs: Sequence[tuple[UUID, int]]) -> None:
    """Store the new `last_seq` of locked conversations."""
    with connection.cursor() as cursor:
        if _is_postgres():
            pairs = "SELECT * FROM unnest(%s::uuid[], %s::bigint[])"
            cursor.execute(_RAISE.format(pairs=pairs), [[id_ for id_, _ in last_seqs], [seq for _, seq in last_seqs]])
        else:
            statement = "UPDATE chat_conversation SET last_seq = %s WHERE id = %s"
            cursor.executemany(statement, [(seq, id_.hex) for id_, seq in last_seqs])


_UNNESTED = "SELECT * FROM unnest(%s::uuid[], %s::uuid[])"


def _values(pairs: Sequence[Pair]) -> str:
    return "VALUES " + ", ".join(["(%s, %s)"] * len(pairs))


def _hexed(pairs: Sequence[Pair]) -> list[str]:
    return [id_.hex for pair in pairs for id_ in pair]


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def _select_in(statement: str, ids: list[UUID]) -> list[tuple[Any, ...]]:
    """Run a SELECT on SQLite, which binds one value a placeholder and keeps UUIDs as 32 hex digits."""
    places = "IN (" + ", ".join(["%s"] * len(ids)) + ")"
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{ids}", places), [id_.hex for id_ in ids] * statement.count("{ids}"))
        return list(cursor.fetchall())


def _time(stored: datetime | None) -> datetime | None:
    """Django's driver reads a column of times as naive datetimes, which are in UTC."""
    return None if stored is None else stored.replace(tzinfo=UTC)


def _for_sqlite(row: Row) -> list[Any]:
    return [
        value.hex if isinstance(value, UUID) else connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
        for value in row
    ]
