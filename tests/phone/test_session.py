import json
from typing import Any
from uuid import UUID

import pytest

from phone import wire
from phone.asking import ANSWER_SECONDS, PONG_SECONDS
from phone.happenings import Afresh, Arrived, Online, Refused
from phone.kept import Kept
from phone.log import Hole
from phone.meetings import newest
from phone.planned import Ask, AskedTime
from phone.session import ACK_FRAMES, ACK_SECONDS, Session
from tests.phone.entries import EPOCH, FATIMA, HERE, NINE, card, fatimas_phone, frame

DEVICE = UUID("019ab0c4-9e00-7b1a-8a44-3f0c2b1d9e77")
OTHER_EPOCH = UUID("019ab0c4-6e00-7a22-990f-a4684602f7ff")


class Socket:
    """A session with a clock, and a server whose lines the test speaks."""

    def __init__(self, kept: Kept | None = None) -> None:
        self.now = 100.0
        self.kept = kept or fatimas_phone()
        self.session = Session(self.kept, at=self.now)
        self.said: list[wire.Command] = []

    def hear(self, kind: str, **fields: Any) -> list[Any]:
        happened = self.session.hear(frame(kind, **fields), at=self.now)
        self.say()
        return happened

    def say(self) -> list[wire.Command]:
        fresh = self.session.commands(at=self.now)
        self.said += fresh
        return fresh

    def wait(self, seconds: float) -> list[wire.Command]:
        self.now += seconds
        return self.say()

    def ack(self) -> int | None:
        due = self.session.ack(at=self.now)
        return due.n if due is not None else None

    def last(self, kind: type[wire.Command]) -> Any:
        return [command for command in self.said if isinstance(command, kind)][-1]

    def open(self, **more: Any) -> "Socket":
        """Through `welcome` and `resume`, with one empty conversation."""
        self.welcome()
        self.hear("resumed", reply_to=self.last(wire.Resume).ref, epoch=EPOCH, **more)
        self.card()
        return self

    def welcome(self) -> None:
        self.hear("welcome", epoch=EPOCH, person=FATIMA, device=DEVICE, now=NINE.isoformat(), heartbeat=240, window=64)

    def card(self, **more: Any) -> None:
        self.session.hear(wire.encode(wire.Changed(card(**more))), at=self.now)  # type: ignore[arg-type]  # the server's frame

    def entry(self, seq: int, body: str = "dag", *, author: int = 2, **more: Any) -> list[Any]:
        line = {"seq": seq, "kind": "message", "author": author, "at": NINE.isoformat(), "body": body, **more}
        return self.hear("entries", conversation=HERE, entries=[line])

    def sent(self, command: Any, seq: int) -> list[Any]:
        return self.hear("sent", reply_to=command.ref, conversation=HERE, draft_id=command.draft_id, seq=seq, at=NINE.isoformat())


class TestResuming:
    def test_says_nothing_before_the_welcome_and_only_resume_before_the_reply(self) -> None:
        socket = Socket()
        socket.kept.write(HERE, "dag", now=NINE)

        assert socket.say() == []
        socket.welcome()
        assert [type(command) for command in socket.said] == [wire.Resume]

    def test_asks_again_when_the_server_wants_it_later(self) -> None:
        socket = Socket()
        socket.welcome()

        socket.hear("error", code="try_again", message="", reply_to=1, retry_after=3)

        assert socket.wait(2.9) == []
        assert [type(command) for command in socket.wait(0.2)] == [wire.Resume]

    def test_forgets_the_old_log_on_resync_and_says_its_drafts_again(self) -> None:
        socket = Socket(fatimas_phone(epoch=OTHER_EPOCH))
        socket.kept.conversation(HERE).take_card(card())
        draft = socket.kept.write(HERE, "dag", now=NINE)
        socket.welcome()

        happened = socket.hear("resumed", reply_to=1, epoch=EPOCH, resync=True)

        assert happened == [Afresh(), Online()]
        assert socket.kept.epoch == EPOCH
        assert socket.last(wire.Send).draft_id == draft.draft_id

    def test_leaves_a_socket_on_which_lines_are_missing(self) -> None:
        socket = Socket().open()
        socket.entry(1)

        with pytest.raises(Hole):
            socket.entry(3)


