import asyncio
import importlib
import inspect
import json
import logging
import socket
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import certifi
import pytest
import pytest_asyncio
from django.core.exceptions import ImproperlyConfigured

from core import clock
from notifications.channels import fcm as module
from notifications.channels.fcm import FATES, Fcm
from notifications.sending import Channel, Failed, Fate, Gone, Letter, Retry, Sent
from tests.doubles.fcm import DROPPED, PROJECT, SENT, SLOW, UNREGISTERED, FakeFcm, fcm_error, google_error
from tests.doubles.http_server import Answer

TEXT = "Je hebt een bericht."


ANSWERS: list[tuple[Answer, Fate]] = [
    (UNREGISTERED, Gone("unregistered")),
    (fcm_error("SENDER_ID_MISMATCH"), Gone("sender_id_mismatch", alarms=True)),
    (fcm_error("QUOTA_EXCEEDED"), Retry("quota_exceeded")),
    (fcm_error("QUOTA_EXCEEDED", retry_after="42"), Retry("quota_exceeded", 42.0)),
    (fcm_error("UNAVAILABLE"), Retry("unavailable")),
    (fcm_error("UNAVAILABLE", retry_after="7"), Retry("unavailable", 7.0)),
    (fcm_error("UNAVAILABLE", retry_after="9999999"), Retry("unavailable", 86_400.0)),
    (fcm_error("UNAVAILABLE", retry_after="soon"), Retry("unavailable")),
    (fcm_error("INTERNAL"), Retry("internal")),
    (fcm_error("THIRD_PARTY_AUTH_ERROR"), Retry("third_party_auth_error", alarms=True)),
    (google_error(401, "UNAUTHENTICATED"), Retry("unauthenticated", alarms=True)),
    (google_error(403, "PERMISSION_DENIED"), Retry("permission_denied", alarms=True)),
    (google_error(429, "RESOURCE_EXHAUSTED", retry_after="3"), Retry("resource_exhausted", 3.0)),
    (fcm_error("INVALID_ARGUMENT"), Failed("invalid_argument", alarms=True)),
    (fcm_error("INVALID_ARGUMENT", blames="message.android.ttl"), Failed("invalid_argument", alarms=True)),
    (fcm_error("INVALID_ARGUMENT", blames="message.token"), Gone("invalid_address")),
    (fcm_error("INVALID_ARGUMENT", words="The registration token is not a valid FCM registration token"), Gone("invalid_address")),
    (
        fcm_error("INVALID_ARGUMENT", words="The registration token is not a valid FCM registration token", blames="message.data"),
        Failed("invalid_argument", alarms=True),
    ),
    (google_error(404, "NOT_FOUND"), Retry("unknown")),
    (google_error(418, "TEAPOT"), Retry("unknown")),
    (Answer(502, b"<html>Bad gateway</html>"), Retry("unknown")),
    (Answer(200, b"not JSON"), Retry("unknown")),
    (Answer(200, b"[]"), Retry("unknown")),
    (Answer(200, b"{}", {"x": "no name"}), Retry("unknown")),
    (Answer(302, b"", {"Location": "http://127.0.0.1:1/"}), Retry("unknown")),
    (DROPPED, Retry("unknown")),
]


def letter(address: str = "phone", kind: str = "fcm_token", **others: Any) -> Letter:
    return replace(Letter(uuid4(), kind, address, TEXT, "nl", topic="c-7", ttl=3600), **others)


