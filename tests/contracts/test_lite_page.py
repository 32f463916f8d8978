"""docs/lite.md says what the code does: layouts, bytes, limits, the recipe for bodies; and its transcripts happen."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from chat import cursors, exchange, frames, polling
from chat.lite import Lite, Offer, codec, dictionaries, layouts, meetings, offers, read_post, safety, squeezing
from chat.session import LiteSession, following, giving
from live.close_codes import CloseCode
from tests.contracts import lite_page as page
from tests.contracts import protocol_page
from tests.contracts.lite_line import Wire, recipe
from tests.contracts.lite_transcript import LiteReplay
from tests.contracts.transcript import Differs
from tests.services.maatje import Maatje

DEVICE = UUID("019ab0c4-9e00-7b1a-8a44-3f0c2b1d9e77")
CONVERSATION = UUID("019ab0c4-7a10-7c3e-9d51-0b6f3a2e8c01")
PERSON, OTHER = UUID("019ab0c4-6f02-7d13-9768-75a54fd07b3b"), UUID("019ab0c4-6f0a-7425-b434-bb72cd811aea")
EPOCH, UPLOAD = UUID("019ab0c4-6e00-7a22-990f-a4684602f7c3"), UUID("019ab0d1-0c55-7f27-8e0a-51f3a7c0d2e4")
LAST_TOLD = datetime(2026, 11, 22, 11, 12, 38, tzinfo=UTC)
LIFE, STAMP = 3_460_715_257, 52_693

_ON_THE_PAGE = {
    "conversation": "slot", "draft_id": "draft", "at": "gap", "reply_to": "ref", "delivered_seq": "delivered",
    "flag_id": "draft", "escalation_id": "draft",
}  # fmt: skip


def names_on_the_page(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_ON_THE_PAGE.get(name, name) for name in fields)


def a_wire(*, is_afresh: bool = False) -> Lite:
    """The server's side, as the examples suppose it."""
    place = cursors.Place(42, STAMP, 82)
    wire = Lite(device_id=DEVICE, offer=Offer(cursors.Cursor(LIFE, {1: place})), now=LAST_TOLD)
    wire.life, wire.starts_afresh = LIFE, is_afresh
    wire.learn(CONVERSATION, slot=1, you=1, stamp=STAMP, first_seq=1)
    return wire


_TIME = frames.MeetingTime("2026-11-25T14:00", 90, datetime(2026, 11, 25, 13, tzinfo=UTC))
MEETING = frames.Meeting(
    1, 2, "end", "cancelled", 2, "Europe/London", [_TIME], "work", "Bib", online=True, repeat="FREQ=WEEKLY", on_holidays=True,
    changes=[frames.DateChange("2026-12-02", cancelled=True)], yes=[2], no=[1], date="2026-12-02",
)  # fmt: skip


