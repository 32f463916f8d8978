"""The live lane inside this process: from what was committed to the sockets that may hear it.

Everything here runs on the event loop. What is lost here is never trusted: feeds and sweeps read it from the log.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from chat import bodies, frames
from chat.actions.marks import Risen
from chat.codec import encode
from chat.drafts import Appended
from live.hub import Hub

_NOBODY = UUID(int=0)


class EntryDelivery:
    """One new entry, encoded at most once for each of the three ways it can be seen."""

    def __init__(self, appended: Appended) -> None:
        self.conversation_id = appended.conversation_id
        self.seq = appended.entry.seq
        self._appended = appended

    def seen_by(self, person_id: UUID, *, conceals: bool, spares_data: bool = False) -> frames.Entry:
        """The entry as this person may see it, and wants to."""
        entry = self._seen_by(person_id, conceals=conceals)
        return bodies.without_preview(entry) if spares_data else entry

    def _seen_by(self, person_id: UUID, *, conceals: bool) -> frames.Entry:
        if conceals:
            meeting = self._appended.entry.meeting
            left = bodies.without_what_is_asked(meeting) if isinstance(meeting, frames.Meeting) else msgspec.UNSET
            nothing = {"body": msgspec.UNSET, "media": msgspec.UNSET}
            return msgspec.structs.replace(self._appended.entry, **nothing, meeting=left, concealed=left is msgspec.UNSET)
        draft_id = self._appended.draft_id
        is_own = draft_id is not None and person_id == self._appended.sender_id
        return msgspec.structs.replace(self._appended.entry, draft_id=draft_id) if is_own else self._appended.entry

    def encoded_for(self, person_id: UUID, *, conceals: bool) -> bytes:
        """The same as a JSON frame."""
        if conceals:
            return self._concealed
        return self._own if person_id == self._appended.sender_id else self._plain

    @cached_property
    def _plain(self) -> bytes:
        return self._frame(self._appended.entry)

    @cached_property
    def _own(self) -> bytes:
        return self._frame(self.seen_by(self._appended.sender_id, conceals=False) if self._appended.sender_id else self._appended.entry)

    @cached_property
    def _concealed(self) -> bytes:
        return self._frame(self.seen_by(_NOBODY, conceals=True))

    def _frame(self, entry: frames.Entry) -> bytes:
        return encode(frames.Entries(self.conversation_id, [entry]))


def fan_out(hub: Hub, appended: Appended, *, spare: Any = None) -> None:
    """Offer a committed entry to every socket of everybody who may see it, but for the one that sent it."""
    delivery: EntryDelivery | None = None
    for recipient in appended.audience:
        outlets = hub.of(recipient.person_id)
        if not outlets:
            continue
        delivery = delivery or EntryDelivery(appended)
        for outlet in outlets:
            if outlet is spare:
                continue
            if outlet.access_version == recipient.access_version:
                outlet.offer_entry(delivery, conceals=recipient.conceals)
            else:
                outlet.recheck()


def fan_out_marks(hub: Hub, risen: Iterable[Risen]) -> None:
    """Tell everybody in a conversation which marks rose; a kept read mark goes to its owner's devices alone."""
    for change in risen:
        for_others: frames.Marks | None = None
        for recipient in change.audience:
            outlets = hub.of(recipient.person_id)
            if not outlets:
                continue
            owns_one = any(person_id == recipient.person_id for person_id in change.persons.values())
            if owns_one or for_others is None:
                news = frames.Marks(change.conversation_id, marks_for(change, recipient.person_id))
                for_others = for_others if owns_one else news
            else:
                news = for_others
            for outlet in outlets if news.marks else ():
                if outlet.access_version == recipient.access_version:
                    outlet.offer_marks(news)
                else:
                    outlet.miss_marks(change.conversation_id)


def marks_for(change: Risen, person_id: UUID) -> list[frames.Mark]:
    """What this person hears: of a kept read mark neither the seq nor that, or when, it rose."""
    heard = []
    for mark in change.marks:
        is_kept = mark.number in change.kept and change.persons.get(mark.number) != person_id
        if not is_kept:
            heard.append(mark)
        elif mark.number not in change.only_read:
            heard.append(msgspec.structs.replace(mark, read_seq=msgspec.UNSET))
    return heard
