"""What a push holds, and who may know of it."""

import asyncio
import json
import logging

import pytest
from django.core.exceptions import ImproperlyConfigured

from core import clock
from notifications.channels.webpush import WebPush
from notifications.sending import Fate, Sent
from privacy.push_keys import push_key
from tests.doubles.http_server import Answer
from tests.doubles.push_service import DROPPED, TAKEN, FakePushService
from tests.notifications.channels.webpush.letters import SUBJECT, TEXT, busy, fate_of, letter


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
