"""From bytes to frames and back. Whatever comes in, it is a command or a refusal with a code."""

from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import codec, frames
from chat.errors import EntryNotFound, FrameTooBig, MalformedFrame, TooFast, UnknownCommand, WrongKindOfFrame
from core.errors import DomainError

ID = UUID(int=7)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ENTRY = frames.Entry(1, "message", 2, NOW, body="Dag 😀", target=3, member=4, edited_seq=5, retracted_seq=6, concealed=True, draft_id=ID)
TIME = frames.MeetingTime("2026-03-09T14:00", 90, datetime(2026, 3, 9, 13, tzinfo=UTC))
MEETING = frames.Meeting(
    3, 2, "move", "agreed", 1, "Europe/Brussels", [TIME], "leisure", "Bib 😀", online=True, repeat="FREQ=WEEKLY", on_holidays=True,
    changes=[frames.DateChange("2026-03-16", cancelled=True, time=TIME, yes=[1], no=[2])], yes=[1, 2], no=[3], date="2026-03-16",
)  # fmt: skip
MET = frames.Entry(7, "meeting", 0, NOW, meeting=MEETING)
CARD = frames.Card(
    ID, "pair", "open", 1, 1, 9, [frames.Member(1, ID, "Fatima", "participant", 3, 2, left=True)], NOW, NOW, left=True, read_seq=2
)

COMMANDS: list[frames.Command] = [
    frames.Resume(1), frames.Resume(1, ID, {ID: 0}, cards=False), frames.Send(0, ID, ID, "Dag"), frames.Edit(1, ID, ID, 1, "Dag"),
    frames.Retract(1, ID, ID, 2**53 - 1), frames.Ack(0), frames.Read(1, ID, 1), frames.History(1, ID), frames.History(1, ID, before=1),
    frames.History(1, ID, after=0, limit=50), frames.ListConversations(2**31 - 1), frames.Mute(1, ID), frames.Mute(1, ID, NOW),
    frames.Leave(1, ID), frames.Ping(1), frames.Meet(1, ID, ID, "propose", times=[frames.AskedTime("2026-03-09T14:00", 90, fold=1)], repeat="FREQ=WEEKLY"),
    frames.Meet(1, ID, ID, "accept", meeting=3, version=2, choice=2, date="2026-03-09"), frames.Held(1, ID, 3, took_place=False, note="Dag"),
    frames.Flag(1, ID, ID, "money", target=3, words="Dag 😀"), frames.Flag(1, ID, ID, "worry", member=2), frames.Escalate(1, ID, ID, "today", "Bel mij"),
]  # fmt: skip
ANSWERS: list[Any] = [
    frames.Resumed(1, ID), frames.Resumed(1, ID, resync=True), frames.Sent(1, ID, ID, 1, NOW), frames.Page(1, ID, [ENTRY, MET], more=True),
    frames.Done(1), frames.Pong(1), frames.Error("too_fast", "Wait."), frames.Error("too_fast", "Wait.", 1, 2),
    frames.Welcome(ID, ID, ID, NOW, 240, 64), frames.Entries(ID, [ENTRY]), frames.Head(ID, 1), frames.Marks(ID, [frames.Mark(1, 2), frames.Mark(1, 2, 1)]),
    frames.Changed(CARD), frames.Budget(50, 500_000, 1_000_000), frames.Upgrade("0a1b2c3d"), frames.Bye(4001), frames.Bye(4001, 0),
    frames.Sent(1, ID, ID, 1, NOW, help="crisis"), frames.Flagged(1, ID, NOW, NOW, on_duty=True), frames.Escalated(1, ID, NOW, NOW, "Nele", on_duty=True),
    frames.Waiting(1, ID, ID, NOW, help="threat"), frames.Statements(2),
]  # fmt: skip


def text(**fields: Any) -> str:
    return msgspec.json.encode(fields).decode()


