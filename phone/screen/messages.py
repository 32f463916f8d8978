"""The messages of one conversation, newest below; what changed is changed in place."""

from collections.abc import Sequence

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
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
    """Stays at the newest message until the person scrolls up."""

    class AtTop(Message):
        """The person looks at the oldest message that is here."""

    def __init__(self) -> None:
        super().__init__(id="messages", can_focus=True)
        self._rows: list[Row] = []
        self._bubbles: list[Bubble] = []

    def on_mount(self) -> None:
        self.anchor()

    async def show(self, rows: Sequence[Row], *, nothing: str) -> None:
        rows = list(rows) or [Row("nothing", "note", Content.styled(nothing, "$faint italic"))]
        known = len(self._rows)
        if [row.key for row in rows[:known]] != [row.key for row in self._rows]:
            await self.remove_children()
            self._rows, self._bubbles, known = [], [], 0
        for bubble, old, new in zip(self._bubbles, self._rows, rows, strict=False):
            if old != new:
                bubble.become(new)
        added = [Bubble(row) for row in rows[known:]]
        await self.mount_all(added)
        self._rows, self._bubbles = rows, [*self._bubbles, *added]

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value <= 0 < old_value:
            self.post_message(self.AtTop())
