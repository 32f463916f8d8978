"""Frames to arrays and back: what one wire remembers, and what it refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chat import frames
from chat.codec import HeldBack
from chat.cursors import Cursor, Place
from chat.lite import Lite, Offer, layouts, read_post
from core.errors import DomainError

pack, unpack = msgspec.msgpack.encode, msgspec.msgpack.decode
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROOM, FATIMA = uuid4(), uuid4()
DEVICE = UUID("01912345-6789-7abc-8def-0123456789ab")


@pytest.fixture
def wire() -> Lite:
    return knowing(Lite(device_id=DEVICE, offer=Offer(dictionaries=("nl1",)), now=NOW))


def knowing(wire: Lite, **but: Any) -> Lite:
    wire.learn(ROOM, **{"slot": 3, "you": 1, "stamp": 77, "first_seq": 1, **but})
    return wire


def said(wire: Lite, frame: Any) -> list[Any]:
    return [unpack(array) for array in wire.encode(frame)]


def entry(seq: int, body: Any = "ok", *, author: int = 2, after: float = 0, **fields: Any) -> frames.Entry:
    return frames.Entry(**{"seq": seq, "kind": "message", "author": author, "at": NOW + timedelta(seconds=after), "body": body, **fields})


def at_once() -> int:
    return 0


def heard(wire: Lite, *arrays: Any) -> list[Any]:
    return list(wire.decode(pack(list(arrays)), wait=at_once))


def problems(wire: Lite, data: Any) -> list[Any]:
    return list(wire.decode(data, wait=at_once))


class TestEntries:
    def test_of_the_other_in_a_pair_are_slot_gap_and_body(self, wire: Lite) -> None:
        assert said(wire, frames.Entries(ROOM, [entry(1), entry(2, after=40)])) == [[3, 0, "ok"], [3, 40, "ok"]]

    def test_name_their_seq_only_when_it_is_not_the_next(self, wire: Lite) -> None:
        jump, following = said(wire, frames.Entries(ROOM, [entry(81), entry(82)]))

        assert jump == [3, 0, "ok", None, None, 81]
        assert following == [3, 0, "ok"]

    def test_count_time_backwards_too(self, wire: Lite) -> None:
        wire.encode(frames.Entries(ROOM, [entry(1, after=100)]))

        assert said(wire, frames.Entries(ROOM, [entry(2, after=30)])) == [[3, -70, "ok"]]

    def test_of_ones_own_carry_their_draft_as_a_small_number(self, wire: Lite) -> None:
        mine = entry(1, author=1, draft_id=UUID(int=DEVICE.int ^ 300))
        elsewhere = entry(2, author=1, draft_id=ROOM)

        assert [array[11] for array in said(wire, frames.Entries(ROOM, [mine, elsewhere]))] == [300, ROOM.bytes]

    def test_are_squeezed_when_that_is_shorter(self, wire: Lite) -> None:
        ((_, _, body),) = said(wire, frames.Entries(ROOM, [entry(1, "Zullen we morgen koffie drinken?")]))

        assert isinstance(body, bytes)
        assert len(body) < 20
        assert heard(wire, [3, 1, 1, body])[0].body == "Zullen we morgen koffie drinken?"

    def test_that_nobody_may_read_have_no_body(self, wire: Lite) -> None:
        assert said(wire, frames.Entries(ROOM, [entry(1, msgspec.UNSET, concealed=True)])) == [[3, 0, *([None] * 8), True]]

    def test_that_a_moderator_hid_say_so_last(self, wire: Lite) -> None:
        hidden = entry(1, msgspec.UNSET, hidden_seq=9)

        (array,) = said(wire, frames.Entries(ROOM, [hidden]))
        assert array == [3, 0, *[None] * 12, 9]
        assert dict(zip(("slot", *layouts.ENTRY), array, strict=True))["hidden_seq"] == 9

    def test_show_a_photo_by_its_size_and_a_preview(self, wire: Lite) -> None:
        photo = frames.Media("photo", 5_000, 12_000, b"\x01" * 30, 640, 480)

        (full, bare) = said(wire, frames.Entries(ROOM, [entry(1, media=photo), entry(2, media=replace(photo, preview=b""))]))

        assert full[12] == [0, 5_000, 12_000, b"\x01" * 30, 640, 480]
        assert bare[12] == [0, 5_000, 12_000, None, 640, 480]


class TestSent:
    def test_moves_the_cursor_when_it_is_the_next(self, wire: Lite) -> None:
        assert said(wire, frames.Sent(9, ROOM, ROOM, 1, NOW)) == [[-2, 9, 1, 0]]
        assert said(wire, frames.Entries(ROOM, [entry(2)])) == [[3, 0, "ok"]]

    def test_leaves_it_where_others_came_between(self, wire: Lite) -> None:
        wire.encode(frames.Sent(9, ROOM, ROOM, 2, NOW))

        assert said(wire, frames.Entries(ROOM, [entry(1), entry(2)])) == [[3, 0, "ok"], [3, 0, "ok"]]


class TestPages:
    def test_begin_with_their_seq_and_leave_the_cursor_alone(self, wire: Lite) -> None:
        page = frames.Page(4, ROOM, [entry(7), entry(8)], more=True)

        assert said(wire, page) == [[-3, 4, True, [3, 0, "ok", None, None, 7], [3, 0, "ok"]]]
        assert said(wire, frames.Entries(ROOM, [entry(1)])) == [[3, 0, "ok"]]


class TestWelcome:
    WELCOME = frames.Welcome(ROOM, FATIMA, DEVICE, NOW, 240, 64)

    def test_is_seven_bytes_for_a_device_that_we_know(self) -> None:
        wire = Lite(device_id=DEVICE, offer=Offer(Cursor(5, {3: Place(4, 77, 0)})), now=NOW)
        wire.starts_afresh = False

        assert wire.encode(self.WELCOME) == [pack([-1, int(NOW.timestamp())])]
        assert len(wire.encode(self.WELCOME)[0]) == 7

    def test_says_everything_to_a_new_one(self, wire: Lite) -> None:
        wire.life = 12_345

        assert said(wire, self.WELCOME) == [[-1, int(NOW.timestamp()), 12_345, DEVICE.bytes, FATIMA.bytes]]

    def test_says_which_dictionaries_are_in_use_when_one_is_not(self) -> None:
        wire = Lite(device_id=DEVICE, offer=Offer(dictionaries=("nl99", "nl1", "")), now=NOW)

        assert said(wire, self.WELCOME)[0][6] == ["", "nl1", ""]


class TestCards:
    CARD = frames.Card(
        ROOM, "pair", "open", 1, 1, 9, [frames.Member(1, FATIMA, "Fatima", "participant", 3, 2), frames.Member(2, ROOM, "Annemie", "buddy")]
    )

    def test_name_the_conversation_once(self, wire: Lite) -> None:
        first, second = said(wire, frames.Changed(self.CARD)), said(wire, frames.Changed(self.CARD))

        assert first == [[-9, 3, ROOM.bytes, "pair", None, 1, 1, 9, 77, [[1, "Fatima", "participant", 3, 2], [2, "Annemie", "buddy"]]]]
        assert second[0][2] is None

    def test_never_name_one_that_was_in_the_cursor(self) -> None:
        wire = Lite(device_id=DEVICE, offer=Offer(Cursor(5, {3: Place(4, 77, 0)})), now=NOW)
        wire.starts_afresh = False

        assert said(knowing(wire), frames.Changed(self.CARD))[0][2] is None


class TestCommands:
    @pytest.mark.parametrize(
        ("array", "command"),
        [
            ([3, 1, 2, "Dag"], frames.Send(1, ROOM, UUID(int=DEVICE.int ^ 2), "Dag")),
            ([3, 1, ROOM.bytes, "Dag"], frames.Send(1, ROOM, ROOM, "Dag")),
            ([3, 1, 2, None, ROOM.bytes], frames.Send(1, ROOM, UUID(int=DEVICE.int ^ 2), "", ROOM)),
            ([-1, 1, 3, 2, 9, "Dag"], frames.Edit(1, ROOM, UUID(int=DEVICE.int ^ 2), 9, "Dag")),
            ([-2, 1, 3, 2, 9], frames.Retract(1, ROOM, UUID(int=DEVICE.int ^ 2), 9)),
            ([-3, 5], frames.Ack(5)),
            ([-4, 3, 9], frames.Read(frames.SILENT, ROOM, 9)),
            ([-4, 3, 9, 1], frames.Read(1, ROOM, 9)),
            ([-5, 1, 3], frames.History(1, ROOM)),
            ([-5, 1, 3, 50, 9], frames.History(1, ROOM, before=9, limit=50)),
            ([-5, 1, 3, None, None, 0], frames.History(1, ROOM, after=0)),
            ([-6, 1], frames.ListConversations(1)),
            ([-7, 1, 3], frames.Mute(1, ROOM)),
            ([-7, 1, 3, int(NOW.timestamp())], frames.Mute(1, ROOM, NOW)),
            ([-8, 1, 3], frames.Leave(1, ROOM)),
            ([-9], frames.Ping(0)),
            ([-9, 4, "from a newer device"], frames.Ping(4)),
        ],
    )
    def test_mean_what_their_twins_in_json_mean(self, wire: Lite, array: list[Any], command: frames.Command) -> None:
        assert list(wire.decode(pack(array), wait=at_once)) == [command]

    def test_travel_together(self, wire: Lite) -> None:
        assert heard(wire, [-3, 5], [-9]) == [frames.Ack(5), frames.Ping(0)]

    def test_for_a_slot_that_nobody_has_go_nowhere(self, wire: Lite) -> None:
        (command,) = heard(wire, [99, 1, 2, "Dag"])

        assert command.conversation == UUID(int=0)


class TestBadInput:
    @pytest.mark.parametrize(
        "data",
        [
            b"", b"\xc1", b"\x90", b"\x91\x90", b"\xa3Dag", b"\x80", b"\x92\x01", b"\x91\xcb" + bytes(8), b"\xdd\xff\xff\xff\xff", b"\x91\xc3",
            b"\x91" * 5_000, pack([[-9]] * 65), pack([-9]) + b"\x00", pack([[-9], "x"]), pack([-3, 2**63]),
            pack([3, 1, -1, "x"]), pack([3, 1, 2**32, "x"]), pack([3, 1, b"short", "x"]), pack([3, True, 1, "x"]), pack([3, 1, 1, 5]),
            pack([3, 1, 1, b"\xff\xff"]), pack([3, 1, 1, msgspec.msgpack.Ext(1, b"\x03\x00")]), pack([3, 1, 1, msgspec.msgpack.Ext(-1, b"\0\0\0\0")]),
            pack([-1, 1, 3, 2, 0, "x"]), pack([-5, 1, 3, 51]), pack([-7, 1, 3, 2**60]), pack([-7, 1, 3, "tomorrow"]), pack([-4, 3, -1]), pack([-4, "3", 1]),
            pack({"type": "ping"}), pack([3, 1, 1, "x", b"short"]), pack([3, 1, 1, "x", 7]), "text", None,
        ],
    )  # fmt: skip
    def test_is_refused_by_name(self, wire: Lite, data: Any) -> None:
        codes = {getattr(command, "code", None) for command in wire.decode(data, wait=at_once)}

        assert codes <= {"malformed", "wrong_kind_of_frame"}
        assert codes

    def test_of_a_newer_device_is_told_from_nonsense(self, wire: Lite) -> None:
        assert [problem.code for problem in problems(wire, pack([-31, 1]))] == ["unknown_command"]

    def test_beyond_a_frame_is_not_even_read(self, wire: Lite) -> None:
        assert [problem.code for problem in problems(wire, pack([3, 1, 1, "x" * frames.MAX_FRAME]))] == ["frame_too_big"]

    def test_says_which_command_it_was(self, wire: Lite) -> None:
        (problem,) = problems(wire, pack([-5, 44, 3, 51]))

        assert problem.facts["ref"] == 44

    def test_spoils_nothing_that_came_with_it(self, wire: Lite) -> None:
        bad, good = heard(wire, [3, 1, 1, 5], [-9])

        assert isinstance(bad, DomainError)
        assert good == frames.Ping(0)

    @given(st.binary(max_size=200))
    def test_of_any_kind_never_surprises(self, data: bytes) -> None:
        wire = knowing(Lite(device_id=DEVICE, offer=Offer(dictionaries=("nl1",)), now=NOW))

        assert all(isinstance(command, DomainError | msgspec.Struct) for command in wire.decode(data, wait=at_once))

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=5) | st.binary(max_size=20) | st.floats(),
            lambda inner: st.lists(inner, max_size=7),
            max_leaves=30,
        )
    )
    def test_well_formed_or_not_never_surprises(self, value: Any) -> None:
        wire = knowing(Lite(device_id=DEVICE, offer=Offer(dictionaries=("nl1",)), now=NOW))

        assert all(isinstance(command, DomainError | msgspec.Struct) for command in wire.decode(pack(value), wait=at_once))


class TestPace:
    def test_charges_for_a_command_before_it_opens_its_body(self, wire: Lite, monkeypatch: pytest.MonkeyPatch) -> None:
        opened: list[Any] = []

        def open_body(body: Any) -> str:
            opened.append(body)
            return "Dag"

        monkeypatch.setattr(wire._bodies, "open", open_body)
        left = iter([0, 7, 7, 7])

        heard = list(wire.decode(pack([[3, 1, 1, b"a"], [3, 2, 2, b"b"], [-4, 3, 9], [-1, 4, 3, 3, 1, b"c"]]), wait=lambda: next(left)))

        assert heard[1:] == [HeldBack(7, 2), HeldBack(7, None), HeldBack(7, 4)]
        assert opened == [b"a"]

    def test_takes_acks_for_nothing(self, wire: Lite) -> None:
        assert list(wire.decode(pack([-3, 1]), wait=lambda: 9)) == [frames.Ack(1)]


class TestAPost:
    def test_is_led_by_where_the_device_is(self) -> None:
        offer, commands = read_post(pack([[-10, pack([5, 3, 4, 77, 0]), 9, ["nl1", "../x"], "ab12"], [-9], [-3, 1]]))

        assert offer == Offer(Cursor(5, {3: Place(4, 77, 0)}), ("nl1", ""), "ab12", 9)
        assert commands is not None and unpack(commands) == [[-9], [-3, 1]]

    @pytest.mark.parametrize(
        "value", [[[-9]], [-10, "text"], [-10, b"\xc1"], [-10, None, "soon"], [-10, None, None, 7], [-10, pack([5, 3])]]
    )
    def test_that_is_not_is_refused(self, value: Any) -> None:
        with pytest.raises(DomainError, match="malformed"):
            read_post(pack(value))
