"""New messages become waiting notices, in their transaction and on the path that every message of everybody passes.

One statement for all that a transaction appended, in the two dialects (docs/adr/0003-group-commit.md). A notice that waits
already takes the newer seq and keeps its time. The update also matters for its lock: a worker that is about to drop the notice,
having seen nothing new, comes either before it, and a new notice is made, or after it, and sees the message.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from chat.facts import Line
from core import facts
from core.ids import new_id
from notifications.facts import NoticesWritten

LASTS = timedelta(hours=24)

# Plain joins, because planning this takes PostgreSQL longer than running it, and EXISTS twice as long.
_WAIT = """
    INSERT INTO notifications_notice
        (id, person_id, kind, detail, conversation_id, seq, date, state, fate, made_at, due_at, expires_at, dedupe_key, collapse_key)
    SELECT {id}, m.person_id, 'entry', '', m.conversation_id, max(news.seq), '', 'waiting', '', %(now)s, %(now)s, %(end)s,
        'entry:' || m.id, {collapse_key}
    FROM ({news}) AS news JOIN chat_conversationmember m ON m.conversation_id = news.conversation_id {reachable}
    LEFT JOIN notifications_noticechoices c ON c.person_id = m.person_id
    WHERE m.left_seq IS NULL AND m.person_id <> news.sender_id AND (m.muted_until IS NULL OR m.muted_until <= %(now)s)
    AND (c.messages IS NULL OR c.messages)
    GROUP BY m.id
    ON CONFLICT (dedupe_key) WHERE state = 'waiting' DO UPDATE SET seq = excluded.seq, expires_at = excluded.expires_at
"""
_REACHABLE = "JOIN notifications_pushaddress a ON a.person_id = m.person_id AND a.dead_at IS NULL AND a.confirmed_at IS NOT NULL"
_POSTGRES = {
    "id": "overlay(gen_random_uuid()::text PLACING %(tick)s FROM 1 FOR 15)::uuid",  # a UUIDv7: our clock, then chance
    "collapse_key": "replace(m.conversation_id::text, '-', '')",
    "news": "SELECT * FROM unnest(%(places)s::uuid[], %(seqs)s::bigint[], %(senders)s::uuid[]) AS t(conversation_id, seq, sender_id)",
}
_SQLITE = {
    "id": "%(tick)s || substr(lower(hex(randomblob(2))), 2) || 'a' || substr(lower(hex(randomblob(8))), 2)",
    "collapse_key": "m.conversation_id",
    "news": ("SELECT value ->> 0 AS conversation_id, value ->> 1 AS seq, value ->> 2 AS sender_id FROM json_each(%(news)s)"),
}


def tell_of(lines: Iterable[Line], *, now: datetime) -> int:
    """Let a notice wait for everybody present in these conversations, but for who wrote; how many. Only messages are news."""
    newest: dict[tuple[UUID, UUID], int] = {}
    for line in lines:
        if line.kind == "message" and line.sender_id is not None:
            place = (line.conversation_id, line.sender_id)
            newest[place] = max(newest.get(place, 0), line.seq)
    if not newest:
        return 0
    is_postgres = connection.vendor == "postgresql"
    reachable = "" if settings.MAATJE_NOTICES_CONSOLE else _REACHABLE
    statement = _WAIT.format(reachable=reachable, **(_POSTGRES if is_postgres else _SQLITE))
    with _binding_cursor() if is_postgres else connection.cursor() as cursor:
        cursor.execute(statement, _for_postgres(newest, now) if is_postgres else _for_sqlite(newest, now))
        written = int(cursor.rowcount)
    if written:
        facts.record(NoticesWritten())
    return written


def _binding_cursor() -> CursorWrapper:
    """A cursor that sends values apart from the statement, which PostgreSQL then plans once a connection (`prepare_threshold`).

    Planning is most of what this costs: of 600 µs for one message, 40 are left.
    """
    from django.db.backends.postgresql.base import ServerBindingCursor  # the driver may not be there beside SQLite

    connection.ensure_connection()
    wrapped: CursorWrapper = cast(Any, connection)._prepare_cursor(cast(Any, ServerBindingCursor)(connection.connection))
    return wrapped


def _for_postgres(newest: dict[tuple[UUID, UUID], int], now: datetime) -> dict[str, Any]:
    told = {
        "places": _array(place.hex for place, _ in newest),
        "senders": _array(sender.hex for _, sender in newest),
        "seqs": _array(map(str, newest.values())),
    }
    return {**told, "tick": str(new_id())[:15], "now": now, "end": now + LASTS}


def _array(parts: Iterable[str]) -> str:
    """Written by us, because the driver takes five times as long to write a list."""
    return "{" + ",".join(parts) + "}"


def _for_sqlite(newest: dict[tuple[UUID, UUID], int], now: datetime) -> dict[str, Any]:
    news = json.dumps([(place.hex, seq, sender.hex) for (place, sender), seq in newest.items()])
    at, end = (connection.ops.adapt_datetimefield_value(instant) for instant in (now, now + LASTS))
    return {"news": news, "tick": new_id().hex[:13], "now": at, "end": end}
