"""To the push service of an address, and nowhere else."""

import pytest

from notifications.channels.webpush import WebPush
from notifications.endpoints import is_public
from notifications.sending import Failed, Retry, Sent
from tests.doubles.http_server import Answer, HttpServer, Request
from tests.doubles.push_service import FakePushService
from tests.notifications.channels.webpush.letters import fate_of, fate_with, letter


class Inside(HttpServer):
    """What must never be asked anything."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def answer(self, request: Request) -> Answer:
        self.asked += 1
        return Answer(200, b"secret")


class TestWhereItGoes:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_no_redirect_is_followed(self, push: FakePushService, channel: WebPush, status: int) -> None:
        with Inside() as inside:
            phone, other = push.subscribe(), push.subscribe()
            for target in (f"http://127.0.0.1:{inside.port}/", other.endpoint, "//127.0.0.1/", "/wpush"):
                phone.will(Answer(status, b"", {"Location": target}))

                assert await fate_of(channel, letter(phone)) == Failed(f"http_{status}", alarms=True)

        assert inside.asked == 0
        assert other.letters == []

    @pytest.mark.parametrize(
        "address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00::1", "64:ff9b::7f00:1"]
    )
    async def test_no_name_leads_inside(self, push: FakePushService, address: str) -> None:
        async def lookup(host: str, _: int) -> list[tuple[str, int]]:
            return [(address, push.port)]

        fate = await fate_with(push, push.subscribe(), lookup=lookup, may_reach=is_public)

        assert fate == Failed("endpoint_refused", alarms=True)
        assert push.asked == []

    async def test_what_was_checked_is_what_is_connected_to_however_the_name_server_answers_next(self, push: FakePushService) -> None:
        answers = iter([[("::1", push.port)], [("127.0.0.1", push.port)], [("127.0.0.1", push.port)]])
        checked = []

        async def lookup(host: str, _: int) -> list[tuple[str, int]]:
            return next(answers)

        def may_reach(address: str) -> bool:
            checked.append(address)
            return address == "::1"  # where nobody listens; the rebound answer would find our service

        fate = await fate_with(push, push.subscribe(), lookup=lookup, may_reach=may_reach)

        assert fate == Retry("unreachable")
        assert checked == ["::1"]
        assert push.asked == []

    async def test_a_host_that_the_operator_took_off_the_list_gets_nothing(self, push: FakePushService) -> None:
        assert await fate_with(push, push.subscribe(), hosts=()) == Failed("endpoint_refused", alarms=True)
        assert push.asked == []

    async def test_no_proxy_of_the_environment_stands_between(self, push: FakePushService, monkeypatch: pytest.MonkeyPatch) -> None:
        with Inside() as inside:
            for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{inside.port}")

            assert await fate_with(push, push.subscribe()) == Sent()
        assert inside.asked == 0

    async def test_the_path_is_asked_for_as_it_was_given(self, push: FakePushService, channel: WebPush) -> None:
        phone = push.subscribe()
        path = "/a/../%2e%2e/%7Ex?up=1&t=%2b+/"
        phone.endpoint = push.origin + path
        push.phones[path] = phone

        assert await fate_of(channel, letter(phone)) == Sent()
