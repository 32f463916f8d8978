"""What must hold at every step, and that every list is the log in the end."""

import asyncio
from typing import Any

from hypothesis.stateful import invariant

from chat.models import ConversationMember, Entry
from tests.chat.machine.scene import Scene
from tests.chat.model import Room, Said, Stay
from tests.chat.phones import Phone


class Truths(Scene):
    """Looks at the database and at every phone, and believes neither."""

    @invariant()
    def seqs_are_dense(self) -> None:
        if not hasattr(self, "model"):
            return
        for room in self.model.rooms.values():
            rows = Entry.objects.filter(conversation_id=room.id).order_by("seq").values_list("seq", "kind", "sender_id", "draft_id")
            assert list(rows) == [(line.seq, line.kind, line.sender, line.draft_id) for line in room.log]
            assert [line.seq for line in room.log] == list(range(1, room.head + 1))

    @invariant()
    def receipts_only_rise(self) -> None:
        if not hasattr(self, "model"):
            return
        rows = ConversationMember.objects.filter(conversation_id__in=self.model.rooms)
        for pk, delivered, read, last in rows.values_list("pk", "delivered_seq", "read_seq", "conversation__last_seq"):
            before = self.delivered.get(pk, (0, 0))
            assert before[0] <= delivered <= last and before[1] <= read <= delivered
            self.delivered[pk] = (delivered, read)

    @invariant()
    def no_phone_was_wronged(self) -> None:
        for phone in getattr(self, "phones", []):
            assert phone.problems == []
            self._shows_only_what_it_may(phone)

    @invariant()
    def nothing_newer_reaches_who_was_signed_out(self) -> None:
        for phone, heads in self.cutoffs:
            for conversation, head in heads.items():
                assert max(phone.lines.get(conversation, {0: {}})) <= head

    def _shows_only_what_it_may(self, phone: Phone) -> None:
        for room in self.model.rooms.values():
            allowed = {seq for stay in room.stays if stay.person == phone.person_id for seq in self._window(room, stay)}
            if phone.is_connected and not phone.is_deaf:
                assert set(phone.lines.get(room.id, {})) <= allowed
            for mark_of, number in list(phone.marks):
                if mark_of == room.id:
                    self._keeps_to_itself(phone, room, number)

    def _window(self, room: Room, stay: Stay) -> range:
        return range(stay.joined, (room.head if stay.left is None else stay.left) + 1)

    def _keeps_to_itself(self, phone: Phone, room: Room, number: int) -> None:
        """The buddy shows read marks; participants keep theirs to their own phones."""
        owner = next((stay.person for stay in room.stays if stay.number == number), None)
        if owner not in {self.people[1].id, phone.person_id}:
            assert phone.marks[room.id, number][1] == 0

    def teardown(self) -> None:
        try:
            if hasattr(self, "model"):
                self._everybody_catches_up()
                self._every_list_is_the_log()
        finally:
            if hasattr(self, "process"):
                self.run(self.process.stop())
            asyncio.set_event_loop(None)
            self.loop.close()

    def _everybody_catches_up(self) -> None:
        for phone in self.phones:
            if not phone.is_connected or phone.is_deaf:
                phone.connect(self.process)
        self.settle()
        self.run(self.process.sweep())
        for _ in range(3):
            for phone in self.phones:
                phone.ack()
            self.settle()
        for phone in self.phones:
            for conversation in list(phone.lines):
                while conversation not in phone.oldest_reached and phone.lines[conversation]:
                    self._page_back(phone, conversation, 50)

    def _every_list_is_the_log(self) -> None:
        self.no_phone_was_wronged()
        self.receipts_only_rise()
        self.nothing_newer_reaches_who_was_signed_out()
        for phone in self.phones:
            for room in self.model.rooms.values():
                self._list_is_the_log(phone, room)

    def _list_is_the_log(self, phone: Phone, room: Room) -> None:
        visible = self.model.visible(room, phone.person_id)
        first = visible[0].seq if visible else 1
        lines = [line for seq, line in sorted(phone.lines.get(room.id, {}).items()) if seq >= first]
        assert [line["seq"] for line in lines] == [said.seq for said in visible]
        for line, said in zip(lines, visible, strict=True):
            self._line_is(phone, room, line, said)
        stay = room.present(phone.person_id)
        if stay is not None and visible:
            row = ConversationMember.objects.present().get(conversation_id=room.id, person_id=phone.person_id)
            assert row.delivered_seq == room.head

    def _line_is(self, phone: Phone, room: Room, line: dict[str, Any], said: Said) -> None:
        expected = self.model.shown(room, phone.person_id, said)
        shown = {key: value for key, value in line.items() if key not in {"at", "concealed", "meeting"}}
        until = self.model.seen_until(room, phone.person_id, said)
        if self.model.was_known_before_a_block(room, phone.person_id, said):
            until = self.model.heads_at_block[phone.person_id, said.sender or phone.person_id][room.id]
        if until is not None:
            self._knows_nothing_newer(shown, said, until)
            for field in ("body", "edited_seq", "retracted_seq", "hidden_seq"):
                shown.pop(field, None)
                expected.pop(field, None)
        assert shown == expected

    def _knows_nothing_newer(self, shown: dict[str, Any], said: Said, until: int) -> None:
        """What a phone shows of a line that changed out of its sight depends on when it looked; but never the newer words."""
        assert shown.get("body") in {None, *self.model.words_until(said, until)}
