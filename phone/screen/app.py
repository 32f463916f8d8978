"""The terminal phone: conversations, messages, a line to type on, and whether there is a connection."""

import math
import time
from typing import ClassVar
from uuid import UUID

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Event, Key
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from phone import clock
from phone.calendar import zone_of
from phone.client import Client
from phone.commands import Desk, Quit
from phone.conversation import Conversation
from phone.ending import SIGNED_OUT, say_goodbye
from phone.happenings import Arrived, Ended, Happening, Letters, Needed, Online, Receipt
from phone.kept import LONGEST_BODY, Kept
from phone.lines import lines, state_of, title_of
from phone.printable import on_one_line
from phone.screen.colours import COLOURS, THEME
from phone.screen.messages import Messages
from phone.screen.rows import Look, rows
from phone.store import Store
from phone.words import words_for


class PhoneApp(App[int]):
    """One phone. It decides nothing: what is kept is `kept`, what can be typed is at `desk`."""

    TITLE = "Maatje"
    CSS_PATH = "phone.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        ("ctrl+q", "leave", ""),
        ("ctrl+c", "leave", ""),
        ("ctrl+n", "go(1)", ""),
        ("ctrl+p", "go(-1)", ""),
        ("f1", "help", ""),
        ("pageup", "scroll(-1)", ""),
        ("pagedown", "scroll(1)", ""),
        Binding("end", "newest", "", priority=True),
        ("escape", "hush", ""),
    ]

    def __init__(self, kept: Kept, store: Store) -> None:
        super().__init__()
        self.kept = kept
        self.store = store
        self.words = words_for(kept.person.language)
        self.client = Client(kept, keeps=store, listen=self._hear)
        self.desk = Desk(self.client, self.words, has_keys=True)
        self.look = Look(self.words, zone_of(kept.person.zone), in_words=self.no_color)
        self._is_stale = False
        self._is_helping = False

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return COLOURS

    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield Static(f"Maatje · {on_one_line(self.kept.person.name)}", id="who", markup=False)
            yield Static(id="link")
        with Horizontal(id="middle"):
            yield OptionList(id="list", markup=False)
            with Vertical(id="talk"):
                yield Static(id="title", markup=False)
                yield Messages()
                yield Static(id="newer", markup=False)
        yield Static(id="say", markup=False)
        yield Input(id="typed", placeholder=self.words.write_here, select_on_focus=False)

    async def on_mount(self) -> None:
        self.register_theme(THEME)
        self.theme = "maatje"
        self.query_one("#list").can_focus = False
        self.query_one("#typed").focus()
        await self._show()
        self.set_interval(1, self._show_link)
        self.run_worker(self.client.run(), exit_on_error=True)

    # What happens.

    def _hear(self, happening: Happening) -> None:
        if isinstance(happening, Ended):
            self._end(happening.code)
        if isinstance(happening, Receipt | Letters | Needed) and self.is_running:
            self._say(self.words.safety.told(happening, zone_of(self.kept.person.zone)))
        if isinstance(happening, Arrived) and self._is_helping:
            self._say("")
        if isinstance(happening, Arrived) and happening.conversation != self.desk.here and self.is_running:
            self.bell()
        self._refresh()

    def _end(self, code: int) -> None:
        self._say(say_goodbye(code, self.kept, self.store, self.words))
        typed = self.query_one("#typed", Input)
        typed.disabled = True
        if code == SIGNED_OUT:
            typed.value = typed.placeholder = ""
            self.desk.here = None
            self.query_one("#who", Static).update("Maatje")

    def _refresh(self) -> None:
        """Show once what many happenings changed."""
        if not self._is_stale:
            self._is_stale = True
            self.call_later(self._show)

    async def _show(self) -> None:
        self._is_stale = False
        if not self._is_there():
            return
        listed = self.kept.in_order()
        if listed and (self.desk.here is None or self.desk.here not in self.kept.conversations):
            self.desk.here = listed[0].id
        self._show_link()
        self._show_list(listed)
        await self._show_talk(self.kept.conversations.get(self.desk.here) if self.desk.here else None)

    async def _show_talk(self, conversation: Conversation | None) -> None:
        messages = self.query_one(Messages)
        if conversation is None:
            self.query_one("#title", Static).update("")
            is_over = isinstance(self.client.link, Ended)
            await messages.show([], nothing="…" if is_over else self.words.no_conversation)
            self._show_newer(0)
            return
        self.query_one("#title", Static).update(self._title(conversation))
        shown = lines(self.kept, conversation, self.words)
        sees_newest = messages.follows and self.app_focus
        await messages.show(rows(shown, self.look, now=clock.now()), nothing=self.words.nothing_yet)
        typed = self.query_one("#typed", Input)
        typed.placeholder = self.words.write_here if conversation.can_write else self.words.cannot_write
        if sees_newest:
            self.client.see(conversation.id)
        self._show_newer(0 if messages.follows else conversation.unread())

    def _show_newer(self, count: int) -> None:
        """What came in below while the person reads above."""
        newer = self.query_one("#newer", Static)
        newer.update(f"↓ {self.words.newer.format(count=count)}")
        newer.set_class(count > 0, "counts")

    def _title(self, conversation: Conversation) -> Content:
        others = conversation.others
        about = self.words.role(others[0].role) if len(others) == 1 else f"{self.words.group}, {len(others) + 1}"
        parts = [Content.styled(title_of(conversation, self.words), "bold $ink"), Content.styled(f" · {about}", "$faint")]
        if state := state_of(conversation, self.words):
            parts.append(Content.styled(f" · {state}", "$waits"))
        return Content.assemble(*parts)

    def _show_list(self, listed: list[Conversation]) -> None:
        choices = self.query_one("#list", OptionList)
        choices.set_class(len(listed) > 1, "several")
        choices.clear_options()
        if len(listed) > 1:
            choices.add_options([Option(self._choice(n, c), id=str(c.id)) for n, c in enumerate(listed, start=1)])
            choices.highlighted = next((index for index, c in enumerate(listed) if c.id == self.desk.here), None)

    def _choice(self, number: int, conversation: Conversation) -> Content:
        unread = conversation.unread() if conversation.id != self.desk.here else 0
        badge = f"{unread} " if unread else ""
        title = title_of(conversation, self.words)
        room = 21 - len(badge) - len(str(number))
        shown = title if len(title) <= room else f"{title[: room - 1]}…"
        last = next((line.text for line in reversed(lines(self.kept, conversation, self.words))), "")
        preview = on_one_line(last)
        return Content.assemble(
            Content.styled(f"{number} ", "$faint"),
            Content.styled(f"{shown:<{room}}", "bold" if unread else ""),
            Content.styled(badge, "bold $waits"),
            Content.styled(f"\n  {preview if len(preview) <= 19 else preview[:18] + '…'}", "$faint"),
        )

    def _is_there(self) -> bool:
        """Whether there is anything to show on: a screen that is taken down, or hardly begun, has no parts."""
        return bool(self.query("#link"))

    def _show_link(self) -> None:
        if not self._is_there():
            return
        link, words = self.client.link, self.words
        if isinstance(link, Online):
            shown = Content.styled(f"● {words.connected}", "$good")
        elif isinstance(link, Ended):
            word = {4500: words.signed_out, 4503: words.suspended}.get(link.code, words.ended.format(code=link.code))
            shown = Content.styled(f"■ {word}", "$refused")
        else:
            left = math.ceil(link.until - time.monotonic())
            shown = Content.styled(f"○ {words.offline.format(seconds=left) if left > 0 else words.connecting}", "$waits")
        self.query_one("#link", Static).update(shown)

    # What the person does.

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and self._is_helping and not event.is_forwarded:
            self._say("")
        await super().on_event(event)

    def _say(self, text: str, *, is_help: bool = False) -> None:
        self._is_helping = is_help  # which stands in the way of the messages, so anything new closes it
        say = self.query_one("#say", Static)
        say.update(text)
        say.set_class(bool(text), "speaks")

    def on_input_changed(self, event: Input.Changed) -> None:
        too_long = len(event.value) > LONGEST_BODY
        event.input.set_class(too_long, "-too-long")
        if too_long:
            self._say(self.words.too_long.format(count=len(event.value)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if len(event.value) > LONGEST_BODY:
            return
        here = self.desk.here
        try:
            answer = self.desk.take(event.value)
        except Quit:
            self.action_leave()
            return
        self._say(answer, is_help=event.value.strip() == "/help")
        event.input.value = ""
        if here != self.desk.here or not event.value.startswith("/"):
            self.query_one(Messages).follow()
        self._refresh()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option.id is not None:
            self._open(UUID(event.option.id))

    def on_messages_at_top(self) -> None:
        if self.desk.here is not None and self.kept.conversation(self.desk.here).may_have_older():
            self.client.older(self.desk.here)

    def on_messages_at_end(self) -> None:
        self._refresh()

    def watch_app_focus(self) -> None:
        if self.is_running:
            self._refresh()

    def _open(self, conversation: UUID) -> None:
        self.desk.here = conversation
        self._say("")
        self.query_one(Messages).follow()
        self.query_one("#typed").focus()
        self._refresh()

    def action_go(self, step: int) -> None:
        listed = [conversation.id for conversation in self.kept.in_order()]
        if self.desk.here in listed:
            self._open(listed[(listed.index(self.desk.here) + step) % len(listed)])

    def action_help(self) -> None:
        self._say(self.desk.take("/help"), is_help=True)

    def action_hush(self) -> None:
        self._say("")

    def action_scroll(self, pages: int) -> None:
        messages = self.query_one(Messages)
        if pages < 0:
            messages.scroll_page_up(animate=False)
        else:
            messages.scroll_page_down(animate=False)

    def action_newest(self) -> None:
        self.query_one("#typed", Input).action_end()
        self.query_one(Messages).follow()

    def action_leave(self) -> None:
        self.exit(1 if isinstance(self.client.link, Ended) else 0)
