"""What people say, and say again: here, and through other processes whose hints come when they come."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from chat.actions.entries import append_drafts
from chat.drafts import Draft as RealDraft
from chat.drafts import Refused
from core.ids import new_id
from tests.chat.machine.scene import MEETING, WORDS, Scene, clock, kinds_, people_, rooms_
from tests.chat.model import Draft
from tests.chat.phones import Phone


class Speech(Scene):
    """Everybody says something, sometimes twice, sometimes all at once."""

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
        ref = self._submit_until_answered(speaker, draft)
        self._expect(speaker, ref, self.model.take(draft, clock()))

    def _submit_until_answered(self, phone: Phone, draft: Draft) -> int:
        """Who was signed out on another phone may be asked to try again, once: their access is looked at anew."""
        ref = self._submit(phone, draft)
        self.settle()
        if not self._must_try_again(phone, ref):
            return ref
        again = self._submit(phone, draft)
        self.settle()
        return again

    def _must_try_again(self, phone: Phone, ref: int) -> bool:
        return phone.is_connected and phone.replies.get(ref, {}).get("code") == "try_again"

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
            ref = self._submit_until_answered(speakers[0], again)
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
        late = {(speaker, ref) for speaker, ref, _ in asked if self._must_try_again(speaker, ref)}
        for speaker, ref, draft in asked:
            if (speaker, ref) not in late:
                self._expect(speaker, ref, self.model.take(draft, clock()))
        for speaker, ref, draft in asked:
            if (speaker, ref) in late:
                self._expect(speaker, self._submit_until_answered(speaker, draft), self.model.take(draft, clock()))

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