class TestLayouts:
    def test_of_commands_are_those_of_the_code_and_no_others(self) -> None:
        said: dict[int | None, Any] = {layout.number: layout.fields for layout in page.layouts("Up").values()}
        written: dict[int | None, Any] = {layout.number: names_on_the_page(layout.fields) for layout in layouts.UP.values()}

        assert said == {**written, None: names_on_the_page(layouts.SEND.fields), layouts.RESUME: ("cursor", "wait", "dictionaries", "page")}

    def test_of_what_the_server_says_are_those_of_the_code_and_no_others(self) -> None:
        said = {layout.number: layout.fields for layout in page.layouts("Down").values()}
        by_hand = {layouts.WELCOME, layouts.PAGE, layouts.MARKS, layouts.CARD}
        written: dict[int | None, Any] = {layout.number: names_on_the_page(layout.fields) for layout in layouts.DOWN.values()}

        assert {number: fields for number, fields in said.items() if number not in by_hand} == {
            **written,
            None: ("slot", *names_on_the_page(layouts.ENTRY)),
        }
        assert said.keys() == {None, *written, *by_hand}

    def test_name_each_frame_as_json_does(self) -> None:
        named = {layout.number: name for name, layout in page.layouts("Up").items()}
        every: dict[int | None, Any] = {layout.number: layout.frame.__struct_config__.tag for layout in layouts.UP.values()}
        events: dict[int | None, Any] = {layout.number: layout.frame.__struct_config__.tag for layout in layouts.DOWN.values()}

        assert named == {**every, None: "send", layouts.RESUME: "resume"}
        assert {layout.number: name for name, layout in page.layouts("Down").items()} == {
            **events, None: "entry", layouts.WELCOME: "welcome", layouts.PAGE: "page", layouts.MARKS: "marks", layouts.CARD: "card",
        }  # fmt: skip

    def test_have_the_defaults_of_the_code(self) -> None:
        for layout in layouts.UP.values():
            said = page.by_number("Up")[layout.number].defaults
            struct = {field.name: field.default for field in msgspec.structs.fields(layout.frame)}
            theirs = {**struct, **layout.defaults}

            expected = {name for name in layout.fields if theirs[name] not in {None, msgspec.NODEFAULT, frames.SILENT}}
            assert said == {name: theirs[name] for name in expected}, layout

    def test_hold_for_a_welcome_with_everything_in_it(self) -> None:
        wire = Lite(device_id=DEVICE, offer=Offer(dictionaries=("nl1", "zz9")), now=LAST_TOLD)
        wire.life = LIFE
        frame = frames.Welcome(EPOCH, PERSON, DEVICE, LAST_TOLD, heartbeat=100, window=10)

        assert _read(wire, frame, "welcome") == {
            "now": 1_795_345_958, "life": LIFE, "device": DEVICE.bytes, "person": PERSON.bytes,
            "heartbeat": 100, "dictionaries": ["nl1", ""], "window": 10,
        }  # fmt: skip

    def test_hold_for_a_card_with_everything_in_it(self) -> None:
        member = frames.Member(2, OTHER, "Annemie", "buddy", 5, 4, left=True)
        times = {"closes_at": LAST_TOLD, "muted_until": LAST_TOLD}
        frame = frames.Changed(frames.Card(CONVERSATION, "pair", "closed", 1, 2, 9, [member], left=True, read_seq=3, **times))
        said = _read(a_wire(is_afresh=True), frame, "card")

        assert said == {
            "slot": 1, "id": CONVERSATION.bytes, "kind": "pair", "state": 2, "you": 1, "first_seq": 2, "last_seq": 9, "stamp": STAMP,
            "members": [[2, "Annemie", "buddy", 5, 4, True]], "read_seq": 3, "closes_at": 1_795_345_958, "muted_until": 1_795_345_958,
            "left": True,
        }  # fmt: skip
        assert page.layouts("Inside")["member"].read(said["members"][0]) == {
            "number": 2, "name": "Annemie", "role": "buddy", "delivered": 5, "read": 4, "left": True,
        }  # fmt: skip

    def test_hold_for_an_entry_with_everything_in_it(self) -> None:
        media = frames.Media("voice", 1, 2, b"\x01", 3, 4, 5)
        about: dict[str, Any] = {"target": 3, "member": 4, "edited_seq": 5, "retracted_seq": 6, "draft_id": UPLOAD, "hidden_seq": 8}
        entry = frames.Entry(50, "edit", 7, LAST_TOLD, body="Dag", concealed=True, media=media, meeting=MEETING, **about)
        said = _read(a_wire(), frames.Entries(CONVERSATION, [entry]), "entry")

        assert said == {
            "slot": 1, "gap": 0, "body": "Dag", "author": 7, "kind": 1, "seq": 50, "target": 3, "member": 4, "edited_seq": 5,
            "retracted_seq": 6, "concealed": True, "draft": UPLOAD.bytes, "media": [1, 1, 2, b"\x01", 3, 4, 5],
            "meeting": meetings.written(MEETING), "hidden_seq": 8,
        }  # fmt: skip
        assert tuple(page.layouts("Inside")["meeting"].read(said["meeting"])) == layouts.MEETING
        assert tuple(page.layouts("Inside")["date_change"].read([1, True, [1, 2, 3], [1], [2]])) == layouts.CHANGE
        assert tuple(page.layouts("Inside")["media"].read(said["media"])) == layouts.MEDIA

    def test_number_kinds_and_states_as_the_code_does(self) -> None:
        rows = {row[0]: row[1] for row in page.section("Values").rows()}

        assert re.findall(r"\d (\w+)", rows["`kind` of an entry"]) == list(layouts.KINDS)
        assert re.findall(r"\d (\w+)", rows["`state` of a card"]) == list(layouts.STATES)
        assert re.findall(r"\d (\w+)", rows["`kind` of media"]) == list(layouts.MEDIA_KINDS)

    def test_number_what_keeps_people_safe_as_the_code_does(self) -> None:
        rows = {row[0]: row[1] for row in page.section("Values").rows()}

        assert re.findall(r"\d (\w+)", rows["`reason` of a flag"]) == list(safety.REASONS)
        assert re.findall(r"\d (\w+)", rows["`urgency`"]) == list(safety.URGENCIES)
        assert re.findall(r"\d (\w+)", rows["`help`"]) == list(safety.HELPS)


