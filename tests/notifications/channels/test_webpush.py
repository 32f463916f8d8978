import asyncio
import json
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from django.core.exceptions import ImproperlyConfigured

from core import clock
from notifications.channels.webpush import WebPush
from notifications.endpoints import is_public
from notifications.sending import Failed, Fate, Gone, Letter, Retry, Sent
from privacy.push_keys import PushKey, push_key
from tests.doubles import http_tls
from tests.doubles.http_server import Answer, HttpServer, Request
from tests.doubles.push_service import DROPPED, SLOW, TAKEN, FakePushService, Phone

TEXT = "Je hebt een bericht."
SUBJECT = "https://maatje.example"


def letter(phone: Phone, **others: Any) -> Letter:
    return replace(Letter(uuid4(), "webpush", phone.address, TEXT, "nl", topic="c-7", ttl=3600), **others)


def busy(status: int, after: str = "") -> Answer:
    return Answer(status, b"no", {"Retry-After": after} if after else {})


@pytest.fixture
def push() -> Iterator[FakePushService]:
    with FakePushService() as service:
        yield service


@pytest_asyncio.fixture
async def channel(push: FakePushService) -> AsyncIterator[WebPush]:
    channel = WebPush(push_key(), subject=SUBJECT, **push.reach)
    yield channel
    await channel.close()


async def fate_of(channel: WebPush, one: Letter) -> Fate:
    [fate] = await channel.send([one])
    return fate


async def fate_with(push: FakePushService, phone: Phone, *, key: PushKey | None = None, **others: Any) -> Fate:
    """The fate of a letter through a channel that differs from the usual one."""
    channel = WebPush(key or push_key(), subject=SUBJECT, **push.reach | others)
    try:
        return await fate_of(channel, letter(phone))
    finally:
        await channel.close()


class TestWhatIsSent:
    async def test_is_read_by_the_browser_alone(self, push: FakePushService, channel: WebPush) -> None:
        phone = push.subscribe(push_key().public)
        one = letter(phone)

        assert await fate_of(channel, one) == Sent()

        [came] = phone.letters
        assert came.data == {"n": str(one.id), "t": TEXT, "k": "c-7"}
        assert TEXT.encode() not in push.asked[0].body

    async def test_says_how_long_how_urgent_and_what_it_replaces(self, push: FakePushService, channel: WebPush) -> None:
        phone = push.subscribe()

        await channel.send([letter(phone), letter(phone, is_urgent=False, topic="", ttl=90 * 86_400), letter(phone, ttl=-1)])

        headers = [came.headers for came in phone.letters]
        assert sorted((found["ttl"], found["urgency"], found.get("topic")) for found in headers) == [
            ("0", "high", "c-7"),
            ("2419200", "normal", None),
            ("3600", "high", "c-7"),
        ]

    async def test_is_signed_for_that_push_service_and_a_day_at_most(self, push: FakePushService, channel: WebPush) -> None:
        phone = push.subscribe(push_key().public)

        await channel.send([letter(phone)])

        [came] = phone.letters
        assert came.claims["aud"] == push.origin
        assert came.claims["sub"] == SUBJECT
        assert 0 < came.claims["exp"] - clock.now().timestamp() <= 86_400

    async def test_is_as_long_as_every_other_letter(self, push: FakePushService, channel: WebPush) -> None:
        phone = push.subscribe()
        texts = ["", "x", TEXT, "Vergadering morgen om 14:00? 😀" * 5, "لديك رسالة. " * 15]

        await channel.send([letter(phone, text=text, topic="t" * place) for place, text in enumerate(texts)])

        assert {came.data["t"] for came in phone.letters} == set(texts)
        assert len({came.size for came in phone.letters}) == 1
        assert len({request.headers["content-length"] for request in push.asked}) == 1

    async def test_says_nothing_but_the_letter_on_the_wire(self, push: FakePushService, channel: WebPush) -> None:
        phone = push.subscribe()
        one = letter(phone)

        await channel.send([one])

        [asked], [came] = push.asked, phone.letters
        assert set(asked.headers) == {
            *("host", "accept", "accept-encoding", "authorization", "content-encoding", "content-length", "content-type"),
            *("topic", "ttl", "urgency", "user-agent"),
        }
        assert set(came.claims) == {"aud", "exp", "sub"}
        assert came.plain.strip() == json.dumps({"n": str(one.id), "t": TEXT, "k": "c-7"}, separators=(",", ":")).encode()

    async def test_goes_through_one_connection_when_there_are_many(self, push: FakePushService, channel: WebPush) -> None:
        phones = [push.subscribe() for _ in range(60)]

        fates = [fate for _ in range(2) for fate in await channel.send([letter(phone) for phone in phones])]

        assert fates == [Sent()] * 120
        assert all(len(phone.letters) == 2 for phone in phones)
        assert len(push._server.connections) <= 50


