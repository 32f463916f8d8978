"""Who has the app open, in this process and in the others, so that no phone rings in the hand of somebody who is reading."""

import asyncio
import json
import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from core import clock
from live.hub import Hub, hub
from live.pool import read

log = logging.getLogger(__name__)

EVERY = 30.0  # seconds between two tellings
LASTS = timedelta(seconds=75)  # two tellings and a half: one may be lost

# In the order of ids, so that two processes that tell of the same people wait for each other and do not deadlock.
_TELL = """
    INSERT INTO notifications_presence (person_id, until)
    SELECT id, {until} FROM accounts_person WHERE id IN (SELECT {ids}) ORDER BY id
    ON CONFLICT (person_id) DO UPDATE SET until = excluded.until WHERE notifications_presence.until < excluded.until
"""
_POSTGRES = {"until": "%(until)s::timestamptz", "ids": "unnest(%(ids)s::uuid[])"}
_SQLITE = {"until": "%(until)s", "ids": "value FROM json_each(%(ids)s)"}


def here(sockets: Hub = hub) -> frozenset[UUID]:
    """Who has a socket open in this process; asked on its event loop."""
    return frozenset(sockets.people())


async def keep(sockets: Hub = hub, *, every: float = EVERY) -> None:
    """Tell the other processes, for ever, who has a socket open here; needed only where there are others."""
    while True:
        if people := here(sockets):
            try:
                await read(tell, people, now=clock.now())
            except Exception as problem:  # the next telling is near, and silence only lets a phone ring
                log.warning("presence_not_told problem=%s", type(problem).__name__)
        await asyncio.sleep(every)


def tell(people: Collection[UUID], *, now: datetime) -> None:
    """Write for all of them at once, in one statement, until when they are here."""
    ids, until = [person_id.hex for person_id in people], now + LASTS
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_TELL.format(**_POSTGRES), {"ids": "{" + ",".join(ids) + "}", "until": until})
        else:
            at = connection.ops.adapt_datetimefield_value(until)
            cursor.execute(_TELL.format(**_SQLITE), {"ids": json.dumps(ids), "until": at})
