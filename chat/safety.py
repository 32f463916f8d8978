"""What becomes of flags and of questions to a professional is decided by an app above this one, which the settings name (`CHAT_SAFETY`)."""

from datetime import datetime
from functools import cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from chat import frames


class Safety(Protocol):
    """Called outside any transaction. The same again gets the same receipt."""

    def flag(self, flag: frames.Flag, *, by_id: UUID, now: datetime) -> frames.Flagged:
        """Keep a flag and give its receipt. :raises DomainError:"""

    def escalate(self, escalate: frames.Escalate, *, by_id: UUID, now: datetime) -> frames.Escalated:
        """Hand a question to a professional and give its receipt. :raises DomainError:"""


@cache
def safety() -> Safety:
    """The one of this installation."""
    found: Safety = import_string(settings.CHAT_SAFETY)()
    return found