class TestPlans:
    def test_wait_for_their_entry_which_alone_tells_what_became_of_them(self) -> None:
        socket = Socket().open()
        draft = socket.kept.plan(HERE, Ask("propose", times=[AskedTime("2026-11-25T14:00", 90)]), "/meet 2026-11-25 14:00 90", now=NINE)
        socket.say()

        socket.sent(socket.last(wire.Meet), 1)
        assert (socket.kept.conversation(HERE).log.cursor, draft.seq) == (0, 1)

        meeting = {
            "number": 1, "version": 1, "act": "propose", "state": "proposed", "proposer": 1, "zone": "Europe/Brussels", "yes": [1],
            "times": [{"start": "2026-11-25T14:00", "minutes": 90, "at": "2026-11-25T13:00:00Z"}],
        }  # fmt: skip
        socket.entry(1, author=1, kind="meeting", meeting=meeting, draft_id=draft.draft_id)
        assert newest(socket.kept.conversation(HERE).log.entries)[1].yes == [1]
        assert socket.kept.outbox.drafts == []

    def test_say_what_was_typed_to_nobody(self) -> None:
        socket = Socket().open()
        socket.kept.plan(HERE, Ask("decline", 1, 2, date="2026-12-02"), "/no 1 2026-12-02", now=NINE)
        socket.say()

        said = json.loads(wire.encode(socket.last(wire.Meet)))
        assert {name for name in said if name not in {"type", "ref", "conversation", "draft_id"}} == {"act", "meeting", "version", "date"}


class TestDrafts:
    def test_are_shown_in_the_log_when_they_are_the_next_line(self) -> None:
        socket = Socket().open()
        socket.kept.write(HERE, "dag", now=NINE)
        socket.say()

        happened = socket.sent(socket.last(wire.Send), 1)

        assert isinstance(happened[0], Arrived)
        assert socket.kept.conversation(HERE).log.cursor == 1
        assert socket.kept.outbox.drafts == []

    def test_wait_for_their_line_when_others_come_before_it(self) -> None:
        socket = Socket().open()
        draft = socket.kept.write(HERE, "dag", now=NINE)
        socket.say()

        socket.sent(socket.last(wire.Send), 2)
        assert [kept.seq for kept in socket.kept.outbox.drafts] == [2]
        socket.entry(1)
        socket.entry(2, "dag", author=1, draft_id=draft.draft_id)

        assert socket.kept.outbox.drafts == []
        assert [entry.seq for entry in socket.kept.conversation(HERE).log.entries] == [1, 2]

    def test_are_done_when_their_line_comes_before_the_answer(self) -> None:
        socket = Socket().open()
        draft = socket.kept.write(HERE, "dag", now=NINE)

        socket.entry(1, "dag", author=1, draft_id=draft.draft_id)

        assert socket.kept.outbox.drafts == []

    def test_go_one_at_a_time_so_that_their_order_stays(self) -> None:
        socket = Socket().open()
        socket.kept.write(HERE, "een", now=NINE)
        socket.kept.write(HERE, "twee", now=NINE)
        socket.say()

        assert [command.body for command in socket.said if isinstance(command, wire.Send)] == ["een"]
        socket.sent(socket.last(wire.Send), 1)
        assert socket.last(wire.Send).body == "twee"

    def test_wait_as_long_as_the_server_asks_and_keep_their_id(self) -> None:
        socket = Socket().open()
        socket.kept.write(HERE, "dag", now=NINE)
        socket.say()
        first = socket.last(wire.Send)

        socket.hear("error", code="too_fast", message="", reply_to=first.ref, retry_after=7)

        assert socket.wait(6.5) == []
        assert socket.wait(0.6)[0].draft_id == first.draft_id  # type: ignore[union-attr]  # it is a draft

    def test_keep_their_words_when_they_are_refused_for_good(self) -> None:
        socket = Socket().open()
        draft = socket.kept.write(HERE, "dag", now=NINE)
        socket.say()

        happened = socket.hear("error", code="conversation_closed", message="", reply_to=socket.last(wire.Send).ref)

        assert happened == [Refused(draft)]
        assert socket.wait(500) != []  # a ping; not the draft
        assert sum(isinstance(command, wire.Send) for command in socket.said) == 1
        assert socket.kept.outbox.drafts == [draft]

    def test_are_said_again_on_the_next_socket_under_the_same_id(self) -> None:
        socket = Socket().open()
        draft = socket.kept.write(HERE, "dag", now=NINE)
        socket.say()

        second = Socket(socket.kept).open()
        second.say()

        assert second.last(wire.Send).draft_id == draft.draft_id