def _read(wire: Lite, frame: Any, name: str) -> dict[str, Any]:
    (data,) = wire.encode(frame)
    (array,) = page.unpacked(data)
    layout = page.layout_of(array, "Down")
    assert layout.name == name
    assert len(array) == len(layout.fields) + (layout.number is not None)
    return layout.read(array)


def examples(title: str) -> Iterator[Any]:
    for said, array, data in page.section(title).rows():
        written = said.strip("`")
        for id_ in (CONVERSATION, DEVICE, PERSON, OTHER, EPOCH, UPLOAD, UUID(int=DEVICE.int ^ 300)):
            written = written.replace("…" + str(id_)[-4:], str(id_))
        yield pytest.param(json.loads(written), page.read_notation(array.strip("`")), bytes.fromhex(data.strip("`")), id=array[:40])


class TestExamples:
    @pytest.mark.parametrize(("said", "array", "data"), list(examples("Said by the server")))
    def test_of_the_server_are_what_it_says(self, said: Any, array: Any, data: bytes) -> None:
        wire = a_wire(is_afresh=array[0] == layouts.WELCOME and len(array) > 2)
        frame = msgspec.convert(said, frames.Reply | frames.Event)

        assert wire.encode(frame) == [data]
        assert msgspec.msgpack.decode(data) == array

    @pytest.mark.parametrize(("said", "array", "data"), list(examples("Said by the device")))
    def test_of_the_device_are_what_the_server_understands(self, said: Any, array: Any, data: bytes) -> None:
        assert list(a_wire().decode(data, wait=lambda: 0)) == [msgspec.convert(said, frames.Command)]
        assert msgspec.msgpack.decode(data) == array

    def test_are_there_for_every_frame(self) -> None:
        down = {page.layout_of(example.values[1], "Down").name for example in examples("Said by the server")}
        up = {page.layout_of(example.values[1], "Up").name for example in examples("Said by the device")}

        assert down == page.layouts("Down").keys()
        assert up == page.layouts("Up").keys() - {"resume"}

    def test_of_a_post_can_be_posted(self) -> None:
        ((array, data),) = page.section("Posted").rows()
        offer, commands = read_post(bytes.fromhex(data.strip("`")))

        assert page.unpacked(bytes.fromhex(data.strip("`"))) == page.read_notation(array.strip("`"))
        assert offer == (cursors.Cursor(LIFE, {1: cursors.Place(43, STAMP, 82)}), ("nl1",), "", 25)
        assert list(a_wire().decode(commands, wait=lambda: 0)) == [frames.Send(2, CONVERSATION, UUID(int=DEVICE.int ^ 300), "Ja")]

    def test_of_a_cursor_can_be_read(self) -> None:
        ((life, slot, seq, stamp, _, marks, data, item),) = page.section("The cursor").rows()
        expected = cursors.Cursor(int(life), {int(slot): cursors.Place(int(seq), int(stamp), int(marks))})

        assert cursors.read_cursor(bytes.fromhex(data.strip("`"))) == expected
        assert item.strip("`") == "c." + base64.urlsafe_b64encode(bytes.fromhex(data.strip("`"))).rstrip(b"=").decode()
        assert offers.read_offer(["maatje.v1.lite", item.strip("`")]).cursor == expected
        assert item in page.section("Connecting").text.replace("c.", "`c.").replace(", d.nl1", "`, d.nl1")

    def test_of_a_draft_is_right(self) -> None:
        wire = Wire()
        wire.device = DEVICE

        assert f"`{wire.draft(300)}`" in page.section("Drafts").text


