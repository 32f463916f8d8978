"""A moderator, at a desk of another process, who hides what was said and gives it back."""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from chat.actions import hiding
from chat.errors import EntryNotFound
from chat.models import Entry
from tests.chat.machine.scene import Scene, clock, rooms_


class Hidings(Scene):
    """Whatever is hidden is gone from every phone, and comes back whole."""

    @rule(room=rooms_, of=st.integers(1, 40), back=st.booleans(), hint=st.sampled_from(["now", "later", "never"]))
    def hide_or_give_back(self, room: str, of: int, *, back: bool, hint: str) -> None:
        model = self.room(room)
        hidden = [line.seq for line in model.log if line.hidden_seq is not None]
        said = [line.seq for line in model.log if line.kind == "message" and line.hidden_seq is None]
        chosen = hidden if back else said
        seq = chosen[of % len(chosen)] if chosen and of % 4 else of  # now and then whatever line, or none
        line = self.commit_elsewhere(lambda: self._do(model.id, seq, back=back), hint=hint)
        act = self.model.restore if back else self.model.hide
        assert line == act(model, seq, clock())

    @staticmethod
    def _do(conversation_id: UUID, seq: int, *, back: bool) -> int | None:
        act = hiding.restore if back else hiding.hide
        try:
            line: Entry | None = act(conversation_id, seq, now=clock())
        except EntryNotFound:
            return None
        return line.seq if line else None
