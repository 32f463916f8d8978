"""One device on one socket: `giving` (the way out), `following` (conversations), `commands` (the way in), and `lite` beside them."""

from chat.session.commands import Session
from chat.session.giving import Backstage
from chat.session.lite import LiteSession

__all__ = ["Backstage", "LiteSession", "Session"]