class TestBodies:
    def test_are_made_as_the_example_shows(self) -> None:
        cells = [(row[0], bytes.fromhex(row[1].strip("`"))) for row in page.section("Bodies").tables()[1]]
        file, history, *bodies = [data for _, data in cells]
        texts = [title.split('"')[1] for title, _ in cells[2::2]]
        table, made = recipe()["open_dictionary"](file)
        dictionary = dictionaries.Dictionary("xx1", file)

        assert made == history == dictionary.history
        for text, said, squeezed in zip(texts, bodies[::2], bodies[1::2], strict=True):
            assert recipe()["say"](text, table) == said == dictionary.table.encode(text)
            assert squeezing.squeeze(text, dictionary) == squeezed
            assert recipe()["expand"](squeezed, table, history) == text

    def test_name_a_dictionary_as_the_server_does(self) -> None:
        ((name, url, digest),) = re.findall(r'"name": "(\w+)", "url": "([^"]+)", "sha256": "(\w+)"', page.section("Bodies").text)
        dictionary = dictionaries.get(name)

        assert dictionary is not None
        assert (url, digest) == (dictionary.url, dictionary.sha256)

    @pytest.mark.parametrize("name", ["nl1", "fr1", "en1", "tr1", "ar1"])
    def test_go_both_ways_with_the_recipe(self, name: str) -> None:
        dictionary = dictionaries.get(name)
        assert dictionary is not None
        book = recipe()["open_dictionary"](dictionary.data)

        for text in ("Dag! Hoe gaat het met je vandaag?", "ça va? 🙂\n\tmerhaba, öğle", "x" * 2_000, "🙂" * 2_000):
            assert squeezing.expand(recipe()["squeeze"](text, *book), dictionary) == text
            squeezed = squeezing.squeeze(text, dictionary)
            assert squeezed is None or recipe()["expand"](squeezed, *book) == text


LIMITS = {
    "bytes of a message, both ways, and of a POST": frames.MAX_FRAME,
    "frames in a message or POST, up": codec.MOST_FRAMES,
    "bytes of a body": squeezing.MOST,
    "bytes that a squeezed body inflates to, before the table": squeezing.MOST_CODES,
    "conversations in a cursor": cursors.MOST_CONVERSATIONS,
    "dictionaries offered": offers.MOST_DICTIONARIES,
    "versions of a language's dictionary that are kept": dictionaries.KEPT,
    "seconds a POST may wait": frames.MAX_WAIT,
    "seconds until a POST answers with what there is": exchange.PATIENCE,
    "waiting POSTs of one person": polling.MOST_WAITING,
    "seconds that events wait for each other in low-data mode": giving.HOLD,
    "seconds an event may stay unacked": 30 * Lite.patience,
    "seconds of silence before 4002": following.SILENT_HEARTBEATS * codec.LONGEST_SILENCE,
}


class TestLimits:
    def test_are_those_of_the_code_and_no_others(self) -> None:
        assert {row[0]: float(row[1].replace(",", "")) for row in page.section("Limits of lite").rows()} == LIMITS

    def test_are_kept_where_the_text_names_them(self) -> None:
        assert exchange.CONTENT_TYPE.decode() in page.text()
        assert f"`{frames.LITE}`" in page.text()
        assert str(CloseCode.BUDGET.value) in page.section("Data use").text
        assert Lite.longest_silence == 840
        assert issubclass(exchange.Visit, LiteSession)


class TestTranscripts:
    @pytest.mark.parametrize("server", ["uvicorn"])  # that of the other page runs on Daphne
    def test_happen_as_they_are_written(self, server: str, tmp_path: Path) -> None:
        lines = [line for lines in page.transcripts() for line in lines]
        maatje = Maatje(tmp_path / "data", server=server, silent=True)
        replay = LiteReplay(maatje, names={line.who for line in lines})
        try:
            for line in lines:
                replay.play(line)
        finally:
            replay.close()
            maatje.stop()

    @pytest.mark.parametrize("number", [0, 1])
    def test_show_the_bytes_of_what_they_show(self, number: int) -> None:
        for line in page.transcripts()[number]:
            if line.what in {"<", ">", "posts"}:
                assert page.packed(line.value) == line.data, line.written

    def test_would_notice_a_lie(self) -> None:
        replay = LiteReplay.__new__(LiteReplay)
        replay.known = {}

        for heard in ([1, 0, "Hallo"], [1, 0, "Dag", 3], [2, 0, "Dag"], [-5]):
            with pytest.raises(Differs):
                replay._compare_frames([1, 0, "Dag"], heard, "a line")


class TestDescription:
    def test_in_asyncapi_points_here(self) -> None:
        from backend.documents import asyncapi_document

        lite = asyncapi_document()["channels"]["lite"]

        assert lite["bindings"]["ws"]["headers"]["properties"]["Sec-WebSocket-Protocol"]["pattern"].startswith("^maatje")
        assert "docs/lite.md" in lite["description"]
        assert set(lite["messages"]) == {"up", "down"}


class TestLinks:
    def test_lead_to_headings_that_exist(self) -> None:
        headings = re.findall(r"^##+ (.+)$", page.text(), re.MULTILINE)
        anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

        assert set(re.findall(r"\]\(#([^)]+)\)", page.text())) <= anchors
        assert "lite.md" in protocol_page.text()
