"""One socket, seen from the device. No I/O, no clock of its own: `at` is monotonic seconds, given by the caller.

Its owner carries what `commands` gives to the server, gives `hear` what comes back, and stores what was heard before
it sends what `ack` gives.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from phone import wire
from phone.happenings import Afresh, Arrived, Changed, Happening, Online, Refused
from phone.kept import Kept
from phone.log import Hole
from phone.outbox import Draft

ACK_SECONDS = 0.8  # the server wants an ack within a second of an event, or so
ACK_FRAMES = 16
PATIENCE = 30.0  # seconds of silence, while something waits for its answer, after which the link is dead
DEFAULT_WAIT = 5.0
LATER_CODES = frozenset({"too_fast", "try_again", "not_resumed"})


@dataclass(slots=True)
class Asked:
    """A command without its answer: who hears the answer, and which thing it was about."""

    about: object
    answered: Callable[[wire.Heard], list[Happening]]


class Session:
    """The state of one socket. What outlives it is in `kept`."""

    def __init__(self, kept: Kept, *, at: float) -> None:
        self.kept = kept
        self.is_resumed = False
        self.bye: wire.Bye | None = None
        self._heard = 0
        self._acked = 0
        self._ack_at: float | None = None
        self._heartbeat: float | None = None
        self._welcomed = False
        self._heard_at = self._said_at = at
        self._ref = 0
        self._asked: dict[int, Asked] = {}
        self._not_before: dict[object, float] = {}
        self._pages: list[tuple[UUID, int]] = []
        self._told: dict[UUID, int] = {}

    # What to say.

    def commands(self, *, at: float) -> list[wire.Command]:
        """What may be said now; each is given once."""
        self._not_before = {about: time for about, time in self._not_before.items() if time > at}
        said = list(self._due(at))
        if said:
            self._said_at = at
        return said

    def _due(self, at: float) -> Iterable[wire.Command]:
        if not self._welcomed:
            return
        if not self.is_resumed:
            if self._may_ask("resume", at):
                yield self.kept.resume(self._ask("resume", self._resumed))
            return
        for draft in self.kept.outbox.next_of_each():
            if self._may_ask(draft.draft_id, at):
                yield draft.command(self._ask(draft.draft_id, partial(self._drafted, draft)))
        yield from self._reads(at)
        while self._pages:
            conversation, before = self._pages.pop()
            yield wire.History(self._ask(("page", conversation), self._paged), conversation, before)
        if self._heartbeat is not None and at >= self._said_at + self._heartbeat and self._may_ask("ping", at):
            yield wire.Ping(self._ask("ping", _nothing))

    def _reads(self, at: float) -> Iterable[wire.Read]:
        for conversation in self.kept.conversations.values():
            card, about = conversation.card, ("read", conversation.id)
            if card is None or card.left or conversation.seen <= self._told.get(conversation.id, card.read_seq):
                continue
            if self._may_ask(about, at):
                seen = conversation.seen
                yield wire.Read(self._ask(about, partial(self._read, conversation.id, seen)), conversation.id, seen)

    def ask_for_older(self, conversation: UUID) -> None:
        """Ask for the page before what is known."""
        first = self.kept.conversation(conversation).log.first_seq
        is_asked = any(asked.about == ("page", conversation) for asked in self._asked.values())
        if first is not None and not is_asked and (conversation, first) not in self._pages:
            self._pages.append((conversation, first))

    def _may_ask(self, about: object, at: float) -> bool:
        return at >= self._not_before.get(about, 0) and all(asked.about != about for asked in self._asked.values())

    def _ask(self, about: object, answered: Callable[[wire.Heard], list[Happening]]) -> int:
        self._ref += 1
        self._asked[self._ref] = Asked(about, answered)
        return self._ref

    # Acks and time.

    def ack(self, *, at: float) -> wire.Ack | None:
        """The ack that is due now; what was heard so far must be stored by then."""
        is_due = self._heard - self._acked >= ACK_FRAMES or (self._ack_at is not None and at >= self._ack_at)
        if not is_due:
            return None
        self._acked, self._ack_at, self._said_at = self._heard, None, at
        return wire.Ack(self._heard)

    def wakes_at(self) -> float | None:
        """When there is something to do again if nothing happens before."""
        times = [*self._not_before.values()]
        if self._ack_at is not None:
            times.append(self._ack_at)
        if self._heartbeat is not None:
            times.append(self._said_at + self._heartbeat)
        if self._asked or not self._welcomed:
            times.append(max(self._heard_at, self._said_at) + PATIENCE)
        return min(times, default=None)

    def is_dead(self, *, at: float) -> bool:
        """Whether something waits for an answer and nothing was heard for too long."""
        return bool(self._asked or not self._welcomed) and at >= max(self._heard_at, self._said_at) + PATIENCE

    # What is heard.

    def hear(self, text: str | bytes, *, at: float) -> list[Happening]:
        """Take one frame.

        :raises Hole: a line is missing; close, and resume on another socket.
        """
        self._heard += 1
        self._heard_at = at
        frame = wire.decode(text)
        ref = getattr(frame, "reply_to", None)
        if not isinstance(frame, wire.Unknown) and ref is not None and (asked := self._asked.pop(ref, None)):
            return self._answer(asked, frame, at)
        if isinstance(frame, wire.Entries | wire.Marks | wire.Changed | wire.Head) and self._ack_at is None:
            self._ack_at = at if isinstance(frame, wire.Head) else at + ACK_SECONDS
        return self._event(frame)

    def _answer(self, asked: Asked, frame: wire.Heard, at: float) -> list[Happening]:
        if isinstance(frame, wire.Error) and asked.about != "ping" and (frame.retry_after is not None or frame.code in LATER_CODES):
            self._not_before[asked.about] = at + (DEFAULT_WAIT if frame.retry_after is None else frame.retry_after)
            return []
        return asked.answered(frame)

    def _event(self, frame: wire.Heard | wire.Unknown) -> list[Happening]:
        match frame:
            case wire.Welcome():
                self._welcomed = True
                self._heartbeat = frame.heartbeat
            case wire.Entries():
                conversation = self.kept.conversation(frame.conversation)
                new = conversation.take_entries(frame.entries)
                self.kept.settle(conversation)
                return [Arrived(conversation.id, new)] if new else []
            case wire.Marks():
                self.kept.conversation(frame.conversation).take_marks(frame.marks)
                return [Changed(frame.conversation)]
            case wire.Changed():
                self.kept.conversation(frame.card.id).take_card(frame.card)
                return [Changed(frame.card.id)]
            case wire.Bye():
                self.bye = frame
        return []

    # Answers.

    def _resumed(self, answer: wire.Heard) -> list[Happening]:
        if not isinstance(answer, wire.Resumed):
            raise Hole  # this server does not take our word for where we are; try on another socket
        self.is_resumed = True
        self.kept.epoch = answer.epoch
        if not answer.resync:
            return [Online()]
        self.kept.start_afresh()
        return [Afresh(), Online()]

    def _drafted(self, draft: Draft, answer: wire.Heard) -> list[Happening]:
        if isinstance(answer, wire.Error):
            draft.refused = answer.code
            return [Refused(draft)]
        if not isinstance(answer, wire.Sent):
            return []
        draft.seq, draft.sent_at = answer.seq, answer.at
        conversation = self.kept.conversation(draft.conversation)
        if conversation.log.cursor != answer.seq - 1 or conversation.card is None:
            self.kept.settle(conversation)
            return [Changed(conversation.id)]
        new = conversation.take_entries([draft.entry(author=conversation.you)])
        self.kept.settle(conversation)
        return [Arrived(conversation.id, new)]

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
