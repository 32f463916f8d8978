"""The look at what one batch of drafts says: whom it helps, what waits, and what somebody must see."""

import logging
from datetime import datetime

from django.db import OperationalError, transaction

from chat import frames
from chat.actions.desk import Desk
from chat.actions.statements import Row, Standing
from chat.drafts import Draft, Waiting
from chat.screening import Seen, SeenEntry, ToHold, screener

log = logging.getLogger(__name__)


class Watch:
    """Collects what was seen, for the end of the batch. Of a failure only its kind is told, for it may carry the words."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self.desk = desk
        self.now = now
        self._seen: list[SeenEntry] = []
        self._held: list[ToHold] = []

    def look(self, draft: Draft, conversation: Standing) -> Seen | None:
        """A message goes, whatever becomes of the look at it."""
        try:
            return screener().look(draft.said, place=conversation, languages=self.desk.languages(conversation.id, draft.person_id))
        except Exception as problem:  # the sentence above
            log.error("not_screened problem=%s", type(problem).__name__)  # noqa: TRY400  # no more than its kind
            return None

    def help_for(self, draft: Draft, conversation: Standing) -> frames.Help | None:
        """The same for every try of a draft."""
        seen = self.look(draft, conversation)
        return None if seen is None else seen.help

    def note(self, row: Row, seen: Seen) -> None:
        if seen.signals:
            self._seen.append(SeenEntry(row.conversation_id, row.seq, row.sender_id, seen.signals, self.now))

    def hold(self, draft: Draft, conversation: Standing, seen: Seen, *, digest: bytes) -> Waiting:
        line = ToHold(
            conversation_id=conversation.id,
            person_id=draft.person_id,
            draft_id=draft.draft_id,
            body=draft.body or "",
            target=draft.target,
            media=draft.media,
            digest=digest,
            key=self.desk.key(conversation),
            seen=seen,
        )
        until = screener().hold(line, now=self.now)
        self._held.append(line)
        return Waiting(draft, until, seen.help)

    def waiting(self, draft: Draft, conversation: Standing, *, digest: bytes) -> Waiting | None:
        """:raises DomainError: it was something else, or is not let through"""
        until = screener().held(place=conversation, person_id=draft.person_id, draft_id=draft.draft_id, digest=digest)
        return None if until is None else Waiting(draft, until, self.help_for(draft, conversation))

    def keep(self) -> None:
        """Last in the transaction, for it may end at the lock of the audit log. A failure keeps no message back, except of the database itself."""
        if not self._seen and not self._held:
            return
        try:
            with transaction.atomic():
                screener().keep(self._seen, held=self._held, now=self.now)
        except OperationalError:  # gone, or two in each other's way: the whole batch is tried again
            raise
        except Exception as problem:  # messages go, whatever becomes of the look at them
            log.error("signals_not_kept problem=%s entries=%s", type(problem).__name__, len(self._seen) + len(self._held))  # noqa: TRY400  # no more than its kind
