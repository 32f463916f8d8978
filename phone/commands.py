"""What a person types: words to send, or a command that starts with a slash. The same on every screen."""

from dataclasses import dataclass
from uuid import UUID

from phone import meetings, planning, safety
from phone.client import Client
from phone.kept import CannotSay
from phone.lines import refused_drafts
from phone.words import Words


class Quit(Exception):
    """The person is done."""


@dataclass(slots=True)
class Desk:
    """One phone and the conversation that is in front of the person."""

    client: Client
    words: Words
    here: UUID | None = None
    has_keys: bool = False  # a screen, where keys do something too

    def take(self, typed: str) -> str:
        """Do what was typed; gives what there is to say about it, mostly nothing. :raises Quit:"""
        text = typed.strip()
        if not text:
            return ""
        command, _, rest = text.partition(" ")
        if command.startswith("//") or not command.startswith("/"):
            return self._write(text.removeprefix("/") if command.startswith("//") else text)
        match command:
            case "/quit" | "/q":
                raise Quit
            case "/help":
                return self._help(of_meetings=bool(rest.strip()))
            case "/to":
                return self._go_to(rest)
            case "/now":
                self.client.try_now()
                return ""
        return self._about_messages(command, rest)

    def _help(self, *, of_meetings: bool) -> str:
        """Few enough lines that the newest message stays in sight; meetings have their own."""
        plan = ("/help meet", self.words.meetings.help_on_planning)
        known = self.words.meetings.help if of_meetings else (*self.words.help, plan, *(self.words.keys if self.has_keys else ()))
        return "\n".join(f"{name:<12} {what}" for name, what in known)

    def _about_messages(self, command: str, rest: str) -> str:
        if self.here is None:
            return self.words.no_conversation
        match command:
            case "/edit" | "/retract":
                return self._change(rest if command == "/edit" else None)
            case "/again" | "/drop":
                return self._settle(self.here, again=command == "/again")
            case "/older":
                self.client.older(self.here)
                return ""
            case _ if command in safety.COMMANDS:
                return self._report(self.here, command, rest)
            case _ if command in planning.COMMANDS:
                return self._plan(self.here, f"{command} {rest}")
        return self.words.no_such

    def _plan(self, here: UUID, typed: str) -> str:
        conversation = self.client.kept.conversation(here)
        if not conversation.can_write:
            return self.words.cannot_write
        try:
            ask = planning.ask_of(typed, meetings.newest(conversation.log.entries), you=conversation.you)
            self.client.plan(here, ask, typed)
        except (planning.CannotPlan, CannotSay) as problem:
            return self.words.problem(problem.code)
        return ""

    def _report(self, here: UUID, command: str, rest: str) -> str:
        """Also where nothing can be written any more."""
        conversation, said = self.client.kept.conversation(here), self.words.safety
        try:
            report = safety.report_of(command, rest, conversation.log.entries, you=conversation.you)
            self.client.report(here, report)
        except safety.CannotReport:
            listed = said.reasons if command == "/flag" else said.urgencies
            return "\n".join(f"{command} {number}  {what}" for number, what in enumerate(listed, start=1))
        except CannotSay as problem:
            return self.words.problem(problem.code)
        return said.kept_here

    def _write(self, text: str) -> str:
        if self.here is None:
            return self.words.no_conversation
        if not self.client.kept.conversation(self.here).can_write:
            return self.words.cannot_write
        try:
            self.client.write(self.here, text)
        except CannotSay as problem:
            return self.words.problem(problem.code)
        return ""

    def _change(self, text: str | None) -> str:
        kept, here = self.client.kept, self.here
        assert here is not None  # the caller looked
        if any(draft.waits and draft.kind == "message" for draft in kept.outbox.of(here)):
            return self.words.not_sent_yet
        last = kept.last_own(here)
        if last is None:
            return self.words.nothing_to_change
        try:
            if text is None:
                self.client.retract(here, last.seq)
            else:
                self.client.edit(here, last.seq, text)
        except CannotSay as problem:
            return self.words.problem(problem.code)
        return ""

    def _settle(self, here: UUID, *, again: bool) -> str:
        drafts = refused_drafts(self.client.kept, here)
        for draft in drafts:
            if again:
                self.client.again(draft)
            else:
                self.client.drop(draft)
        return "" if drafts else self.words.no_such

    def _go_to(self, which: str) -> str:
        listed = self.client.kept.in_order()
        number = int(which) if which.strip().isdigit() else 0
        if not 1 <= number <= len(listed):
            return self.words.no_such
        self.here = listed[number - 1].id
        return ""
