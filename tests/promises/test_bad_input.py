"""Whatever a peer sends, it gets a stable code, the log gets no traceback, and everybody else goes on talking."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.promises.device import PROTOCOL
from tests.promises.houses import House
from tests.promises.words import words

pytestmark = pytest.mark.delivery

FRAME = 16 * 1024
NOBODYS = "018f0000-0000-7000-8000-000000000000"


def a_send(said: str, **more: Any) -> str:
    return json.dumps({"type": "send", "ref": 7, "conversation": NOBODYS, "draft_id": str(uuid4()), "body": said} | more)


BAD_FRAMES: dict[str, tuple[str | bytes, str]] = {
    "an empty frame": ("", "malformed"),
    "half an object": ('{"type":"ping","ref":', "malformed"),
    "not an object": ("[1,2,3]", "malformed"),
    "a number no double holds": ('{"type":"ping","ref":1e999}', "malformed"),
    "not a number": ('{"type":"ping","ref":NaN}', "malformed"),
    "a NUL in the frame": ('{"type":"ping\x00","ref":1}', "malformed"),
    "a lone surrogate": (a_send("x").replace('"x"', '"\\ud800"'), "malformed"),
    "ten thousand deep": ('{"type":"ping","ref":' + "[" * 7_000 + "]" * 7_000 + "}", "malformed"),
    "a key that is there twice": ('{"type":"ping","ref":1,"ref":2}', "malformed"),
    "a ref that is text": ('{"type":"ping","ref":"1"}', "malformed"),
    "a ref below zero": ('{"type":"ping","ref":-1}', "malformed"),
    "a body that is a number": (a_send("x", body=5), "malformed"),
    "a conversation that is no id": (a_send("x", conversation="mine"), "malformed"),
    "a missing field": ('{"type":"send","ref":1}', "malformed"),
    "an ack of what was never sent": ('{"type":"ack","n":999999}', "malformed"),
    "an unknown command": ('{"type":"dance","ref":3}', "unknown_command"),
    "bytes on the text protocol": (b'{"type":"ping","ref":1}', "wrong_kind_of_frame"),
}
BAD_COMMANDS: dict[str, tuple[dict[str, Any], str]] = {
    "a NUL in the body": ({"type": "send", "body": "a\x00b"}, "body_invalid"),
    "a body of 2,001": ({"type": "send", "body": "x" * 2_001}, "body_too_long"),
    "an invisible body": ({"type": "send", "body": " \n\t"}, "body_empty"),
    "an edit of nothing": ({"type": "edit", "target": 99, "body": "x"}, "entry_not_found"),
    "a retraction of nothing": ({"type": "retract", "target": 99}, "entry_not_found"),
    "before and after": ({"type": "history", "before": 3, "after": 1}, "bad_range"),
    "a second resume": ({"type": "resume"}, "not_resumed"),
}


@pytest.fixture
def house(either_house: House) -> House:
    return either_house


@pytest.fixture(autouse=True)
def _unharmed(house: House) -> Iterator[None]:
    """After everything: the process that was there still is, and its log shows no traceback."""
    pid, said = house.server.process.pid, len(house.logs())
    yield
    assert house.server.process.popen.poll() is None
    assert house.server.process.pid == pid
    assert "Traceback" not in house.logs()[said:]
    assert house.server.answers()


class TestAFrameThatIsNotOne:
    async def test_gets_its_code(self, house: House) -> None:
        pair = await house.office.ask("circle")
        got = {}
        for what, (raw, _) in BAD_FRAMES.items():
            async with house.device(pair["people"][0]) as phone:
                await phone.say_raw(raw)
                await phone.until(lambda phone=phone: bool(phone.events("error")), seconds=3)  # type: ignore[misc]  # a bound default
                got[what] = phone.events("error")[0]["code"]
                await phone.request("ping")

        assert got == {what: code for what, (_, code) in BAD_FRAMES.items()}

    async def test_three_of_them_close_4400(self, house: House) -> None:
        pair = await house.office.ask("circle")
        async with house.device(pair["people"][0]) as phone:
            for _ in range(3):
                await phone.say_raw("nonsense")

            assert await phone.ended() == 4400
            assert phone.byes[-1] == {"type": "bye", "code": 4400, "retry_after": 60}

    async def test_the_reply_names_the_ref_that_could_be_read(self, house: House) -> None:
        pair = await house.office.ask("circle")
        async with house.device(pair["people"][0]) as phone:
            reply = await phone.request("dance")

        assert reply["code"] == "unknown_command"


class TestACommandThatCannotBe:
    async def test_gets_its_code(self, house: House) -> None:
        pair = await house.office.ask("circle")
        async with house.device(pair["people"][0]) as phone:
            got = {}
            for what, (command, _) in BAD_COMMANDS.items():
                fields = {"conversation": pair["conversation"], "draft_id": str(uuid4())} | command
                got[what] = (await phone.request(fields.pop("type"), **fields)).get("code")

        assert got == {what: code for what, (_, code) in BAD_COMMANDS.items()}

    async def test_other_peoples_conversations_answer_like_missing_ones(self, house: House) -> None:
        pair, other = await house.office.ask("circle"), await house.office.ask("circle")
        commands: list[tuple[str, dict[str, Any]]] = [
            ("send", {"draft_id": str(uuid4()), "body": words("x")}),
            ("edit", {"draft_id": str(uuid4()), "target": 1, "body": words("x")}),
            ("retract", {"draft_id": str(uuid4()), "target": 1}),
            ("read", {"seq": 1}),
            ("history", {}),
            ("mute", {"until": None}),
            ("leave", {}),
        ]
        async with house.device(pair["people"][0]) as phone:
            theirs = [await phone.request(kind, conversation=other["conversation"], **fields) for kind, fields in commands]
            missing = [await phone.request(kind, conversation=NOBODYS, **fields) for kind, fields in commands]

        assert {reply["code"] for reply in theirs} == {"conversation_not_found"}
        assert [reply | {"reply_to": 0} for reply in theirs] == [reply | {"reply_to": 0} for reply in missing]

    async def test_nothing_but_ping_before_resume(self, house: House) -> None:
        pair = await house.office.ask("circle")
        async with await house.device(pair["people"][0]).connect(resumes=False) as phone:
            refused = await phone.request("history", conversation=pair["conversation"])
            pong = await phone.request("ping")

        assert (refused["code"], pong["type"]) == ("not_resumed", "pong")


class TestSizes:
    async def test_a_frame_of_sixteen_kibibytes_is_read(self, house: House) -> None:
        pair = await house.office.ask("circle")
        async with house.device(pair["people"][0]) as phone:
            for size in (FRAME - 1, FRAME):
                phone._refs += 1
                await phone.say_raw(json.dumps({"type": "ping", "ref": size}).ljust(size))

            await phone.until(lambda: {FRAME - 1, FRAME} <= {frame["reply_to"] for frame in phone.events("pong")})

    @pytest.mark.parametrize("size", [FRAME + 1, 1024 * 1024])
    async def test_a_bigger_one_ends_the_socket(self, house: House, size: int) -> None:
        pair = await house.office.ask("circle")
        async with house.device(pair["people"][0]) as phone:
            await phone.say_raw(json.dumps({"type": "ping", "ref": 1}).ljust(size))

            assert await phone.ended() in {1006, 1009}

    async def test_everything_the_server_says_fits_one_frame(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        async with house.device(pair["people"][0], conversation) as phone:
            for _ in range(30):
                await phone.write(conversation, words("").ljust(2_000, "𓂀"))
            await phone.until(lambda: not phone.drafts)
            async with house.device(pair["people"][1], conversation) as peer:
                await peer.has(conversation, 30)
                page = await peer.request("history", conversation=conversation, limit=50)

        assert page["more"] is True
        assert all(len(json.dumps(frame, ensure_ascii=False).encode()) <= FRAME for _, frame in peer.frames)


class TestTheDoor:
    async def test_who_is_let_in(self, house: House) -> None:
        pair = await house.office.ask("circle")
        token = pair["people"][0]["token"]
        bearer, cookie = {"Authorization": f"Bearer {token}"}, {"Cookie": f"__Host-maatje={token}; __Host-maatje-who=1"}
        here = f"http://127.0.0.1:{house.server.port}"
        tries: dict[str, tuple[dict[str, str], int | None]] = {
            "a token": (bearer, None),
            "a cookie and our own page": (cookie | {"Origin": here}, None),
            "no token": ({}, 4500),
            "a token nobody has": ({"Authorization": "Bearer mtj_" + "0" * 64}, 4500),
            "a token with nonsense": ({"Authorization": "Bearer nonsense"}, 4500),
            "a cookie and no page": (cookie, 4501),
            "a cookie and another page": (cookie | {"Origin": "https://evil.example"}, 4501),
            "a cookie and a page without an origin": (cookie | {"Origin": "null"}, 4501),
            "a cookie and a page next door": (cookie | {"Origin": here.replace("127.0.0.1", "127.0.0.2")}, 4501),
            "a token and another page": (bearer | {"Origin": "https://evil.example"}, 4501),
        }
        got = {what: await _code_for(house, headers) for what, (headers, _) in tries.items()}

        assert got == {what: code for what, (_, code) in tries.items()}

    async def test_a_revoked_token_is_not_let_in(self, house: House) -> None:
        pair = await house.office.ask("circle")
        await house.office.ask("revoke", device=pair["people"][0]["device"])

        assert await _code_for(house, {"Authorization": f"Bearer {pair['people'][0]['token']}"}) == 4500

    async def test_a_token_in_the_address_is_nobodys(self, house: House) -> None:
        pair = await house.office.ask("circle")
        token = pair["people"][0]["token"]

        assert await _code_for(house, {}, address=f"{house.server.socket_url}?token={token}&access_token={token}") == 4500

    @pytest.mark.parametrize("offered", [["maatje.v9.json"], ["graphql-ws", "json"], []])
    async def test_an_unknown_subprotocol_is_told_so(self, house: House, offered: list[str]) -> None:
        pair = await house.office.ask("circle")
        headers = {"Authorization": f"Bearer {pair['people'][0]['token']}"}

        assert await _code_for(house, headers, offered=offered) == 4506

    async def test_another_host_or_path_is_refused_before_anything(self, house: House) -> None:
        pair = await house.office.ask("circle")
        headers = {"Authorization": f"Bearer {pair['people'][0]['token']}"}
        elsewhere = f"ws://127.0.0.1:{house.server.port}/api/v1/sockets"

        for address, more in [(house.server.socket_url, {"Host": "evil.example"}), (elsewhere, {})]:
            with pytest.raises(InvalidStatus) as refusal:
                await _code_for(house, headers | more, address=address)
            assert refusal.value.response.status_code == 403

    async def test_a_code_that_expired_or_was_used_answers_like_one_nobody_made(self, house: House) -> None:
        somebody = await house.office.ask("invited")
        expired = await house.office.ask("invite", person=somebody["person"], is_expired=True)
        rest = house.rest()
        used = await rest.post("enrol", {"code": somebody["code"], "label": "phone", "keep": "token"})

        again = await rest.post("enrol", {"code": somebody["code"], "label": "phone", "keep": "token"})
        late = await rest.post("enrol", {"code": expired, "label": "phone", "keep": "token"})
        guess = await rest.post("enrol", {"code": "2345678923", "label": "phone", "keep": "token"})

        assert used.status in {200, 201}
        assert (again.status, again.code) == (404, "invite_invalid")
        assert again.body == late.body == guess.body


async def _code_for(house: House, headers: dict[str, str], *, address: str | None = None, offered: list[str] | None = None) -> int | None:
    """The code that a socket with these headers is closed with; none when it is welcome."""
    given = dict(headers)
    host = given.pop("Host", "127.0.0.1")
    where = (address or house.server.socket_url).replace("127.0.0.1", host)
    protocols: Any = [PROTOCOL] if offered is None else offered
    async with connect(
        where, subprotocols=protocols or None, additional_headers=given, compression=None, host="127.0.0.1", port=house.server.port
    ) as socket:
        first = json.loads(await asyncio.wait_for(socket.recv(), 5))
        if first["type"] == "welcome":
            return None
        assert first["type"] == "bye"
        await asyncio.wait_for(socket.wait_closed(), 5)
        assert socket.close_code == first["code"]
        return int(first["code"])