@pytest.fixture(autouse=True)
def one_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each client of the SDK reads all certificates of the world three times; here is no TLS."""
    end = "-----END CERTIFICATE-----\n"
    path = tmp_path / "certificate.pem"
    path.write_text(certifi.contents().partition(end)[0] + end)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with FakeFcm() as server:
        yield server


@pytest_asyncio.fixture
async def channel(fcm: FakeFcm, tmp_path: Path) -> AsyncIterator[Fcm]:
    channel = Fcm(fcm.credentials(tmp_path), url=fcm.url)
    yield channel
    await channel.close()


async def fate_of(channel: Channel, one: Letter) -> Fate:
    [fate] = await channel.send([one])
    return fate


class TestWhatIsSent:
    async def test_is_one_visible_notification_with_a_title_and_a_number(self, fcm: FakeFcm, channel: Fcm) -> None:
        one = letter()

        fate = await fate_of(channel, one)

        [came] = fcm.received
        expires = came.message["apns"]["headers"].pop("apns-expiration")
        assert fate == Sent(f"projects/{PROJECT}/messages/0")
        assert 3500 < int(expires) - clock.now().timestamp() <= 3600
        assert not came.body.get("validate_only")
        assert came.message == {
            "token": "phone",
            "data": {"n": str(one.id)},
            "notification": {"title": TEXT},
            "android": {
                "collapse_key": "c-7",
                "ttl": "3600s",
                "priority": "high",
                "notification": {"channel_id": "notices", "visibility": "PRIVATE", "tag": "c-7"},
            },
            "apns": {"headers": {"apns-priority": "10", "apns-collapse-id": "c-7"}, "payload": {"aps": {"sound": "default"}}},
        }

    async def test_goes_to_an_installation_by_its_id(self, fcm: FakeFcm, channel: Fcm) -> None:
        await channel.send([letter("installation", "fcm_fid")])

        assert [(came.kind, came.address) for came in fcm.received] == [("fcm_fid", "installation")]

    async def test_waits_for_a_better_moment_when_it_is_not_urgent(self, fcm: FakeFcm, channel: Fcm) -> None:
        await channel.send([letter(is_urgent=False)])

        [came] = fcm.received
        assert came.message["android"]["priority"] == "normal"
        assert came.message["apns"]["headers"]["apns-priority"] == "5"
        assert "sound" not in json.dumps(came.message)

    async def test_replaces_nothing_without_a_topic(self, fcm: FakeFcm, channel: Fcm) -> None:
        await channel.send([letter(topic="")])

        [came] = fcm.received
        assert "collapse" not in json.dumps(came.message)

    @pytest.mark.parametrize(("ttl", "asked"), [(-5, "0s"), (90 * 86_400, "2419200s")])
    async def test_lives_no_longer_than_google_lets_it(self, fcm: FakeFcm, channel: Fcm, ttl: int, asked: str) -> None:
        assert await fate_of(channel, letter(ttl=ttl)) == Sent(f"projects/{PROJECT}/messages/0")

        assert fcm.received[0].message["android"]["ttl"] == asked


class TestWhatBecomesOfIt:
    async def test_follows_from_each_answer_whatever_the_others_are(self, fcm: FakeFcm, channel: Fcm) -> None:
        for number, (answer, _) in enumerate(ANSWERS):
            fcm.will(str(number), answer)

        fates = await channel.send([letter(str(number)) for number in range(len(ANSWERS))])

        assert fates == [fate for _, fate in ANSWERS]

    async def test_waits_until_the_date_that_is_given(self, fcm: FakeFcm, channel: Fcm) -> None:
        date = format_datetime(clock.now() + timedelta(minutes=10), usegmt=True)
        fcm.will("phone", fcm_error("UNAVAILABLE", retry_after=date))

        fate = await fate_of(channel, letter())

        assert isinstance(fate, Retry)
        assert 500 < (fate.after or 0) <= 600

    async def test_is_asked_once_however_busy_the_other_side_is(self, fcm: FakeFcm, channel: Fcm) -> None:
        fcm.will("phone", fcm_error("UNAVAILABLE", retry_after="60"))

        await channel.send([letter()])

        assert len(fcm.received) == 1

    async def test_is_a_retry_when_nobody_listens(self, fcm: FakeFcm, tmp_path: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            channel = Fcm(fcm.credentials(tmp_path), url=f"http://127.0.0.1:{taken.getsockname()[1]}/{{0}}")

            assert await fate_of(channel, letter()) == Retry("unavailable")
        await channel.close()

    async def test_is_a_retry_when_no_answer_comes_in_time(self, fcm: FakeFcm, tmp_path: Path) -> None:
        channel = Fcm(fcm.credentials(tmp_path), url=fcm.url)
        assert isinstance(await fate_of(channel, letter()), Sent)  # the SDK is loaded
        channel._within = 1.0
        fcm.will("slow", SLOW)

        fates = await channel.send([letter("slow"), letter("quick")])

        assert fates[0] == Retry("timeout")
        assert isinstance(fates[1], Sent)
        await channel.close()

    async def test_of_an_address_that_cannot_be_written_down_is_a_failure_of_its_own(self, fcm: FakeFcm, channel: Fcm) -> None:
        fates = await channel.send([letter(""), letter("good")])

        assert fates[0] == Failed("invalid_argument", alarms=True)
        assert isinstance(fates[1], Sent)

    async def test_is_told_in_the_order_of_the_letters_however_many_break(self, fcm: FakeFcm, channel: Fcm) -> None:
        bad = {"p-1": UNREGISTERED, "p-3": DROPPED, "p-5": Answer(200, b"not JSON"), "p-7": fcm_error("INVALID_ARGUMENT")}
        for address, answer in bad.items():
            fcm.will(address, answer)

        fates = await channel.send([letter(f"p-{number}") for number in range(120)])

        assert {f"p-{number}" for number, fate in enumerate(fates) if not isinstance(fate, Sent)} == set(bad)
        assert len(fcm.delivered) == 116
        assert fcm.tokens_given == 1

    async def test_can_change(self, fcm: FakeFcm, channel: Fcm) -> None:
        fcm.will("phone", fcm_error("INTERNAL"), SENT)

        fates = [await fate_of(channel, letter()) for _ in range(2)]

        assert [type(fate) for fate in fates] == [Retry, Sent]


class TestPace:
    async def test_never_has_more_than_fifty_letters_on_the_way(self, fcm: FakeFcm, channel: Fcm) -> None:
        fcm.gate = threading.Event()
        sending = asyncio.create_task(channel.send([letter(f"p-{number}") for number in range(80)]))
        while fcm.most_at_once < 50:
            await asyncio.sleep(0.01)

        fcm.gate.set()
        fates = await sending

        assert fcm.most_at_once == 50
        assert all(isinstance(fate, Sent) for fate in fates)

    async def test_no_letters_need_no_server(self, channel: Fcm, fcm: FakeFcm) -> None:
        assert await channel.send([]) == []
        assert fcm.tokens_given == 0


class TestAccess:
    async def test_nothing_goes_and_an_operator_is_called_when_google_refuses_the_key(self, fcm: FakeFcm, channel: Fcm) -> None:
        fcm.token_answer = Answer(400, b'{"error": "invalid_grant"}', {"Content-Type": "application/json"})

        fates = await channel.send([letter(), letter()])

        assert fates == [Retry("no_access", alarms=True)] * 2
        assert fcm.received == []

    async def test_nobody_is_called_when_the_token_service_cannot_be_reached(self, fcm: FakeFcm, tmp_path: Path) -> None:
        path = fcm.credentials(tmp_path)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            account = json.loads(path.read_text()) | {"token_uri": f"http://127.0.0.1:{taken.getsockname()[1]}/token"}
            path.write_text(json.dumps(account))

            assert await fate_of(Fcm(path, url=fcm.url), letter()) == Retry("no_access")

    async def test_a_token_service_that_is_silent_holds_nobody_longer_than_the_others(self, tmp_path: Path) -> None:
        with FakeFcm() as fcm:
            fcm.token_answer = SLOW

            assert await fate_of(Fcm(fcm.credentials(tmp_path), url=fcm.url, within=0.3), letter()) == Retry("timeout")

    async def test_a_token_that_is_refused_is_fetched_anew(self, fcm: FakeFcm, channel: Fcm) -> None:
        await channel.send([letter()])
        fcm.bearer = "access-2"

        fates = [await fate_of(channel, letter()) for _ in range(2)]

        assert fates[0] == Retry("unauthenticated", alarms=True)
        assert isinstance(fates[1], Sent)

    def test_every_loop_has_a_line_of_its_own(self, fcm: FakeFcm, tmp_path: Path) -> None:
        channel = Fcm(fcm.credentials(tmp_path), url=fcm.url)
        fcm.will("phone", Answer(200, b'{"name": "n"}', {"Connection": "close"}))

        async def once() -> tuple[Fate, object]:
            return await fate_of(channel, letter()), channel._line

        found = [asyncio.run(once()) for _ in range(3)]

        assert [type(fate) for fate, _ in found] == [Sent, Sent, Sent]
        assert len({id(line) for _, line in found}) == 3


class TestAnOperator:
    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"type": "authorized_user", "project_id": "x"}', '{"type": "service_account"}'])
    def test_is_told_at_the_start_of_a_file_that_is_no_service_account(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "other.json"
        path.write_text(content)

        with pytest.raises(ImproperlyConfigured, match="MAATJE_FCM_CREDENTIALS"):
            Fcm(path)

    def test_is_told_at_the_start_of_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ImproperlyConfigured, match="FileNotFoundError"):
            Fcm(tmp_path / "none.json")

    async def test_is_called_when_the_key_in_the_file_is_no_key(self, fcm: FakeFcm, tmp_path: Path) -> None:
        path = fcm.credentials(tmp_path)
        path.write_text(json.dumps(json.loads(path.read_text()) | {"private_key": "no key"}))

        assert await fate_of(Fcm(path, url=fcm.url), letter()) == Retry("no_access", alarms=True)

    def test_is_told_what_to_install(self, fcm: FakeFcm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "firebase_admin", None)
        monkeypatch.setattr(sys, "modules", {name: found for name, found in sys.modules.items() if name != module.__name__})

        again = importlib.import_module(module.__name__)  # without the extra

        with pytest.raises(ImproperlyConfigured, match=r"pip install -r requirements-fcm\.txt"):
            again.Fcm(fcm.credentials(tmp_path))


class TestSilence:
    async def test_no_log_tells_whom_or_what(self, fcm: FakeFcm, channel: Fcm, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        answers: Sequence[Answer] = [SENT, UNREGISTERED, DROPPED, Answer(200, b"no"), fcm_error("INVALID_ARGUMENT"), SLOW]
        await channel.send([letter("secret-phone")])
        channel._within = 0.4
        for number, answer in enumerate(answers):
            fcm.will(f"secret-phone-{number}", answer)

        await channel.send([letter(f"secret-phone-{number}") for number in range(len(answers))] + [letter("secret-phone-\ud800")])

        assert "secret-phone" not in caplog.text
        assert TEXT not in caplog.text
        assert fcm.bearer not in caplog.text
        assert "PRIVATE KEY" not in caplog.text

    async def test_the_log_has_no_line_for_each_letter(self, channel: Fcm, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)

        await channel.send([letter()])

        assert PROJECT not in caplog.text


class TestTheSdk:
    """What we rely on beyond its documentation; when one of these fails, an upgrade has moved something."""

    def test_has_the_names_that_we_use(self) -> None:
        from firebase_admin import _retry, exceptions, messaging

        known = set(dir(exceptions)) | set(dir(messaging))
        assert set(FATES) <= known
        assert messaging._MessagingService.FCM_URL == "https://fcm.googleapis.com/v1/projects/{0}/messages:send"
        assert "max_retries" in inspect.signature(_retry.HttpxRetry).parameters
        assert {"fid", "token"} <= set(inspect.signature(messaging.Message).parameters)

    def test_keeps_the_address_and_the_clients_where_we_set_them(self, fcm: FakeFcm, tmp_path: Path) -> None:
        service = module._open(json.loads(fcm.credentials(tmp_path).read_text()), "")

        assert service._fcm_url == f"https://fcm.googleapis.com/v1/projects/{PROJECT}/messages:send"
        assert service._async_client.timeout == module.HTTP_TIMEOUT
        assert service._client.timeout == module.HTTP_TIMEOUT
        assert {transport._retry.retries_left for transport in service._async_client._mounts.values()} == {0}
