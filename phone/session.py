"""One socket, seen from the device. No I/O, no clock of its own: `at` is monotonic seconds, given by the caller.

Its owner carries what `commands` gives to the server, gives `hear` what comes back, and stores what was heard before
it sends what `ack` gives.
"""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from phone import wire
from phone.asking import ANSWER_SECONDS, Asking
from phone.happenings import Afresh, Arrived, Changed, Happening, Letters, Needed, Online, Receipt, Refused
from phone.kept import Kept
from phone.log import Hole
from phone.outbox import Draft

ACK_SECONDS = 1.0
ACK_FRAMES = 16


class Session:
    """The state of one socket. What outlives it is in `kept`."""

    def __init__(self, kept: Kept, *, at: float) -> None:
        self.kept = kept
        self.welcome: wire.Welcome | None = None
        self.bye: wire.Bye | None = None
        self.is_resumed = False
        self._asking = Asking()
        self._heard = self._acked = 0
        self._ack_at: float | None = None
        self._said_at = self._began_at = at
        self._pages: list[tuple[UUID, int]] = []
        self._wants_cards = False
        self._told: dict[UUID, int] = {}

    # What to say.

    def commands(self, *, at: float) -> list[wire.Command]:
        """What may be said now; each is given once."""
        said: list[wire.Command] = []
        if self.is_resumed:
            said += [*self._drafts(at), *self._reads(at), *self._questions(at)]
        elif self.welcome is not None and self._asking.may_ask("resume", at=at):
            said.append(self.kept.resume(self._asking.ask("resume", partial(self._resumed, self.welcome), at=at)))
        if at >= self._pings_at() and self._asking.may_ask("ping", at=at):
            said.append(wire.Ping(self._asking.ask("ping", _nothing, at=at)))
        if said:
            self._said_at = at
        return said

    def _drafts(self, at: float) -> Iterable[wire.Command]:
        for draft in self.kept.outbox.next_of_each():
            if self._asking.may_ask(draft.draft_id, at=at):
                yield draft.command(self._asking.ask(draft.draft_id, partial(self._drafted, draft), at=at))

    def _reads(self, at: float) -> Iterable[wire.Command]:
        for conversation in self.kept.conversations.values():
            card, about = conversation.card, ("read", conversation.id)
            if card is None or card.left or conversation.seen <= self._told.get(conversation.id, card.read_seq):
                continue
            if self._asking.may_ask(about, at=at):
                ref = self._asking.ask(about, partial(self._read, conversation.id, conversation.seen), at=at)
                yield wire.Read(ref, conversation.id, conversation.seen)

    def _questions(self, at: float) -> Iterable[wire.Command]:
        pages, self._pages = self._pages, []
        for conversation, before in pages:
            yield wire.History(self._asking.ask(("page", conversation), self._paged, at=at), conversation, before)
        if self._wants_cards and self._asking.may_ask("cards", at=at):
            self._wants_cards = False
            yield wire.ListConversations(self._asking.ask("cards", _nothing, at=at))

    def ask_for_older(self, conversation: UUID, *, at: float) -> None:
        """Ask for the page before what is known."""
        first = self.kept.conversation(conversation).log.first_seq
        if first is not None and (conversation, first) not in self._pages and self._asking.may_ask(("page", conversation), at=at):
            self._pages.append((conversation, first))

    # Acks and time.

    def ack(self, *, at: float) -> wire.Ack | None:
        """The ack that is due now; what was heard so far must be stored by then."""
        is_due = self._heard - self._acked >= ACK_FRAMES or (self._ack_at is not None and at >= self._ack_at)
        if not is_due:
            return None
        self._acked, self._ack_at, self._said_at = self._heard, None, at
        return wire.Ack(self._heard)

    def wakes_at(self, *, at: float) -> float:
        """When there is something to do again if nothing happens before."""
        times = [self._pings_at(), self._ends_at(), *self._asking.resumes_at(at=at)]
        return min(times if self._ack_at is None else [*times, self._ack_at])

    def is_dead(self, *, at: float) -> bool:
        """Whether nobody is there any more, whatever the socket says."""
        return at >= self._ends_at()

    def _pings_at(self) -> float:
        if self.welcome is None:
            return float("inf")
        doubts = self._asking.doubts_at()
        beat = self._said_at + self.welcome.heartbeat
        return beat if doubts is None else min(beat, doubts)

    def _ends_at(self) -> float:
        if self.welcome is None:
            return self._began_at + ANSWER_SECONDS
        despairs = self._asking.despairs_at()
        return float("inf") if despairs is None else despairs

    # What is heard.

    def hear(self, text: str | bytes, *, at: float) -> list[Happening]:
        """Take one frame.

        :raises Hole: a line is missing; close, and resume on another socket.
        """
        self._heard += 1
        if self._ack_at is None:
            self._ack_at = at + ACK_SECONDS
        frame = wire.decode(text)
        ref = getattr(frame, "reply_to", None)
        if ref is not None and not isinstance(frame, wire.Unknown):
            return self._asking.answer(frame, ref, at=at)
        return self._event(frame, at)

    def _event(self, frame: wire.Heard | wire.Unknown, at: float) -> list[Happening]:
        match frame:
            case wire.Welcome():
                self.welcome = frame
                self.kept.belong_to(frame.person)
            case wire.Entries():
                return self._entries(frame)
            case wire.Marks():
                self.kept.conversation(frame.conversation).take_marks(frame.marks)
                return [Changed(frame.conversation)]
            case wire.Changed():
                self.kept.conversation(frame.card.id).take_card(frame.card)
                return [Changed(frame.card.id)]
            case wire.Head():
                self._ack_at = at  # what is more comes after the ack
            case wire.Statements():
                return [Letters(frame.unread)]
            case wire.Bye():
                self.bye = frame
        return []

    def _entries(self, frame: wire.Entries) -> list[Happening]:
        conversation = self.kept.conversation(frame.conversation)
        new = conversation.take_entries(frame.entries)
        self.kept.settle(conversation)
        self._wants_cards = self._wants_cards or any(entry.kind == "join" and entry.member not in conversation.members for entry in new)
        return [Arrived(conversation.id, new)] if new else []

    # Answers.

    def _resumed(self, welcome: wire.Welcome, answer: wire.Heard) -> list[Happening]:
        if not isinstance(answer, wire.Resumed):
            raise Hole  # this server does not take our word for where we are; try on another socket
        self.is_resumed = True
        self.kept.epoch = answer.epoch
        if not answer.resync:
            return [Online()]
        self.kept.start_afresh(now=welcome.now)
        return [Afresh(), Online()]

    def _drafted(self, draft: Draft, answer: wire.Heard) -> list[Happening]:
        if isinstance(answer, wire.Error):
            draft.refused = answer.code
            return [Refused(draft)]
        if isinstance(answer, (wire.Flagged, wire.Escalated)):
            self.kept.outbox.drop(draft.draft_id)
            name = answer.name if isinstance(answer, wire.Escalated) else None
            is_flag = isinstance(answer, wire.Flagged)
            return [Receipt(is_flag, answer.answer_by, name, answer.on_duty), Changed(draft.conversation)]
        if isinstance(answer, wire.Waiting):
            draft.held_until = answer.until
            return [Changed(draft.conversation), *([Needed(answer.help)] if answer.help else [])]
        if not isinstance(answer, wire.Sent):
            return []
        draft.seq, draft.sent_at = answer.seq, answer.at
        conversation = self.kept.conversation(draft.conversation)
        is_known = draft.ask is None and conversation.card is not None  # what became of a meeting only its entry tells
        is_next = is_known and answer.seq == (conversation.log.cursor or 0) + 1
        new = conversation.take_entries([draft.entry(author=conversation.you)]) if is_next else []
        self.kept.settle(conversation)
        needed = [Needed(answer.help)] if answer.help else []
        return [Arrived(conversation.id, new) if new else Changed(conversation.id), *needed]

    def _read(self, conversation: UUID, seen: int, answer: wire.Heard) -> list[Happening]:
        self._told[conversation] = seen
        return []

    def _paged(self, answer: wire.Heard) -> list[Happening]:
        if not isinstance(answer, wire.Page):
            return []
        self.kept.conversation(answer.conversation).log.put_before(answer.entries)
        return [Changed(answer.conversation)]


def _nothing(answer: wire.Heard) -> list[Happening]:
    return []