def a_send(**but: Any) -> str:
    return text(**{"type": "send", "ref": 1, "conversation": ID, "draft_id": ID, "body": "Dag", **but})


class TestEveryFrame:
    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
    def test_comes_back_as_it_went(self, command: frames.Command) -> None:
        assert codec.decode(codec.encode(command).decode()) == command

    @pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
    def test_can_be_read_by_a_device(self, answer: Any) -> None:
        assert msgspec.json.decode(codec.encode(answer), type=type(answer)) == answer

    def test_is_here(self) -> None:
        assert {type(command) for command in COMMANDS} == set(get_args(frames.Command))
        assert {type(answer) for answer in ANSWERS} == {*get_args(frames.Reply), *get_args(frames.Event)}

    def test_has_a_type_of_its_own(self) -> None:
        kinds = [kind.__struct_config__.tag for kind in (*get_args(frames.Command), *get_args(frames.Reply), *get_args(frames.Event))]

        assert len(set(kinds)) == len(kinds)

    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
    def test_may_carry_fields_of_a_later_release(self, command: frames.Command) -> None:
        fields = msgspec.json.decode(codec.encode(command))

        assert codec.decode(text(**fields, later={"x": [1]})) == command


MALFORMED = {
    "nothing": "",
    "half a frame": '{"type":"ping","ref":1',
    "two frames": '{"type":"ping","ref":1}{"type":"ping","ref":2}',
    "no object": "[1]",
    "a text": '"ping"',
    "null": "null",
    "a number beyond a double": '{"type":"ping","ref":1e999}',
    "NaN": '{"type":"ping","ref":NaN}',
    "a key that is there twice": '{"type":"ping","ref":1,"ref":2}',
    "a type that is there twice": '{"type":"ping","type":"ack","ref":1,"n":1}',
    "a raw NUL": '{"type":"ping","ref":1}\x00',
    "a lone surrogate": a_send(body="x").replace('"x"', '"\\ud800"'),
    "a lone surrogate, unescaped": a_send(body="x").replace('"x"', '"\ud800"'),
    "depth 10,000": '{"type":"ping","ref":1,"x":' + "[" * 5_000 + "]" * 5_000 + "}",
    "depth 10,000 that never ends": "[" * 10_000,
    "no type": '{"ref":1}',
    "a type that is no text": '{"type":7,"ref":1}',
    "no ref": '{"type":"ping"}',
    "a negative ref": '{"type":"ping","ref":-1}',
    "a ref beyond 31 bits": '{"type":"ping","ref":2147483648}',
    "a ref that is a text": '{"type":"ping","ref":"1"}',
    "a ref that is true": '{"type":"ping","ref":true}',
    "a ref with a fraction": '{"type":"ping","ref":1.5}',
    "a body that is a number": a_send(body=1),
    "a body that is null": a_send(body=None),
    "a conversation that is no UUID": a_send(conversation="x"),
    "a draft_id that is a number": a_send(draft_id=1),
    "no draft_id": '{"type":"send","ref":1,"conversation":"00000000-0000-0000-0000-000000000007","body":"x"}',
    "a seq of 0": text(type="read", ref=1, conversation=ID, seq=0),
    "a seq beyond 53 bits": text(type="read", ref=1, conversation=ID, seq=2**53),
    "a negative ack": text(type="ack", n=-1),
    "a limit beyond a page": text(type="history", ref=1, conversation=ID, limit=51),
    "a limit of 0": text(type="history", ref=1, conversation=ID, limit=0),
    "cursors that are a list": text(type="resume", ref=1, cursors=[]),
    "a cursor of something else": text(type="resume", ref=1, cursors={"x": 1}),
    "a negative cursor": text(type="resume", ref=1, cursors={str(ID): -1}),
    "too many cursors": text(type="resume", ref=1, cursors={str(UUID(int=n)): 1 for n in range(201)}),
    "a time that is none": text(type="mute", ref=1, conversation=ID, until="tomorrow"),
}