class TestAcks:
    def test_are_due_a_second_after_a_frame(self) -> None:
        socket = Socket().open()
        socket.now += ACK_SECONDS
        assert socket.ack() == 3  # welcome, resumed, card

        socket.entry(1)
        assert socket.ack() is None
        socket.now += ACK_SECONDS

        assert socket.ack() == 4
        assert socket.ack() is None

    def test_are_due_after_sixteen_frames(self) -> None:
        socket = Socket().open()

        for seq in range(1, ACK_FRAMES - 3):
            socket.entry(seq)
        assert socket.ack() is None
        socket.entry(ACK_FRAMES - 3)

        assert socket.ack() == ACK_FRAMES

    def test_count_frames_of_a_newer_server(self) -> None:
        socket = Socket().open()

        socket.hear("zodiac", sign="libra")
        socket.now += ACK_SECONDS

        assert socket.ack() == 4

    def test_are_due_at_once_when_there_is_more(self) -> None:
        socket = Socket().open()

        socket.hear("head", conversation=HERE, seq=90)

        assert socket.ack() == 4


class TestMarks:
    def test_says_once_how_far_the_person_read(self) -> None:
        socket = Socket().open()
        socket.entry(1)
        socket.kept.see(HERE)

        socket.say()
        assert socket.last(wire.Read).seq == 1
        socket.hear("done", reply_to=socket.last(wire.Read).ref)

        assert not any(isinstance(command, wire.Read) for command in socket.wait(1))

    def test_says_on_the_next_socket_what_the_last_one_did_not_answer(self) -> None:
        socket = Socket().open()
        socket.entry(1)
        socket.kept.see(HERE)
        socket.say()

        second = Socket(socket.kept).open()
        second.say()

        assert second.last(wire.Read).seq == 1


class TestHeartbeat:
    def test_pings_when_it_said_nothing_for_as_long_as_the_server_wants(self) -> None:
        socket = Socket().open()
        socket.now += ACK_SECONDS
        socket.ack()

        assert socket.wait(239) == []
        assert [type(command) for command in socket.wait(1)] == [wire.Ping]

    def test_gives_up_when_nobody_answers_the_ping(self) -> None:
        socket = Socket().open()
        socket.wait(241)

        socket.wait(PONG_SECONDS - 0.1)
        assert not socket.session.is_dead(at=socket.now)
        socket.wait(0.1)

        assert socket.session.is_dead(at=socket.now)

    def test_asks_whether_anybody_is_there_when_a_draft_gets_no_answer(self) -> None:
        socket = Socket().open()
        socket.kept.write(HERE, "dag", now=NINE)
        socket.say()

        assert socket.wait(ANSWER_SECONDS - 0.1) == []
        ping = socket.wait(0.2)[0]
        assert isinstance(ping, wire.Ping)
        socket.hear("pong", reply_to=ping.ref)

        assert socket.wait(ANSWER_SECONDS - 1) == []
        assert not socket.session.is_dead(at=socket.now)

    def test_gives_up_on_a_server_that_never_welcomes(self) -> None:
        socket = Socket()

        assert not socket.session.is_dead(at=socket.now + ANSWER_SECONDS - 1)
        assert socket.session.is_dead(at=socket.now + ANSWER_SECONDS)

    def test_never_wakes_without_something_to_do(self) -> None:
        socket = Socket().open()
        socket.kept.write(HERE, "dag", now=NINE)
        socket.say()
        socket.hear("error", code="too_fast", message="", reply_to=socket.last(wire.Send).ref, retry_after=7)

        for _ in range(200):
            until = socket.session.wakes_at(at=socket.now)
            assert until > socket.now
            if until > 1e9:
                break
            socket.now = until
            socket.say()
            socket.session.ack(at=socket.now)
            if socket.session.is_dead(at=socket.now):
                break


class TestOlder:
    def test_asks_for_the_page_before_what_is_known_once(self) -> None:
        socket = Socket().open()
        socket.kept.conversations.clear()
        socket.card(last_seq=30)
        socket.entry(11)

        socket.session.ask_for_older(HERE, at=socket.now)
        socket.session.ask_for_older(HERE, at=socket.now)
        asked = [command for command in socket.say() if isinstance(command, wire.History)]
        line = {"seq": 10, "kind": "message", "author": 2, "at": NINE.isoformat(), "body": "ouder"}
        socket.hear("page", reply_to=asked[0].ref, conversation=HERE, entries=[line], more=True)

        assert [command.before for command in asked] == [11]
        assert socket.kept.conversation(HERE).log.first_seq == 10


class TestNewcomers:
    def test_asks_for_the_cards_when_somebody_joins_whom_it_does_not_know(self) -> None:
        socket = Socket().open()

        line = {"seq": 1, "kind": "join", "author": 0, "at": NINE.isoformat(), "member": 3}
        socket.hear("entries", conversation=HERE, entries=[line])

        assert isinstance(socket.said[-1], wire.ListConversations)
