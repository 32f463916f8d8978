"""What becomes of a push: every answer of a push service, and every way not to answer."""

import asyncio
import json
import socket
import ssl
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from uuid import uuid4

from core import clock
from notifications.channels.webpush import WebPush
from notifications.sending import Failed, Fate, Gone, Retry, Sent
from privacy.push_keys import push_key
from tests.doubles import http_tls
from tests.doubles.http_server import Answer
from tests.doubles.push_service import DROPPED, SLOW, TAKEN, FakePushService
from tests.notifications.channels.webpush.letters import SUBJECT, busy, fate_of, fate_with, letter

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
