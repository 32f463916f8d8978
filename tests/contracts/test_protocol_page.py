"""docs/protocol.md says what the code does: nothing more, nothing less, and its transcript happens."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings
from msgspec import inspect

from accounts import codes, names
from accounts.models.invites import INVITE_LASTS
from chat import codec, feed, frames, policy, polling
from chat.actions import members
from chat.reading.cards import LONGEST_NAME, MOST_MEMBERS
from chat.reading.follows import FIRST_SIGHT
from chat.reading.polled import MOST_CONVERSATIONS
from chat.session import commands, following
from chat.views.media import Uploaded
from core import api, errors
from live.close_codes import CloseCode
from media import crafting
from media.actions import items
from media.models import KEPT_UNSENT
from media.workshop import photos, voices
from moderation import errors as safety
from tests.contracts import protocol_page as page
from tests.contracts.documents import operations
from tests.contracts.transcript import Differs, Replay
from tests.services.maatje import Maatje

_GROUPS: dict[str, Any] = {"Commands": frames.Command, "Replies": frames.Reply, "Events": frames.Event}
_PARTS: dict[str, Any] = {
    "entry": frames.Entry, "media": frames.Media, "member": frames.Member, "card": frames.Card, "mark": frames.Mark, "meeting": frames.Meeting,
    "asked_time": frames.AskedTime, "meeting_time": frames.MeetingTime, "date_change": frames.DateChange,
}  # fmt: skip
_BODIES: dict[str, Any] = {"marked": frames.Marked, "poll": frames.Poll, "polled": frames.Polled, "uploaded": Uploaded}


def frames_of(group: str) -> dict[str, Any]:
    return {frame.__struct_config__.tag: frame for frame in _GROUPS[group].__args__}


ALL = {**frames_of("Commands"), **frames_of("Replies"), **frames_of("Events"), **_PARTS, **_BODIES}


def word_of(kind: inspect.Type) -> str:
    """How the page calls a type."""
    match kind:
        case inspect.Metadata(type=inner):
            return word_of(inner)
        case inspect.UUIDType():
            return "uuid"
        case inspect.BytesType():
            return "base64"
        case inspect.StrType() | inspect.LiteralType():
            return "text"
        case inspect.IntType():
            return "number"
        case inspect.BoolType():
            return "true or false"
        case inspect.DateTimeType():
            return "time"
        case inspect.DictType(key_type=key, value_type=value):
            return f"map of {word_of(key)} to {word_of(value)}"
        case inspect.ListType(item_type=item):
            return f"list of {word_of(item)}"
        case inspect.StructType(cls=struct):
            return str(struct.__struct_config__.tag or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", struct.__name__).lower())
        case inspect.UnionType(types=types):
            known = [word_of(one) for one in types if not isinstance(one, (inspect.NoneType, inspect.CustomType))]
            return " or ".join([*known, *["null" for one in types if isinstance(one, inspect.NoneType)]])
        case _:
            raise TypeError(kind)


def fields_of(frame: Any) -> dict[str, tuple[str, bool]]:
    """Type and presence of each field, in the words of the page."""
    described = inspect.type_info(frame)
    assert isinstance(described, inspect.StructType)
    return {field.name: (word_of(field.type).replace(" or UnsetType", ""), field.required) for field in described.fields}


class TestFrames:
    @pytest.mark.parametrize("group", _GROUPS)
    def test_are_all_there_and_no_others(self, group: str) -> None:
        assert set(page.parts_of(group)) == set(frames_of(group))

    def test_name_all_their_parts(self) -> None:
        assert set(page.parts_of("Parts")) == set(_PARTS)

    @pytest.mark.parametrize("name", ALL)
    def test_have_the_fields_types_and_presence_that_the_code_gives_them(self, name: str) -> None:
        said = {page.bare(row[0]): (page.bare(row[1]), row[2] == "always") for row in page.section(f"`{name}`").rows()}

        assert said == fields_of(ALL[name])

    @pytest.mark.parametrize("name", ALL)
    def test_have_an_example_that_the_code_reads_without_a_field_too_many(self, name: str) -> None:
        example = page.section(f"`{name}`").example()

        read = msgspec.convert(example, ALL[name])

        assert set(example) - {"type"} <= set(fields_of(ALL[name]))
        assert example.get("type") == type(read).__struct_config__.tag

    @pytest.mark.parametrize("name", frames_of("Commands"))
    def test_have_commands_that_the_server_takes_as_they_stand(self, name: str) -> None:
        (text,) = re.findall(r"^```json\n(.*?)\n```$", page.section(f"`{name}`").text, re.MULTILINE | re.DOTALL)

        assert isinstance(codec.decode(text), ALL[name])

    def test_explain_every_kind_of_entry(self) -> None:
        kinds = set(re.findall(r"`(\w+)`", " ".join(row[0] for row in page.section("Showing what was said").rows())))

        assert kinds == set(frames.EntryKind.__args__)  # type: ignore[attr-defined]  # a Literal


_THEIRS = {"core", "accounts", "programmes", "media", "chat", "meetings", "notifications"}
_FOR_MEMBERS = {  # of those of moderation; the others belong to the console
    safety.NothingToFlag, safety.FlagReused, safety.TooManyFlags, safety.EscalationReused, safety.TooManyEscalations,
    safety.StatementNotFound, safety.NothingToAppeal, safety.TooLateToAppeal, safety.WordsNeeded,
}  # fmt: skip


def every_error() -> Iterator[tuple[str, int]]:
    waiting = [errors.DomainError]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.__module__.partition(".")[0] in _THEIRS or kind in _FOR_MEMBERS:
            yield kind.code, kind.status
    yield from ((code, status) for status, code, _ in api._BY_DRF_CLASS.values())


class TestCodes:
    def test_list_every_error_with_its_status_and_no_other(self) -> None:
        said = [(page.bare(row[0]), int(row[1])) for row in page.section("Errors").rows()]

        assert len(said) == len(set(said))
        assert set(said) == set(every_error())

    def test_list_every_close_code_and_no_other(self) -> None:
        said = {(int(row[0]), page.bare(row[1])) for row in page.section("When the server closes").rows()}

        assert said == {(code.value, code.name) for code in CloseCode}

    def test_mention_no_code_that_does_not_exist(self) -> None:
        known = {code for code, _ in every_error()}
        tables = " ".join(row[0] for row in page.section("Sending").rows())

        assert set(re.findall(r"`([a-z]+_[a-z_]+)`", tables)) - {"retry_after"} <= known


LIMITS: dict[str, float] = {
    "body of a message, code points": frames.MAX_BODY,
    "frame, bytes, both ways": frames.MAX_FRAME,
    "cursors in a resume or poll": frames.MAX_CURSORS,
    "entries a page": frames.PAGE_LIMIT,
    "entries an `entries` event": following.BATCH,
    "entries a page, when not said": frames.History(ref=0, conversation=None).limit,  # type: ignore[arg-type]  # only its default matters
    "entries of a conversation at first sight": FIRST_SIGHT,
    "name on a card, bytes in UTF-8": LONGEST_NAME,
    "members on a card": MOST_MEMBERS,
    "label of a device, code points": names.LONGEST_LABEL,
    "name of a person, code points": names.LONGEST_NAME,
    "minutes to edit": policy.EDIT_WINDOW.total_seconds() / 60,
    "days ahead to mute": members.LONGEST_MUTE.days,
    "commands a second, lasting, of one device over all its ways": settings.MAATJE_COMMANDS_PER_SECOND,
    "commands in one go (the bucket)": settings.MAATJE_COMMANDS_BURST,
    "bytes of text a second, lasting, of one person": settings.MAATJE_TEXT_BYTES_PER_SECOND,
    "bytes of text in one go, of one person": settings.MAATJE_TEXT_BYTES_BURST,
    "commands that a `history` counts for": 1 + commands.HISTORY_COST,
    "resume, history, conversations, mute and leave at work at once": commands.MOST_ASKED,
    "refusals as too fast, in a row, before 4029": commands.MOST_REFUSED_AS_TOO_FAST,
    "malformed frames before 4400": commands.MOST_COMPLAINTS,
    "unacked `entries` and `marks` frames: the window": settings.MAATJE_ACK_WINDOW,
    "unacked bytes: the window": feed.WINDOW_BYTES,
    "unacked frames before 4008": feed.MOST_UNACKED_FRAMES,
    "unacked bytes before 4008": feed.MOST_UNACKED_BYTES,
    "seconds an `entries` or `marks` frame may stay unacked": settings.MAATJE_ACK_TIMEOUT,
    "heartbeat, seconds": settings.MAATJE_HEARTBEAT_SECONDS,
    "hours a socket lives, at most": settings.MAATJE_SOCKET_HOURS,
    "seconds from connecting to `resume`": following.RESUME_WITHIN,
    "heartbeats of silence before 4002": following.SILENT_HEARTBEATS,
    "sockets of one person": settings.MAATJE_SOCKETS_PER_PERSON,
    "waiting polls of one person": polling.MOST_WAITING,
    "seconds a poll may wait": frames.MAX_WAIT,
    "conversations with news in one poll": MOST_CONVERSATIONS,
    "bytes of a request by HTTP": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    "bytes of a photo or voice note, as sent": settings.MAATJE_UPLOAD_BYTES,
    "pixels of a photo": photos.MOST_PIXELS,
    "seconds of a voice note": voices.MOST_SECONDS,
    "scans of a JPEG": photos.MOST_SCANS,
    "minutes in which the same bytes are refused again": crafting.REFUSED_AGAIN / 60,
    "seconds to wait after an upload that broke its decoder (`try_again`)": crafting.REST,
    "hours to send what was uploaded": KEPT_UNSENT.total_seconds() / 3_600,
    "uploads of a person that wait to be sent, in one conversation; the oldest beyond it goes": items.MOST_UNSENT,
    "megabytes of photos and voice notes that a circle keeps": settings.MAATJE_MEDIA_QUOTA_MB,
    "tries of one invite code an hour": settings.MAATJE_ATTEMPTS_PER_CODE,
    "invite codes tried from one address an hour": settings.MAATJE_ATTEMPTS_PER_ADDRESS,
    "days an invite works": INVITE_LASTS.days,
    "days a token lives after its last use": settings.REST_KNOX["TOKEN_TTL"].days,  # type: ignore[attr-defined]  # a timedelta
}


class TestLimits:
    def test_are_those_of_the_code_and_no_others(self) -> None:
        said = {row[0]: float(row[1].replace(",", "")) for row in page.section("Limits").rows()}

        assert said == LIMITS

    def test_name_settings_that_exist(self) -> None:
        named = {page.bare(row[2]) for row in page.section("Limits").rows() if row[2]}

        assert all(hasattr(settings, name) for name in named)

    def test_spell_the_alphabet_of_invite_codes(self) -> None:
        assert f"`{codes.ALPHABET}`" in page.section("Enrolling").text
        assert codes.LENGTH == 10  # "ten characters"


class TestPlainHttp:
    def test_lists_every_operation_with_its_status_and_no_other(self) -> None:
        said = {(*page.bare(row[0]).split(" ", 1), int(row[1])) for row in page.section("Plain HTTP").tables()[0]}

        assert said == set(operations())


class TestTranscript:
    @pytest.mark.parametrize("server", ["daphne"])  # that of the other page runs on uvicorn
    def test_happens_as_it_is_written(self, server: str, tmp_path: Path) -> None:
        maatje = Maatje(tmp_path / "data", server=server, silent=True)
        replay = Replay(maatje)
        try:
            for line in page.transcript():
                replay.play(line)
        finally:
            replay.close()
            maatje.stop()

    def test_would_notice_a_lie(self) -> None:
        replay = Replay.__new__(Replay)
        replay.known = {}

        with pytest.raises(Differs):
            replay._compare({"seq": 1, "body": "Dag"}, {"seq": 2, "body": "Dag"}, "a line")


class TestLinks:
    def test_lead_to_headings_that_exist(self) -> None:
        headings = re.findall(r"^##+ (.+)$", page.text(), re.MULTILINE)
        anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

        assert set(re.findall(r"\]\(#([^)]+)\)", page.text())) <= anchors