ANSWERS: list[tuple[Answer, Fate]] = [
    (TAKEN, Sent()),
    (Answer(200, b""), Sent()),
    (Answer(202, b"soon"), Sent()),
    (Answer(204, b""), Sent()),
    (Answer(404), Gone("http_404")),
    (Answer(410), Gone("http_410")),
    (Answer(400, b"VapidPkHashMismatch"), Failed("http_400", alarms=True)),
    (Answer(401), Retry("http_401", alarms=True)),
    (Answer(403), Retry("http_403", alarms=True)),
    (Answer(405), Failed("http_405", alarms=True)),
    (Answer(413), Failed("http_413", alarms=True)),
    (Answer(418), Failed("http_418", alarms=True)),
    (busy(406), Retry("http_406")),
    (busy(408), Retry("http_408")),
    (busy(425, "1"), Retry("http_425", 1.0)),
    (busy(429), Retry("http_429")),
    (busy(429, "9"), Retry("http_429", 9.0)),
    (busy(429, "99999999999999"), Retry("http_429", 86_400.0)),
    (busy(429, "Wed, 21 Oct 2015 07:28:00 GMT"), Retry("http_429", 0.0)),
    (busy(429, "-1"), Retry("http_429")),
    (busy(500), Retry("http_500")),
    (busy(502), Retry("http_502")),
    (busy(503, "120"), Retry("http_503", 120.0)),
    (busy(504), Retry("http_504")),
    (Answer(599), Retry("http_599")),
    (Answer(304, b""), Failed("http_304", alarms=True)),
]


