"""The messages of one conversation, newest below; what changed is changed in place."""

from collections.abc import Sequence

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import Static

from phone.screen.rows import Row


class Bubble(Horizontal):
    """One row: a message on its side, a note or a day in the middle."""

    def __init__(self, row: Row) -> None:
        self.text = Static(row.content)
        super().__init__(self.text, classes=row.classes)

    def become(self, row: Row) -> None:
        self.set_classes(row.classes)
        self.text.update(row.content)


class Messages(VerticalScroll):
    """Stays at the newest message until the person scrolls up; then it stays where they are."""

    class AtTop(Message):
        """The person looks at the oldest message that is here."""

    class AtEnd(Message):
        """The person is back at the newest message."""

    def __init__(self) -> None:
        super().__init__(id="messages", can_focus=True)
        self.follows = True
        self._rows: list[Row] = []
        self._bubbles: list[Bubble] = []

    async def show(self, rows: Sequence[Row], *, nothing: str) -> None:
        rows = list(rows) or [Row("nothing", "note", Content.styled(nothing, "$faint italic"))]
        follows, below = self.follows, self.max_scroll_y - self.scroll_y
        known = len(self._rows)
        is_other = [row.key for row in rows[:known]] != [row.key for row in self._rows]
        if is_other:
            await self.remove_children()
            self._rows, self._bubbles, known = [], [], 0
        for bubble, old, new in zip(self._bubbles, self._rows, rows, strict=False):
            if old != new:
                bubble.become(new)
        added = [Bubble(row) for row in rows[known:]]
        await self.mount_all(added)
        self._rows, self._bubbles = rows, [*self._bubbles, *added]
        if is_other:
            self.follows = follows
        self.call_after_refresh(self._settle, below if is_other else None)

    def follow(self) -> None:
        """Go to the newest message and stay there."""
        self.follows = True
        self.call_after_refresh(self._settle)

    def _settle(self, below: float | None = None) -> None:
        if self.follows:
            self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True)
        elif below is not None:
            self.scroll_to(y=max(0, self.max_scroll_y - below), animate=False, immediate=True)

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._settle)

    def watch_virtual_size(self) -> None:
        self.call_after_refresh(self._settle)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        was_following, is_at_end = self.follows, new_value >= self.max_scroll_y - 1
        if is_at_end or new_value < old_value:  # only who goes up leaves the end; a list that grew or shrank does not
            self.follows = is_at_end
        if new_value <= 0 < old_value:
            self.post_message(self.AtTop())
        if self.follows and not was_following:
            self.post_message(self.AtEnd())
