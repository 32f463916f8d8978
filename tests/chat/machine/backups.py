"""An operator with a backup, which is older than what happened since."""

from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from accounts.models import Block
from chat.models import Concealment, Conversation, ConversationMember, Entry
from core import boots
from meetings.models import Meeting
from tests.chat.machine.scene import Scene


class Backups(Scene):
    """Now and then the rows of an earlier moment come back."""

    @rule()
    def make_a_backup(self) -> None:
        rows = [list(model.objects.filter(**{place: list(self.model.rooms)}).order_by("pk")) for model, place in self._tables()]
        rows.append(list(Block.objects.filter(blocker__in=self.people)))
        self.backup = (self.model.copy(), rows)

    def _tables(self) -> list[tuple[Any, str]]:
        of = "conversation_id__in"
        return [(Conversation, "id__in"), (ConversationMember, of), (Entry, of), (Concealment, of), (Meeting, of)]

    @precondition(lambda self: self.backup is not None)
    @rule(seldom=st.integers(0, 2))
    def restore_the_backup(self, seldom: int) -> None:
        """As an operator does: everything stops, the old rows come back, the log begins another epoch."""
        assert self.backup is not None
        if seldom:
            return
        for phone in self.phones:
            phone.disconnect()
        self.held.clear()
        model, (rooms, stays, entries, concealments, meetings, blocked) = self.backup
        with transaction.atomic():
            Meeting.objects.filter(conversation_id__in=self.model.rooms).delete()
            Concealment.objects.filter(conversation_id__in=self.model.rooms).delete()
            Entry.objects.filter(conversation_id__in=self.model.rooms).delete()
            ConversationMember.objects.filter(conversation_id__in=self.model.rooms).delete()
            Block.objects.filter(blocker__in=self.people).delete()
            for room in rooms:
                room.save()
            ConversationMember.objects.bulk_create(stays)
            Entry.objects.bulk_create(entries)
            Concealment.objects.bulk_create(concealments)
            Meeting.objects.bulk_create(meetings)
            Block.objects.bulk_create(blocked)
        boots.begin_epoch()
        self.model = model.copy()
        self.delivered.clear()
        self.cutoffs.clear()
        self.run(self.process.sweep())