class TestWhatBecomesOfIt:
    async def test_follows_from_each_answer(self, push: FakePushService) -> None:
        fates = []
        for answer, _ in ANSWERS:
            phone = push.subscribe()
            phone.will(answer)
            fates.append(await fate_with(push, phone))

        assert fates == [fate for _, fate in ANSWERS]

    async def test_calls_nobody_where_the_same_service_takes_the_letters_of_others(self, push: FakePushService, channel: WebPush) -> None:
        phones = [push.subscribe() for _ in ANSWERS]
        for phone, (answer, _) in zip(phones, ANSWERS, strict=True):
            phone.will(answer)

        fates = await channel.send([letter(phone) for phone in phones])

        assert fates == [fate if isinstance(fate, Sent) else replace(fate, alarms=False) for _, fate in ANSWERS]

    async def test_waits_until_the_date_that_is_given(self, push: FakePushService, channel: WebPush) -> None:
        phone = push.subscribe()
        phone.will(busy(503, format_datetime(clock.now() + timedelta(minutes=10), usegmt=True)))

        fate = await fate_of(channel, letter(phone))

        assert isinstance(fate, Retry)
        assert 500 < (fate.after or 0) <= 600

    async def test_that_was_said_before_the_connection_broke_counts(self, push: FakePushService, channel: WebPush) -> None:
        phone = push.subscribe()
        phone.will(DROPPED)

        assert await fate_of(channel, letter(phone)) == Sent()

    async def test_is_a_retry_when_nothing_is_said(self) -> None:
        with FakePushService() as push:
            phone = push.subscribe()
            phone.will(SLOW)

            assert await fate_with(push, phone, within=0.3) == Retry("timeout")
        await asyncio.sleep(0.01)  # the loop hears that the server has ended, and lets go of the connection

    async def test_is_a_retry_when_nobody_listens(self, push: FakePushService) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port: int = taken.getsockname()[1]

            async def lookup(host: str, _: int) -> list[tuple[str, int]]:
                return [("127.0.0.1", port)]

            assert await fate_with(push, push.subscribe(), lookup=lookup) == Retry("unreachable")

    async def test_is_a_retry_when_the_name_is_not_known(self, push: FakePushService) -> None:
        async def lookup(host: str, port: int) -> list[tuple[str, int]]:
            raise socket.gaierror(socket.EAI_NONAME, "not known")

        assert await fate_with(push, push.subscribe(), lookup=lookup) == Retry("unreachable")

    async def test_is_a_retry_when_another_certificate_is_shown(self, push: FakePushService) -> None:
        _, stranger = http_tls.pair("other.example.org")

        assert await fate_with(push, push.subscribe(), tls=stranger) == Retry("unreachable")
        assert await fate_with(push, push.subscribe(), tls=None) == Retry("unreachable")
        assert push.asked == []

    async def test_keeps_the_address_of_who_subscribed_with_another_key(self, push: FakePushService, channel: WebPush) -> None:
        phone = push.subscribe("another key")

        assert await fate_of(channel, letter(phone)) == Retry("http_403", alarms=True)
        assert push.refused == {"another key": 1}

    async def test_of_a_name_that_cannot_even_be_asked_for_is_gone_and_calls_nobody(self, push: FakePushService) -> None:
        async def lookup(host: str, _: int) -> list[tuple[str, int]]:
            return [(str(("a" * 64 + "." + host).encode("idna")), push.port)]

        assert await fate_with(push, push.subscribe(), lookup=lookup) == Gone("bad_endpoint")

    async def test_of_who_subscribed_with_another_key_is_gone_when_others_were_taken_meanwhile(
        self, push: FakePushService, channel: WebPush
    ) -> None:
        stray, well = push.subscribe("another key"), push.subscribe()

        fates = [(await channel.send([letter(well), letter(stray)]))[1] for _ in range(3)]

        assert fates == [Retry("http_403"), Retry("http_403"), Gone("vapid_mismatch")]
        assert await fate_of(channel, letter(well)) == Sent()

    async def test_of_nobody_is_gone_on_the_day_when_nothing_is_taken(self, push: FakePushService, channel: WebPush) -> None:
        phones = [push.subscribe() for _ in range(5)]
        assert await channel.send([letter(phone) for phone in phones]) == [Sent()] * 5
        for phone in phones:
            phone.will(Answer(403))

        for _ in range(5):
            for phone in phones:
                assert isinstance(await fate_of(channel, letter(phone)), Retry)

    async def test_of_one_person_alone_lets_nobody_wait(self, push: FakePushService, channel: WebPush) -> None:
        person = uuid4()
        for _ in range(10):
            stray = push.subscribe("another key")
            assert await fate_of(channel, letter(stray, whose=person)) == Retry("http_403", alarms=True)

        assert await fate_of(channel, letter(push.subscribe(), whose=uuid4())) == Sent()

    async def test_of_several_people_lets_that_service_rest_and_no_other(self, push: FakePushService) -> None:
        with FakePushService("push.example.net") as other:
            ports = {push.host: push.port, other.host: other.port}

            async def lookup(host: str, _: int) -> list[tuple[str, int]]:
                return [("127.0.0.1", ports[host])]

            push.tls.load_verify_locations(cadata="".join(map(ssl.DER_cert_to_PEM_cert, other.tls.get_ca_certs(binary_form=True))))
            channel = WebPush(push_key(), subject=SUBJECT, hosts=tuple(ports), lookup=lookup, may_reach=lambda _: True, tls=push.tls)
            strays = [push.subscribe("another key") for _ in range(3)]
            await channel.send([letter(stray, whose=uuid4()) for stray in strays])

            late, well = await channel.send([letter(push.subscribe()), letter(other.subscribe())])

            await channel.close()
        assert isinstance(late, Retry) and late.alarms and (late.after or 0) > 50
        assert well == Sent()
        assert len(push.asked) == 3

    async def test_of_an_address_that_is_none_stops_nobody(self, push: FakePushService, channel: WebPush) -> None:
        phone = push.subscribe()
        bad = ["", "null", json.dumps(phone.given | {"p256dh": "AAAA"}), json.dumps(phone.given | {"endpoint": "https://127.0.0.1/"})]

        fates = await channel.send([replace(letter(phone), address=address) for address in bad] + [letter(phone)])

        assert [type(fate) for fate in fates] == [Failed] * 4 + [Sent]
        assert len(push.asked) == 1

    async def test_of_what_cannot_be_written_stops_nobody(self, push: FakePushService, channel: WebPush) -> None:
        phone = push.subscribe()

        fates = await channel.send([letter(phone, text="\ud800"), letter(phone, topic="a\r\nHost: evil.example"), letter(phone)])

        assert fates == [Retry("unforeseen", alarms=True), Retry("unforeseen", alarms=True), Sent()]
        assert len(push.asked) == 1


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


class TestTheChannel:
    @pytest.mark.parametrize("subject", ["", "maatje.example", "http://maatje.example", "mailto:", "Buddies"])
    def test_needs_somebody_to_write_to(self, subject: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="MAATJE_PUBLIC_URL"):
            WebPush(push_key(), subject=subject)

    def test_lives_on_in_another_loop(self, push: FakePushService) -> None:
        channel = WebPush(push_key(), subject="mailto:help@maatje.example", **push.reach)
        phone = push.subscribe()
        phone.will(Answer(201, b"", {"Connection": "close"}))

        async def once() -> Fate:
            fate = await fate_of(channel, letter(phone))
            await channel.close()
            return fate

        assert [asyncio.run(once()) for _ in range(2)] == [Sent(), Sent()]

    async def test_no_log_tells_whom_or_what(self, push: FakePushService, channel: WebPush, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        phones = [push.subscribe() for _ in range(6)]
        for phone, answer in zip(
            phones, [TAKEN, Answer(410), DROPPED, busy(503), Answer(302, b"", {"Location": "/"}), Answer(400)], strict=True
        ):
            phone.will(answer)

        await channel.send([letter(phone) for phone in phones] + [letter(phones[0], text=f"\ud800{TEXT}")])

        for phone in phones:
            assert phone.endpoint.rpartition("/")[2] not in caplog.text
            assert phone.given["auth"] not in caplog.text
        assert TEXT not in caplog.text
        assert push.host not in caplog.text