class TestDecode:
    @pytest.mark.parametrize("frame", MALFORMED.values(), ids=MALFORMED)
    def test_refuses(self, frame: str) -> None:
        with pytest.raises(MalformedFrame):
            codec.decode(frame)

    def test_refuses_binary(self) -> None:
        with pytest.raises(WrongKindOfFrame):
            codec.decode(None)

    @pytest.mark.parametrize("frame", [a_send(body="x" * 16_384), a_send(body="😀" * 4_096), " " * 16_385])
    def test_refuses_what_is_bigger_than_a_frame(self, frame: str) -> None:
        with pytest.raises(FrameTooBig):
            codec.decode(frame)

    def test_takes_the_longest_body_in_the_longest_spelling(self) -> None:
        spelled = a_send(body="BODY").replace("BODY", "\\ud83d\\ude00" * 1_300)

        assert codec.decode(spelled) == frames.Send(1, ID, ID, "😀" * 1_300)

    @pytest.mark.parametrize("kind", ["", "sned", "Send", "welcome", "sent", "entries", "typing"])
    def test_refuses_a_command_it_does_not_know(self, kind: str) -> None:
        with pytest.raises(UnknownCommand) as refused:
            codec.decode(text(type=kind, ref=9))

        assert refused.value.facts == {"ref": 9}

    def test_gives_the_ref_back_where_it_could_be_read(self) -> None:
        with pytest.raises(MalformedFrame) as refused:
            codec.decode(a_send(ref=3, body=1))

        assert refused.value.facts["ref"] == 3

    @pytest.mark.parametrize("ref", ['"1"', "true", "-1", "1.5", "2147483648", "null", "[1]"])
    def test_gives_no_ref_back_that_is_none(self, ref: str) -> None:
        with pytest.raises(MalformedFrame) as refused:
            codec.decode('{"type":"send","ref":' + ref + "}")

        assert "ref" not in refused.value.facts

    def test_says_what_is_wrong_without_the_words(self) -> None:
        with pytest.raises(MalformedFrame) as refused:
            codec.decode(a_send(body="Een geheim", draft_id="x"))

        assert "draft_id" in refused.value.facts["problem"]
        assert "geheim" not in str(refused.value.facts)

    @given(
        st.text(max_size=300)
        | st.builds(
            lambda kind, rest: text(type=kind, **rest),
            st.sampled_from(["send", "ack", "resume", "x"]),
            st.dictionaries(
                st.sampled_from(["ref", "n", "conversation", "cursors", "body"]),
                st.none() | st.integers() | st.text() | st.lists(st.integers()),
                max_size=5,
            ),
        )
    )
    def test_never_fails_in_another_way(self, frame: str) -> None:
        try:
            codec.decode(frame)
        except DomainError as refused:
            assert refused.code in {"malformed", "unknown_command", "frame_too_big"}


class TestRefusal:
    def test_answers_the_command_that_was_refused(self) -> None:
        frame = codec.refusal(EntryNotFound(), reply_to=4)

        assert (frame.code, frame.reply_to, frame.retry_after) == ("entry_not_found", 4, msgspec.UNSET)

    def test_answers_what_could_be_read_of_a_malformed_one(self) -> None:
        assert codec.refusal(MalformedFrame(ref=3, problem="no"), reply_to=None).reply_to == 3
        assert codec.refusal(MalformedFrame(problem="no"), reply_to=None).reply_to is msgspec.UNSET

    def test_says_when_to_try_again(self) -> None:
        assert codec.refusal(TooFast(retry_after=2), reply_to=0).retry_after == 2

    @pytest.mark.parametrize("problem", [MalformedFrame(problem="x" * 5_000), TooFast(retry_after=1)])
    def test_always_fits_a_frame(self, problem: DomainError) -> None:
        assert len(codec.encode(codec.refusal(problem, reply_to=1))) < frames.MAX_FRAME
