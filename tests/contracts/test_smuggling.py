"""Requests that say two things at once: each meets the same refusal on both servers, and the server lives."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from tests.contracts.wire import ask, line, raw, status_of
from tests.promises.houses import House

pytestmark = pytest.mark.delivery

WELCOME = b'"type":"welcome"'
CONTROLS = [0x00, 0x01, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x7F, 0x85]
STRANGE_HOSTS = [
    "evil.example",
    "",
    "127.0.0.1@evil.example",
    "evil.example:80@127.0.0.1",
    "[::1",
    "127.0.0.1.evil.example",
    "127.0.0.1 evil",
]
STRANGE_PATHS = [
    "//api/v1/socket", "/api//v1/socket", "/api/v1/socket/", "/API/v1/socket", "/api/v1/x/%2e%2e/socket", "/api/v1/x/../socket",
    "/api/v1/socket%00", "/api/v1/socket%0a", "/api/v1/socket%2f", "/api/v1/socketx", "/api/v1/", "/", "/admin/",
]  # fmt: skip
INSIDE = b"0\r\n\r\nGET /api/v1/smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
TWO_LENGTHS = {
    "a length and chunks": [b"Content-Length: %d" % len(INSIDE), b"Transfer-Encoding: chunked"],
    "chunks and a length": [b"Transfer-Encoding: chunked", b"Content-Length: 4"],
    "chunks by another name": [b"Transfer-Encoding: xchunked", b"Content-Length: 4"],
    "chunks with a space": [b"Transfer-Encoding : chunked", b"Content-Length: 4"],
    "chunks after a tab": [b"Transfer-Encoding:\x0bchunked", b"Content-Length: 4"],
    "two lengths": [b"Content-Length: 4", b"Content-Length: 0"],
    "two lengths in one": [b"Content-Length: 4, 4"],
    "a signed length": [b"Content-Length: +4"],
    "a negative length": [b"Content-Length: -4"],
    "a length in hex": [b"Content-Length: 0x4"],
}


def upgrade(house: House, *extra: bytes, token: str | None = None, host: str | None = "", path: str = "/api/v1/socket") -> bytes:
    """The bytes of an upgrade; `host` is ours when it is not said, and absent when it is none."""
    lines = [b"GET %s HTTP/1.1" % path.encode()]
    if host is not None:
        lines.append(b"Host: " + (host or authority(house)).encode())
    lines += [b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Protocol: maatje.v1.json"]
    lines += [b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    lines += [b"Authorization: Bearer " + token.encode()] if token else []
    return b"\r\n".join([*lines, *extra]) + b"\r\n\r\n"


def request(
    house: House, *extra: bytes, method: str = "POST", path: str = "/api/v1/enrol", host: str | None = None, body: bytes = b""
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1".encode(), b"Host: " + (authority(house) if host is None else host).encode()]
    return b"\r\n".join([*lines, b"Content-Type: application/json", *extra]) + b"\r\n\r\n" + body


def authority(house: House) -> str:
    return f"127.0.0.1:{house.server.port}"


@pytest.fixture
def token(door: House) -> str:
    made: dict[str, str] = door.office.ask_now("person")
    return made["token"]


@pytest.fixture(autouse=True)
def alive(door: House) -> Iterator[None]:
    """Whatever was sent, the next one is served, and nothing broke."""
    yield
    assert door.server.answers()
    assert "Traceback" not in door.logs()


class TestUpgrades:
    def test_are_let_in_when_they_say_one_thing(self, door: House, token: str) -> None:
        """The yardstick: what the others differ from."""
        assert WELCOME in raw(door.server.port, upgrade(door, token=token))

    @pytest.mark.parametrize("control", CONTROLS, ids=hex)
    def test_learn_nothing_from_a_header_hidden_behind_a_control(self, door: House, token: str, control: int) -> None:
        """Some parsers take these bytes for the end of a line (CVE-2019-16276 and its kin)."""
        hidden = b"X-Harmless: a" + bytes([control]) + b"Authorization: Bearer " + token.encode()
        also = b"X-Harmless: a" + bytes([control]) + b"\r\n Authorization: Bearer " + token.encode()

        for extra in (hidden, also):
            assert WELCOME not in raw(door.server.port, upgrade(door, extra))

    @pytest.mark.parametrize("control", CONTROLS, ids=hex)
    def test_take_no_origin_with_a_control_in_it(self, door: House, token: str, control: int) -> None:
        cookie, ours = b"Cookie: __Host-maatje-who=1; __Host-maatje=" + token.encode(), f"http://{authority(door)}".encode()
        stain = bytes([control])

        for origin in (ours + stain, stain + ours, b"http:" + stain + ours[5:], ours + stain + b"http://evil.example"):
            assert WELCOME not in raw(door.server.port, upgrade(door, cookie, b"Origin: " + origin)), origin

    @pytest.mark.parametrize("host", [None, *STRANGE_HOSTS[:1], *STRANGE_HOSTS[2:]])
    def test_are_refused_at_a_strange_host(self, door: House, token: str, host: str | None) -> None:
        assert status_of(raw(door.server.port, upgrade(door, token=token, host=host))) in {400, 403}

    @pytest.mark.parametrize("second", ["evil.example", "127.0.0.1"])
    def test_are_refused_with_two_hosts(self, door: House, token: str, second: str) -> None:
        assert status_of(raw(door.server.port, upgrade(door, b"Host: " + second.encode(), token=token))) in {400, 403}

    @pytest.mark.parametrize(
        "origin", ["null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1", "file://", "", "http://[", "*"]
    )
    def test_are_refused_from_a_page_that_is_not_ours(self, door: House, token: str, origin: str) -> None:
        for cookie in (b"Cookie: __Host-maatje-who=1; __Host-maatje=" + token.encode(), b"Authorization: Bearer " + token.encode()):
            if origin or cookie.startswith(b"Cookie"):
                answer = raw(door.server.port, upgrade(door, cookie, b"Origin: " + origin.encode()))
                assert b'{"type":"bye","code":4501}' in answer or status_of(answer) == 400, (cookie[:6], answer)

    def test_are_refused_with_a_cookie_and_no_origin(self, door: House, token: str) -> None:
        answer = raw(door.server.port, upgrade(door, b"Cookie: __Host-maatje-who=1; __Host-maatje=" + token.encode()))

        assert b'{"type":"bye","code":4501}' in answer

    def test_are_refused_with_two_origins(self, door: House, token: str) -> None:
        ours, theirs = f"Origin: http://{authority(door)}".encode(), b"Origin: http://evil.example"

        for origins in ([ours, theirs], [theirs, ours]):
            assert WELCOME not in raw(
                door.server.port, upgrade(door, *origins, b"Cookie: __Host-maatje-who=1; __Host-maatje=" + token.encode())
            )

    def test_take_a_cookie_from_our_own_page(self, door: House, token: str) -> None:
        ours = f"Origin: http://{authority(door)}".encode()

        assert WELCOME in raw(door.server.port, upgrade(door, ours, b"Cookie: __Host-maatje-who=1; __Host-maatje=" + token.encode()))

    @pytest.mark.parametrize("path", STRANGE_PATHS)
    def test_are_refused_anywhere_else(self, door: House, token: str, path: str) -> None:
        assert status_of(raw(door.server.port, upgrade(door, token=token, path=path))) in {400, 403, 404}

    @pytest.mark.parametrize("name", ["token", "access_token", "authorization", "key", "__Host-maatje"])
    def test_take_no_token_from_the_address_and_do_not_write_it_down(self, door: House, token: str, name: str) -> None:
        for path in (f"/api/v1/socket?{name}={token}", f"/api/v1/socket?{name}=Bearer%20{token}"):
            assert b'{"type":"bye","code":4500}' in raw(door.server.port, upgrade(door, path=path))
        assert ask(door.server.port, "GET", f"me?{name}={token}").status == 401
        assert ask(door.server.port, "POST", f"poll?{name}={token}", {}).status == 401
        assert ask(door.server.port, "GET", f"nowhere/{token}?{name}={token}").status == 404
        assert token not in door.logs()

    @pytest.mark.parametrize("extra", [[b"X: " + b"a" * 20_000], [b"X-%d: a" % n for n in range(2_000)]], ids=["20 kB", "2,000"])
    def test_are_refused_with_more_headers_than_anybody_sends(self, door: House, token: str, extra: list[bytes]) -> None:
        started = time.monotonic()

        answer = raw(door.server.port, upgrade(door, *extra, token=token))

        assert WELCOME not in answer
        assert time.monotonic() - started < 4, "neither answered nor hung up"


class TestRequests:
    @pytest.mark.parametrize("name", TWO_LENGTHS)
    def test_of_two_lengths_are_refused_and_carry_no_second_one(self, door: House, name: str) -> None:
        answer = raw(door.server.port, request(door, *TWO_LENGTHS[name], body=INSIDE))

        assert status_of(answer) in {400, 501}, answer[:200]
        assert answer.count(b"HTTP/1.1 ") == 1
        assert b"not_found" not in answer

    @pytest.mark.parametrize(
        "chunk", [b"zz\r\n\r\n", b"-1\r\na\r\n0\r\n\r\n", b"0x1\r\na\r\n0\r\n\r\n", b"1\na\n0\n\n", b"f" * 40 + b"\r\n"]
    )
    def test_of_broken_chunks_are_refused(self, door: House, chunk: bytes) -> None:
        answer = raw(door.server.port, request(door, b"Transfer-Encoding: chunked", body=chunk), seconds=3)

        assert status_of(answer) in {400, None}, answer[:200]

    @pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/poll", "/", "/admin/", "/healthz"])
    @pytest.mark.parametrize("host", STRANGE_HOSTS)
    def test_are_refused_at_a_strange_host(self, door: House, token: str, path: str, host: str) -> None:
        method, body = ("POST", b"{}") if path.endswith("poll") else ("GET", b"")
        extra = [b"Authorization: Bearer " + token.encode(), b"Content-Length: %d" % len(body)]

        answer = raw(door.server.port, request(door, *extra, method=method, path=path, host=host, body=body))

        assert status_of(answer) == 400, answer[:200]

    @pytest.mark.parametrize(
        "path", ["//api/v1/me", "/api/v1/me/", "/api/v1/x/%2e%2e/me", "/api/v1/../admin/", "/api/v1/me%0a", "/api/v1/me%00", "/api/v1/%ff"]
    )
    def test_for_a_crooked_address_find_nothing(self, door: House, token: str, path: str) -> None:
        answer = raw(door.server.port, request(door, b"Authorization: Bearer " + token.encode(), method="GET", path=path))

        assert status_of(answer) == 404, answer[:200]
        assert b'"role"' not in answer

    @pytest.mark.parametrize(
        "junk",
        [
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"\x00" * 500,
            b"GET " + b"/" * 90_000,
        ],
    )
    def test_that_are_none_get_nothing(self, door: House, junk: bytes) -> None:
        assert status_of(raw(door.server.port, junk, seconds=2)) in {400, 404, 505, None}

    def test_by_a_cookie_change_nothing_from_another_page(self, door: House, token: str) -> None:
        cookie = {"Cookie": f"__Host-maatje={token}; __Host-maatje-who=1"}
        ours = {"Origin": door.server.url}
        changing = [
            ("PATCH", "me", {"name": "Mallory"}),
            ("POST", "poll", {}),
            ("POST", "sign-out-everywhere", None),
            ("POST", "sign-out", None),
            ("PATCH", "notices", {"messages": False}),
            ("POST", "notices/addresses", {"kind": "fcm_token", "value": "of somebody else's phone"}),
            ("POST", "calendar", {}),
            ("DELETE", "calendar", None),
            ("POST", "away", {"first_date": "2030-01-01", "last_date": "2030-01-02"}),
        ]

        for method, path, body in changing:
            for origin in (
                {},
                {"Origin": "null"},
                {"Origin": "http://evil.example"},
                {"Referer": door.server.url},
                {"Origin": "http://127.0.0.1"},
            ):
                answer = ask(door.server.port, method, path, body, cookie | origin)
                assert (answer.status, answer.code) == (403, "origin_refused"), (path, origin)
        assert ask(door.server.port, "PATCH", "me", {"language": "tr"}, cookie | ours).status == 200
        assert ask(door.server.port, "GET", "me", headers=cookie).json["name"] != "Mallory"

    def test_that_never_end_stop_nobody_else(self, door: House, token: str) -> None:
        """Slowloris: 50 half requests, each a byte further now and then."""
        with ExitStack() as open_ones:
            half = [open_ones.enter_context(socket.create_connection(("127.0.0.1", door.server.port))) for _ in range(50)]
            for number, one in enumerate(half):
                one.sendall((request(door, method="GET") if number % 2 else upgrade(door, token=token))[: 40 + number])
            slowest = 0.0
            with line(door.server.port, {"Authorization": f"Bearer {token}"}) as opened:
                for _ in range(20):
                    for one in half:
                        with suppress(OSError):  # the server may have had enough of it
                            one.sendall(b"a")
                    started = time.monotonic()
                    assert opened.ask("ping")["type"] == "pong"
                    assert ask(door.server.port, "GET", "me", headers={"Authorization": f"Bearer {token}"}).status == 200
                    slowest = max(slowest, time.monotonic() - started)

        assert slowest < 1.5
