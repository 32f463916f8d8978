"""One device on one socket: commands in, replies and events out. Decides nothing; knows no server."""

import time
from collections.abc import Callable, Coroutine
from functools import partial

from accounts.models import Device
from accounts.pace import pace
from chat import frames, reading
from chat.actions import members
from chat.actions.marks import Marked, Progress
from chat.codec import Codec, HeldBack, refusal
from chat.drafts import Draft, Outcome, Refused, Waiting, draft_of
from chat.errors import MalformedFrame, NotResumed, TooFast
from chat.planning import planner
from chat.safety import safety
from chat.session.following import Following
from chat.session.giving import Backstage
from core import clock
from core.errors import DomainError, TryAgain
from live.close_codes import CloseCode
from live.pool import read

MOST_ASKED = 4  # commands of one device that read the database at a time
MOST_COMPLAINTS = 3
MOST_REFUSED_AS_TOO_FAST = 100
HISTORY_COST = 2
MALFORMED_PAUSE = 60  # seconds that a device which speaks nonsense should stay away


class Session(Following):
    """The whole of it: what comes in, on top of what goes out."""

    def __init__(
        self, device: Device, *, codec: Codec, backstage: Backstage, push: Callable[[bytes], None], close: Callable[[int], None]
    ) -> None:
        super().__init__(device, codec=codec, backstage=backstage, push=push, close=close)
        self._complaints = 0
        self._too_fast = 0
        self._asked = 0
        self._unanswered = 0

    def receive(self, data: bytes | str | None) -> None:
        """Take one message from the device; must not block."""
        self.heard_at = time.monotonic()
        for heard in self.codec.decode(data, wait=self._wait):
            if self.is_gone:
                return
            if isinstance(heard, DomainError):
                self._complain(heard)
            elif isinstance(heard, HeldBack):
                self._hold_back(heard)
            else:
                self._take(heard)

    def _wait(self) -> int:
        return pace().take(str(self.device_id))

    def _take(self, command: frames.Command) -> None:
        if isinstance(command, frames.Ack):
            if command.n > self.feed.acked_to:  # there are no more of these than frames we sent
                self._acked(command.n)
            elif seconds := self._wait():
                self._hold_back(HeldBack(seconds, None))
        else:
            self._too_fast = max(0, self._too_fast - 1)  # forgiven one by one, or a flood would pass between two refusals
            self._handle(command)

    def _hold_back(self, held: HeldBack) -> None:
        self._too_fast += 1
        if self._too_fast > MOST_REFUSED_AS_TOO_FAST:
            self.withdraw(CloseCode.TOO_FAST, retry_after=held.seconds + 30)
        else:
            self.refuse(TooFast(retry_after=held.seconds), held.ref)

    def _complain(self, problem: DomainError) -> None:
        self.refuse(problem, None)
        self._complaints += 1
        if self._complaints >= MOST_COMPLAINTS:
            self.withdraw(CloseCode.MALFORMED, retry_after=MALFORMED_PAUSE)

    def _handle(self, command: frames.Command) -> None:
        match command:
            case frames.Ack():
                """Taken before it came here."""
            case frames.Ping(ref):
                self.give(frames.Pong(ref))
            case frames.Resume():
                self._start(self._resume(command), command.ref)
            case _ if self.stage != "live":
                self.refuse(NotResumed(), command.ref)
            case frames.Send() | frames.Edit() | frames.Retract() | frames.Meet():
                self._submit(command.ref, draft_of(command, person_id=self.person_id, access_version=self.access_version))
            case frames.Read(ref, conversation, seq):
                self._mark(Progress(self.person_id, conversation, read=seq), None if ref == frames.SILENT else ref)
            case frames.History():
                self._start(self._history(command), command.ref)
            case frames.ListConversations(ref):
                self._start(self._list(ref), ref)
            case frames.Mute(ref, conversation, until):
                change = partial(members.mute, by_id=self.person_id, conversation_id=conversation, until=until, now=clock.now())
                self._start(self._change(ref, change), ref)
            case frames.Held(ref):
                change = partial(planner().report, command, by_id=self.person_id, now=clock.now())
                self._start(self._change(ref, change), ref)
            case frames.Flag(ref):
                self._start(self._answer(partial(safety().flag, command, by_id=self.person_id, now=clock.now())), ref)
            case frames.Escalate(ref):
                self._start(self._answer(partial(safety().escalate, command, by_id=self.person_id, now=clock.now())), ref)
            case frames.Leave(ref, conversation):
                change = partial(members.leave, by_id=self.person_id, conversation_id=conversation, now=clock.now())
                self._start(self._change(ref, change), ref)

    def _start(self, work: Coroutine[None, None, None], ref: int) -> None:
        """Begin something that reads the database; few at a time, so that one device cannot take all readers."""
        if self._asked >= MOST_ASKED:
            work.close()
            self.refuse(TooFast(retry_after=1), ref)
        else:
            self._asked += 1
            self.in_background(self._counted(work), ref)

    async def _counted(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        finally:
            self._asked -= 1

    def _submit(self, ref: int, draft: Draft) -> None:
        self._unanswered += 1
        spare = None if draft.meet else self  # what became of a meeting, its entry says
        self.backstage.submit(draft, partial(self._drafted, ref), spare=spare)

    def _drafted(self, ref: int, outcome: Outcome | DomainError) -> None:
        self._unanswered -= 1
        if isinstance(outcome, DomainError):
            self.refuse(outcome, ref)
        elif isinstance(outcome, Refused):
            self.refuse(outcome.problem, ref)
            if isinstance(outcome.problem, TryAgain):  # perhaps this device was signed out, and the word of it is still under way
                self.recheck()
        elif isinstance(outcome, Waiting):
            self.give(outcome.reply(ref))
        else:
            draft = outcome.draft
            place = (draft.conversation_id, outcome.seq)
            self.give(outcome.reply(ref), delivers=place if draft.meet is None and self.feed.is_completed_by(*place) else None)

    def _mark(self, progress: Progress, ref: int | None) -> None:
        self._unanswered += 1
        self.backstage.mark(progress, partial(self._marked, ref))

    def _marked(self, ref: int | None, outcome: Marked | DomainError) -> None:
        self._unanswered -= 1
        self.stir()
        problem = outcome if isinstance(outcome, DomainError) else outcome.problem
        if ref is not None:
            self.give(refusal(problem, reply_to=ref) if problem else frames.Done(ref))

    def _acked(self, n: int) -> None:
        try:
            delivered = self.feed.acked(n)
        except ValueError:
            self._complain(MalformedFrame(problem="`n` is beyond what was sent"))
            return
        for conversation_id, seq in delivered.items():
            self._mark(Progress(self.person_id, conversation_id, delivered=seq), None)
        self.pump()

    async def _resume(self, command: frames.Resume) -> None:
        if self.stage != "new":
            raise NotResumed
        self.stage = "resuming"
        try:
            access, start = await read(_access_and_start, self, command)
        except BaseException:
            self.stage = "new"
            raise
        if not self._is_let_through(access):
            return
        self.give(frames.Resumed(command.ref, start.epoch, start.resync))
        for card in start.cards:
            self.give(frames.Changed(card))
        self.begin(start.follows, stored={} if start.resync else command.cursors)
        self.letters(access.unread)

    def _is_let_through(self, access: reading.Access) -> bool:
        if access.code is not None:
            self.withdraw(access.code)
            return False
        self.access_version = access.version
        self.codec.low_data = access.low_data
        return True

    async def _history(self, command: frames.History) -> None:
        wait = pace().take(str(self.device_id), cost=HISTORY_COST)
        if wait:
            raise TooFast(retry_after=wait)
        entries, more = await read(
            reading.history,
            self.person_id,
            command.conversation,
            before=command.before,
            after=command.after,
            limit=command.limit,
            version=self.access_version,
        )
        self.give(frames.Page(command.ref, command.conversation, entries, more))

    async def _list(self, ref: int) -> None:
        followed = list(self.feed.tracks)  # one that is new this very moment comes by itself
        for card in await read(reading.cards, self.person_id, now=clock.now(), only=followed):
            self.give(frames.Changed(card))
        self.give(frames.Done(ref))

    async def _answer(self, ask: Callable[[], frames.Reply]) -> None:
        self.give(await read(ask))

    async def _change(self, ref: int, change: Callable[[], object]) -> None:
        await read(change)
        self.give(frames.Done(ref))

    # Whoever asks once and goes: a POST.

    @property
    def is_settled(self) -> bool:
        """Whether all that was asked is answered, and all that fits is given."""
        return not self.tasks and not self._unanswered


def _access_and_start(session: Session, command: frames.Resume) -> tuple[reading.Access, reading.Start]:
    """Access first: what was signed out since the socket opened gets nothing."""
    now = clock.now()
    access = reading.access(session.device_id, now=now)
    if access.code is not None:
        return access, reading.Start(session.device_id, resync=False, follows=[], cards=[])
    return access, reading.start(session.person_id, command, now=now)
