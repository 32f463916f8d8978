"""The phone as lines of text: for screen readers, pipes and terminals that can do no more."""

import asyncio
import contextlib
import math
import sys
import threading
from collections.abc import Callable
from typing import TextIO
from uuid import UUID

from phone import planning, safety
from phone.calendar import hour, zone_of
from phone.client import Client
from phone.commands import Desk, Quit
from phone.conversation import Conversation
from phone.ending import SIGNED_OUT, say_goodbye
from phone.happenings import Afresh, Arrived, Changed, Ended, Happening, Letters, Needed, Offline, Online, Receipt, Refused
from phone.kept import Kept
from phone.lines import Fate, Line, Side, lines, name_of, title_of
from phone.printable import on_one_line, opening
from phone.store import Store
from phone.wire import Entry
from phone.words import words_for

PATIENCE = 30.0  # seconds that the last drafts get after the end of the input
LINGER = 1.5  # so that what was missed is shown and acked
SHOWN_AT_START = 10
CLEAR = "\x1b[H\x1b[2J\x1b[3J"  # the window and what was scrolled out of it
_WORTH_SAYING = (Fate.SENT, Fate.DELIVERED, Fate.READ)


class Plain:
    """Print what happens, take what is typed."""

    def __init__(self, kept: Kept, store: Store, *, source: TextIO = sys.stdin, out: TextIO = sys.stdout) -> None:
        self.kept = kept
        self.store = store
        self.words = words_for(kept.person.language)
        self.zone = zone_of(kept.person.zone)
        self.client = Client(kept, keeps=store, listen=self._hear)
        self.desk = Desk(self.client, self.words)
        self._source = source
        self._out = out
        self._is_watched = source.isatty() and out.isatty()
        self._told: dict[UUID, tuple[str, Fate]] = {}
        self._is_offline = False
        self._heard = asyncio.Event()

    async def run(self) -> int:
        """Until the input ends or the server says not to come back; gives the exit status."""
        self._show_stored()
        talking = asyncio.create_task(self.client.run())
        typing = asyncio.create_task(self._type())
        try:
            await asyncio.wait([talking, typing], return_when=asyncio.FIRST_COMPLETED)
            if not talking.done():
                typing.result()
                await self._finish(talking)
            return self._leave(talking.result() if talking.done() else None)
        finally:
            for task in (talking, typing):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await talking

    def _leave(self, code: int | None) -> int:
        if code is not None:
            if code == SIGNED_OUT and self._is_watched:
                print(CLEAR, end="", file=self._out)
            self._say(say_goodbye(code, self.kept, self.store, self.words))
            return 1
        waiting = sum(draft.waits for draft in self.kept.outbox.drafts)
        if waiting:
            self._say(self.words.still_waiting.format(count=waiting))
        return 3 if waiting else 0

    # What is typed.

    async def _type(self) -> None:
        typed: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        threading.Thread(target=_pass_lines, args=(self._source, loop, typed.put_nowait), daemon=True).start()
        while line := await typed.get():
            if not line.startswith("/") or line.split()[0] in planning.COMMANDS | safety.COMMANDS:
                await self._until(lambda: self.desk.here is not None)  # a new phone first learns where it can write
            if self.desk.here is not None:
                self.client.see(self.desk.here)  # who types is there
            try:
                self._say(self.desk.take(line))
            except Quit:
                return
            if self._is_offline and self.kept.outbox.drafts:
                self._say(f"({self.words.waits}) {on_one_line(line)}")

    async def _finish(self, talking: "asyncio.Task[int]") -> None:
        """Give what was written the time to leave, and what was missed the time to arrive."""
        if await self._until(self._is_settled):
            await asyncio.wait([talking], timeout=LINGER)

    def _is_settled(self) -> bool:
        return isinstance(self.client.link, Ended) or (
            isinstance(self.client.link, Online) and not any(draft.waits for draft in self.kept.outbox.drafts)
        )

    async def _until(self, is_so: Callable[[], bool]) -> bool:
        """Wait until something is so; false when it takes too long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not is_so():
                    self._heard.clear()
                    await self._heard.wait()
        return is_so()

    # What happens.

    def _hear(self, happening: Happening) -> None:
        self._heard.set()
        match happening:
            case Arrived():
                self._arrived(self.kept.conversation(happening.conversation), happening.entries)
            case Changed():
                self._settle_in()
                self._tell_fate(self.kept.conversation(happening.conversation))
            case Refused():
                draft = happening.draft
                self._say(f"{self.words.refused}: {on_one_line(draft.body or '')} ({self.words.problem(draft.refused or '')})")
            case Receipt() | Letters() | Needed():
                self._say(self.words.safety.told(happening, self.zone))
            case Online():
                self._is_offline = False
                self._say(f"-- {self.words.connected}")
            case Offline() if not self._is_offline:
                self._is_offline = True
                self._say(f"-- {self.words.offline.format(seconds=math.ceil(happening.seconds))}")
            case Offline() | Ended() | Afresh():
                pass

    def _settle_in(self) -> None:
        """Be in the first conversation there is, and say so."""
        listed = self.kept.in_order()
        if self.desk.here is None and listed:
            self.desk.here = listed[0].id
            for number, conversation in enumerate(listed, start=1):
                self._say(f"-- {number}. {title_of(conversation, self.words)}")

    def _arrived(self, conversation: Conversation, entries: list[Entry]) -> None:
        news = {entry.seq for entry in entries}
        shown = {line.seq: line for line in lines(self.kept, conversation, self.words) if line.seq in news}
        for entry in entries:
            if entry.kind in {"edit", "retract"}:
                if entry.target not in news:  # otherwise the message was just shown as it is now
                    self._say_change(conversation, entry)
            elif entry.seq in shown:
                self._say_line(conversation, shown[entry.seq])
        if self._is_watched and conversation.id == self.desk.here:
            self.client.see(conversation.id)
        self._tell_fate(conversation)

    def _say_change(self, conversation: Conversation, change: Entry) -> None:
        target = conversation.log.at(change.target)
        name = self.words.you if change.author == conversation.you else name_of(change.author, conversation, self.words)
        if target is not None:
            pattern = self.words.plain_edited if change.kind == "edit" else self.words.plain_taken_back
            said = pattern.format(name=name, time=hour(target.at, self.zone), text=on_one_line(change.body or "…"))
            self._say(f"{self._place(conversation)}{hour(change.at, self.zone)} {said}")

    def _say_line(self, conversation: Conversation, line: Line) -> None:
        edited = f" ({self.words.edited})" if line.is_edited else ""
        name = f"{line.name}: " if line.side is not Side.NOTE else "-- "
        self._say(f"{self._place(conversation)}{hour(line.at, self.zone)} {name}{on_one_line(line.text)}{edited}")

    def _tell_fate(self, conversation: Conversation) -> None:
        """Say how far the newest message of this person got, when that is news."""
        fates = [(line, line.fate) for line in lines(self.kept, conversation, self.words) if line.side is Side.MINE and line.seq]
        if not fates:
            return
        line, fate = fates[-1]
        if fate not in _WORTH_SAYING or self._told.get(conversation.id) == (line.key, fate):
            return
        self._told[conversation.id] = (line.key, fate)
        self._say(f"{self._place(conversation)}{hour(line.at, self.zone)} {getattr(self.words, fate.value)}: “{opening(line.text)}”")

    def _show_stored(self) -> None:
        self._settle_in()
        for conversation in self.kept.in_order():
            for line in lines(self.kept, conversation, self.words)[-SHOWN_AT_START:]:
                self._say_line(conversation, line)

    def _place(self, conversation: Conversation) -> str:
        listed = self.kept.in_order()
        return f"[{listed.index(conversation) + 1}] " if len(listed) > 1 and conversation in listed else ""

    def _say(self, text: str) -> None:
        if text:
            print(text, file=self._out, flush=True)


def _pass_lines(source: TextIO, loop: asyncio.AbstractEventLoop, put: Callable[[str], None]) -> None:
    """Read the input in a thread of its own: terminals, pipes and files alike."""
    with contextlib.suppress(RuntimeError):  # the loop is gone
        for line in source:
            loop.call_soon_threadsafe(put, line if line.strip() else " ")
        loop.call_soon_threadsafe(put, "")
