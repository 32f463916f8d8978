"""The signature test: whatever happens, in whatever order, every phone ends up with the log, and never shows a hole on the way."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from pytest_django import Settings

from accounts.actions import blocks, devices
from accounts.models import Block, Person, Role
from chat import hints
from chat.actions import conversations, members
from chat.actions.entries import append_drafts
from chat.drafts import Draft as RealDraft
from chat.drafts import Refused
from chat.models import Concealment, Conversation, ConversationMember, Entry
from core import boots
from core.ids import new_id
from core.models import Log
from meetings.models import Meeting
from programmes.models import CircleKind
from tests.chat.in_process import InProcess
from tests.chat.lite.phones import LitePhone
from tests.chat.model import Draft, Model, Room, Said, Stay
from tests.chat.phones import Phone
from tests.conftest import Clock
from tests.factories import make_circle, make_device, make_person

FIRST = datetime.fromisoformat("2026-03-02T09:30:00+00:00")
WORDS = st.sampled_from(["Dag!", "Hoe gaat het?", "مرحبا", "😀", "Merci\nbeaucoup", '"ja"'])
MEETING = "2027-01-10T14:00"
clock = Clock(FIRST)

people_ = st.integers(0, 4)
rooms_ = st.sampled_from(["group", "pair"])
kinds_ = st.sampled_from(["send", "send", "edit", "retract", "meeting"])


class ConversationMachine(RuleBasedStateMachine):
    """People with phones in a pair and in a group, a server process, other processes, an operator with a backup."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)  # what sessions begin between two rules belongs to it
        self.held: list[dict[str, Any]] = []
        self.past_drafts: list[Draft] = []
        self.delivered: dict[int, tuple[int, int]] = {}
        self.backup: tuple[Model, list[Any]] | None = None
        self.cutoffs: list[tuple[Phone, dict[UUID, int]]] = []

    # Setting the scene.

    @initialize()
    def scene(self) -> None:
        clock.at = FIRST
        Log.objects.get_or_create(id=1)
        roles = [Role.PARTICIPANT, Role.BUDDY, Role.PARTICIPANT, Role.PARTICIPANT, Role.PARTICIPANT]
        self.people: list[Person] = [make_person(role=role, now=clock()) for role in roles]
        staff: dict[str, Any] = {
            "coordinator": make_person(role=Role.COORDINATOR, now=clock()),
            "deputy": make_person(role=Role.COORDINATOR, now=clock()),
        }
        pair = make_circle(people=self.people[:2], now=clock(), **staff)
        group = make_circle(kind=CircleKind.PEER_GROUP, people=[self.people[0], *self.people[2:4]], now=clock(), **staff)
        self.rooms = {"pair": self._room(pair.conversation), "group": self._room(group.conversation)}
        self.model = Model({room.id: room for room in self.rooms.values()})
        self.process = self.run(self._start())
        owners = [*self.people, self.people[0]]
        self.phones = [self._phone(place, person) for place, person in enumerate(owners)]
        for phone in self.phones[:4]:
            phone.connect(self.process)
        self.settle()

    def _phone(self, place: int, person: Person) -> Phone:
        """Half of them speak JSON, half lite: the log is the same."""
        kind = LitePhone if place % 2 else Phone
        return kind(make_device(person=person, now=clock())[0])

    def _room(self, conversation: Conversation) -> Room:
        stays = [Stay(m.person_id, m.number, m.joined_seq) for m in conversation.members.order_by("number")]
        return Room(conversation.id, conversation.is_pair, stays)

    async def _start(self) -> InProcess:
        return InProcess()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def settle(self) -> None:
        self.run(self.process.settle())

    def room(self, name: str) -> Room:
        return self.model.rooms[self.rooms[name].id]

    def commit_elsewhere(self, what: Callable[[], Any], *, hint: str) -> Any:
        """Another process commits: its hint comes at once, later (in any order, more than once), or never."""
        heard: list[hints.Hints] = []
        hints.listen(heard.append)
        with self.process.deaf():
            result = what()
        hints.stop_listening(heard.append)
        wired = [hints.to_wire(one) for one in heard]
        if hint == "now":
            self.run(self._hear(wired))
        elif hint == "later":
            self.held += wired
        return result

    async def _hear(self, wired: list[dict[str, Any]]) -> None:
        for one in wired:
            self.process.engine._heard(one)
        await self.process.settle()

    # Saying something.

    def _draft(self, phone: Phone, room: str, kind: str, body: str, target: int, draft_id: UUID | None = None) -> Draft:
        conversation = self.rooms[room].id
        is_message = kind == "send"
        if kind == "meeting":
            return Draft(phone.person_id, conversation, kind, draft_id or new_id())
        return Draft(
            phone.person_id, conversation, "message" if is_message else kind, draft_id or new_id(),
            body=None if kind == "retract" else body, target=None if is_message else target,
        )  # fmt: skip

    def _submit(self, phone: Phone, draft: Draft) -> int:
        fields: dict[str, Any] = {key: value for key, value in (("body", draft.body), ("target", draft.target)) if value is not None}
        kind = {"message": "send", "meeting": "meet"}.get(draft.kind, draft.kind)
        fields |= {"act": "propose", "times": [{"start": MEETING}]} if kind == "meet" else {}
        return phone.draft(kind, draft.room, draft_id=draft.draft_id, **fields)

    def _expect(self, phone: Phone, ref: int, expected: int | str) -> None:
        if phone.is_deaf or not phone.is_connected:
            return
        reply = phone.replies[ref]
        assert reply.get("seq", reply.get("code")) == expected, (reply, expected)

    @rule(room=rooms_, utterances=st.lists(st.tuples(st.integers(0, 5), kinds_, WORDS, st.integers(1, 30)), min_size=1, max_size=5))
    def talk(self, room: str, utterances: list[tuple[int, str, str, int]]) -> None:
        for phone, kind, body, of in utterances:
            speakers = [one for one in self.phones if one.is_connected and self._belongs(one, room, of)]
            if speakers:
                self._say(speakers[phone % len(speakers)], room, kind, body, of)

    def _belongs(self, phone: Phone, room: str, of: int) -> bool:
        """Mostly those speak who are there; now and then anybody."""
        return phone.can_name(self.rooms[room].id) and (of % 6 == 0 or self.room(room).present(phone.person_id) is not None)

    def _say(self, speaker: Phone, room: str, kind: str, body: str, of: int) -> None:
        draft = self._draft(speaker, room, kind, body, self._target(speaker, room, of))
        self.past_drafts.append(draft)
        ref = self._submit(speaker, draft)
        self.settle()
        self._expect(speaker, ref, self.model.take(draft, clock()))

    def _target(self, speaker: Phone, room: str, of: int) -> int:
        """Mostly a message of one's own; now and then whatever line, or none."""
        own = [line.seq for line in self.room(room).log if line.kind == "message" and line.sender == speaker.person_id]
        return own[of % len(own)] if own and of % 4 else of

    @precondition(lambda self: self.past_drafts)
    @rule(pick=st.integers(0, 200), other=st.sampled_from(["same", "same", "body", "room", "kind"]))
    def retry(self, pick: int, other: str) -> None:
        first = self.past_drafts[pick % len(self.past_drafts)]
        again = Draft(**vars(first))
        if other == "body" and first.body is not None:
            again.body = first.body + "?"
        elif other == "room":
            again.room = next(room.id for room in self.rooms.values() if room.id != first.room)
        elif other == "kind":
            again.kind, again.body, again.target = "retract", None, first.target or 1
        mine = [phone for phone in self.phones if phone.person_id == first.person and phone.can_name(again.room)]
        speakers = [phone for phone in mine if phone.is_connected]
        if speakers:
            ref = self._submit(speakers[0], again)
            self.settle()
            self._expect(speakers[0], ref, self.model.take(again, clock()))

    @rule(bodies=st.lists(WORDS, min_size=2, max_size=6), room=rooms_)
    def say_all_at_once(self, bodies: list[str], room: str) -> None:
        """Nobody waits for anybody; every draft is tried twice."""
        asked: list[tuple[Phone, int, Draft]] = []
        speakers = [phone for phone in self.phones if phone.is_connected and phone.can_name(self.rooms[room].id)]
        for speaker, body in zip(speakers, bodies, strict=False):
            draft = self._draft(speaker, room, "send", body, 0)
            asked += [(speaker, self._submit(speaker, draft), draft) for _ in range(2)]
            self.past_drafts.append(draft)
        self.settle()
        for speaker, ref, draft in asked:
            self._expect(speaker, ref, self.model.take(draft, clock()))

    @rule(person=people_, room=rooms_, body=WORDS, hint=st.sampled_from(["now", "later", "never"]))
    def say_through_another_process(self, person: int, room: str, body: str, hint: str) -> None:
        draft = Draft(self.people[person].id, self.rooms[room].id, "message", new_id(), body)
        self.past_drafts.append(draft)
        real = RealDraft(draft.person, draft.room, draft.draft_id, "message", body)
        (outcome,) = self.commit_elsewhere(lambda: append_drafts(drafts=[real], now=clock()), hint=hint)
        expected = self.model.take(draft, clock())
        assert (outcome.code if isinstance(outcome, Refused) else outcome.seq) == expected

    @precondition(lambda self: self.held)
    @rule(pick=st.integers(0, 50), keep=st.booleans())
    def a_late_hint_comes(self, pick: int, *, keep: bool) -> None:
        place = pick % len(self.held)
        one = self.held[place] if keep else self.held.pop(place)
        self.run(self._hear([one]))

    # Coming and going.

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
        self.model.block(one.id, other.id)
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

    # Networks.

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

    def _page_back(self, phone: Phone, conversation: UUID, limit: int) -> None:
        known = phone.lines.get(conversation)
        if phone.is_connected and known:
            phone.say("history", conversation=conversation, before=min(known), limit=limit)
            self.settle()

    @rule()
    def sweep(self) -> None:
        self.run(self.process.sweep())

    # Time.

    @rule(minutes=st.sampled_from([1, 14, 16, -3, -1_440, 1_440]))
    def time_passes(self, minutes: int) -> None:
        """Clocks of servers also step back; nothing but displayed time may depend on them."""
        clock.move(minutes=minutes)

    # Backups.

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

    # What must hold.

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
            for field in ("body", "edited_seq", "retracted_seq"):
                shown.pop(field, None)
                expected.pop(field, None)
        assert shown == expected

    def _knows_nothing_newer(self, shown: dict[str, Any], said: Said, until: int) -> None:
        """What a phone shows of a line that changed out of its sight depends on when it looked; but never the newer words."""
        assert shown.get("body") in {None, *self.model.words_until(said, until)}


@pytest.mark.delivery
@pytest.mark.django_db(transaction=True)
class TestConversations:
    @pytest.mark.timeout(900)  # where it fails, Hypothesis looks for the shortest story
    def test_are_what_a_simple_list_says(self, unhurried: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("core.clock.now", clock)
        monkeypatch.setattr(clock, "at", FIRST)
        settings.MAATJE_COMMANDS_BURST = 100_000
        settings.MAATJE_ACK_WINDOW = 5

        run_state_machine_as_test(ConversationMachine)
        connection.close()
