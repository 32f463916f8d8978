"""Who comes and goes: in a circle, at a phone, on a network; and what the clocks do meanwhile."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from accounts.actions import blocks, devices
from accounts.models import Person
from chat.actions import conversations, members
from tests.chat.machine.scene import Scene, clock, people_, rooms_
from tests.chat.model import Room


class Comings(Scene):
    """People leave, join, block and sign out; networks are lost and found; time passes."""

    @rule(person=people_, by_phone=st.booleans(), hint=st.sampled_from(["now", "never"]))
    def leave_the_group(self, person: int, *, by_phone: bool, hint: str) -> None:
        who, room = self.people[person], self.room("group")
        phones = [phone for phone in self.phones if phone.person_id == who.id and phone.is_connected and phone.can_name(room.id)]
        if by_phone and phones:
            phones[0].say("leave", conversation=room.id)
            self.settle()
        elif room.newest(who.id) is not None:
            self.commit_elsewhere(lambda: members.leave(by_id=who.id, conversation_id=room.id, now=clock()), hint=hint)
        self.model.leave(room, who.id, clock())

    @rule(person=people_, hint=st.sampled_from(["now", "later", "never"]))
    def join_the_group(self, person: int, hint: str) -> None:
        who, room = self.people[person], self.room("group")
        self.commit_elsewhere(lambda: members.join(conversation_id=room.id, person_id=who.id, role="peer", now=clock()), hint=hint)
        self.model.join(room, who.id, clock())

    @rule(room=rooms_, hint=st.sampled_from(["now", "never"]))
    def pause_or_go_on(self, room: str, hint: str) -> None:
        model = self.room(room)
        model.is_paused = not model.is_paused
        if model.is_paused:
            self.commit_elsewhere(lambda: conversations.pause(conversation_id=model.id, now=clock()), hint=hint)
        else:
            self.commit_elsewhere(lambda: conversations.resume(conversation_id=model.id), hint=hint)

    @rule(room=rooms_, really=st.integers(0, 5), hint=st.sampled_from(["now", "never"]))
    def close_for_safety(self, room: str, really: int, hint: str) -> None:
        if really:  # once closed there is little left to see: seldom
            return
        model = self.room(room)
        self.commit_elsewhere(lambda: conversations.close_at(conversation_id=model.id, closes_at=clock(), now=clock()), hint=hint)
        self.model.close(model, clock())

    @rule(blocker=people_, blocked=people_, hint=st.sampled_from(["now", "never"]))
    def block(self, blocker: int, blocked: int, hint: str) -> None:
        one, other = self.people[blocker], self.people[blocked]
        met = any(room.newest(one.id) and room.newest(other.id) for room in self._circles())
        if one == other or not met:
            return
        self.model.block(one.id, other.id, clock())
        self.commit_elsewhere(lambda: blocks.add(blocker=one, blocked=other, now=clock()), hint=hint)

    def _circles(self) -> list[Room]:
        """Who met is what the circles say; the fifth person is in none."""
        return [Room(room.id, room.is_pair, room.stays[: 2 if room.is_pair else 3]) for room in self.rooms.values()]

    @rule(phone=st.integers(0, 5), hint=st.sampled_from(["now", "never"]))
    def sign_out(self, phone: int, hint: str) -> None:
        gone = self.phones[phone]
        person = Person.objects.get(id=gone.person_id)
        self.commit_elsewhere(lambda: devices.revoke(device=gone.device, by=person, now=clock()), hint=hint)
        gone.signed_out = True
        self.cutoffs.append((gone, {id_: max(room.head, gone.cursors.get(id_, 0)) for id_, room in self.model.rooms.items()}))
        self.phones[phone] = self._phone(phone, person)

    @rule(phone=st.integers(0, 5), cards=st.booleans(), forgets=st.none() | rooms_)
    def come_back(self, phone: int, *, cards: bool, forgets: str | None) -> None:
        self.phones[phone].connect(self.process, cards=cards, forgets=self.rooms[forgets].id if forgets else None)
        self.settle()

    @rule(phone=st.integers(0, 5))
    def lose_the_network_unseen(self, phone: int) -> None:
        self.phones[phone].is_deaf = True

    @rule(phone=st.integers(0, 5))
    def hang_up(self, phone: int) -> None:
        self.phones[phone].disconnect()

    @rule(phone=st.integers(0, 5))
    def ack(self, phone: int) -> None:
        self.phones[phone].ack()
        self.settle()

    @rule(phone=st.integers(0, 5), room=rooms_, seq=st.integers(1, 40))
    def read(self, phone: int, room: str, seq: int) -> None:
        if self.phones[phone].is_connected:
            self.phones[phone].say("read", conversation=self.rooms[room].id, seq=seq)
            self.settle()

    @rule(phone=st.integers(0, 5), room=rooms_, limit=st.integers(1, 7))
    def look_back(self, phone: int, room: str, limit: int) -> None:
        self._page_back(self.phones[phone], self.rooms[room].id, limit)

    @rule()
    def sweep(self) -> None:
        self.run(self.process.sweep())

    @rule(minutes=st.sampled_from([1, 14, 16, -3, -1_440, 1_440]))
    def time_passes(self, minutes: int) -> None:
        """Clocks of servers also step back; nothing but displayed time may depend on them."""
        clock.move(minutes=minutes)
