"""One device on one socket, in three rooms: `giving` (the way out), `following` (conversations), `commands` (the way in)."""

from chat.session.commands import Session
from chat.session.giving import Backstage

__all__ = ["Backstage", "Session"]
