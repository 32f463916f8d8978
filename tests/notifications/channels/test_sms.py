"""SMS through a gateway: what each answer means, and that it is asked in the operator's way."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from core import clock
from notifications.channels.retry_after import LONGEST, seconds_of
from notifications.channels.sms_http import SmsGateway, SmsSettings
from notifications.sending import Failed, Fate, Gone, Letter, Retry, Sent
from tests.doubles import sms_gateway
from tests.doubles.certificates import Certificate
from tests.doubles.sms_gateway import Answer

NUMBER = "+32470000001"
OTHER = "+32470000002"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def letter(address: str = NUMBER, text: str = "Je hebt een bericht.", id: UUID | None = None) -> Letter:
    return Letter(id or uuid4(), "sms", address, text, "nl", "topic", 3600)


@pytest.fixture
def gateway() -> Iterator[sms_gateway.SmsGateway]:
    with sms_gateway.SmsGateway() as server:
        yield server


@pytest.fixture
async def channel(gateway: sms_gateway.SmsGateway) -> AsyncIterator[SmsGateway]:
    channel = SmsGateway(SmsSettings(gateway.url))
    yield channel
    await channel.close()


class TestSending:
    async def test_asks_in_json_and_keeps_the_gateways_own_number(self, gateway: sms_gateway.SmsGateway, channel: SmsGateway) -> None:
        note = letter()

        assert await channel.send([note]) == [Sent("sms-1")]

        (asked,) = gateway.asked
        assert asked.values == {"to": NUMBER, "text": "Je hebt een bericht.", "id": str(note.id)}
        assert asked.headers["idempotency-key"] == str(note.id)
        assert asked.path == "/messages"

    async def test_names_a_retried_letter_as_before_so_that_it_is_taken_once(
        self, gateway: sms_gateway.SmsGateway, channel: SmsGateway
    ) -> None:
        note = letter()
        gateway.answers[NUMBER] = [Answer(drops=True)]

        assert await channel.send([note]) == [Retry("dropped")]
        assert await channel.send([note]) == [Sent("sms-1")]
        assert await channel.send([note]) == [Sent("sms-1")]

        assert {asked.headers["idempotency-key"] for asked in gateway.asked} == {str(note.id)} == set(gateway.taken)
        assert all(one.body == other.body for one, other in pairwise(gateway.asked))

    async def test_answers_in_the_order_of_the_letters_and_lets_none_stop_the_others(
        self, gateway: sms_gateway.SmsGateway, channel: SmsGateway
    ) -> None:
        numbers = [f"+3247000000{n}" for n in range(6)]
        gateway.answers[numbers[1]] = [Answer(422)]
        gateway.answers[numbers[2]] = [Answer(500)]
        gateway.answers[numbers[3]] = [Answer(drops=True)]
        gateway.answers[numbers[4]] = [Answer(400)]

        fates = await channel.send([letter(number) for number in numbers])

        kinds: list[type[Fate]] = [Sent, Gone, Retry, Retry, Failed, Sent]
        assert [type(fate) for fate in fates] == kinds

    async def test_asks_in_the_operators_way(self, gateway: sms_gateway.SmsGateway) -> None:
        form = SmsSettings(gateway.url, headers={"Authorization": "Basic YTpi"}, body="recipient={digits}&to={to}&body={text}&from=Hulp")
        channel = SmsGateway(form)

        await channel.send([letter(text="a&to=+32 {to} é")])
        await channel.close()

        (asked,) = gateway.asked
        assert asked.values == {"recipient": NUMBER[1:], "to": NUMBER, "body": "a&to=+32 {to} é", "from": "Hulp"}
        assert asked.headers["authorization"] == "Basic YTpi"
        assert asked.headers["content-type"] == "application/x-www-form-urlencoded"

    async def test_keeps_text_out_of_the_structure_whatever_it_holds(self, gateway: sms_gateway.SmsGateway) -> None:
        nested = SmsSettings(gateway.url, body='{"to": "{to}", "messages": [{"body": "{text}", "type": 1}], "flash": false}')
        channel = SmsGateway(nested)

        await channel.send([letter(text='","to":"+1\\ {id} رسالة')])
        await channel.close()

        assert gateway.asked[0].values == {
            "to": NUMBER,
            "messages": [{"body": '","to":"+1\\ {id} رسالة', "type": 1}],
            "flash": False,
        }

    async def test_fails_only_the_letter_whose_text_nobody_can_write(self, gateway: sms_gateway.SmsGateway) -> None:
        channel = SmsGateway(SmsSettings(gateway.url, body="to={to}&text={text}"))

        fates = await channel.send([letter(text="\ud800"), letter(OTHER)])
        await channel.close()

        assert fates == [Failed("unsendable"), Sent("sms-1")]


class TestAnswers:
    @pytest.mark.parametrize(
        ("answer", "fate"),
        [
            (Answer(202, body="queued"), Sent()),
            (Answer(200, body='{"id": 42}'), Sent("42")),
            (Answer(200, body='{"id": {"a": 1}}'), Sent()),
            (Answer(200, body="[" * 4000), Sent()),
            (Answer(404), Gone("http_404")),
            (Answer(410), Gone("http_410")),
            (Answer(422), Gone("http_422")),
            (Answer(400), Failed("http_400", alarms=True)),
            (Answer(405), Failed("http_405", alarms=True)),
            (Answer(401), Retry("http_401", alarms=True)),
            (Answer(402), Retry("http_402", alarms=True)),
            (Answer(403), Retry("http_403", alarms=True)),
            (Answer(408), Retry("http_408")),
            (Answer(429, headers={"Retry-After": "30"}), Retry("http_429", after=30)),
            (Answer(503, headers={"Retry-After": "Mon, 02 Mar 2026 12:01:30 GMT"}), Retry("http_503", after=90)),
            (Answer(503, headers={"Retry-After": "soon"}), Retry("http_503")),
            (Answer(500), Retry("http_500")),
            (Answer(302, headers={"Location": "/elsewhere"}), Retry("http_302", alarms=True)),
            (Answer(drops=True), Retry("dropped")),
        ],
    )
    async def test_each_mean_something(
        self,
        gateway: sms_gateway.SmsGateway,
        channel: SmsGateway,
        monkeypatch: pytest.MonkeyPatch,
        answer: Answer,
        fate: Fate,
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOON)
        await channel.send([letter(OTHER)])
        gateway.answers[NUMBER] = [answer]

        assert await channel.send([letter()]) == [fate]

        assert [asked.path for asked in gateway.asked] == ["/messages"] * 2  # a redirect is not followed

    async def test_of_a_refusal_with_the_operators_words_forgets_the_number(self, gateway: sms_gateway.SmsGateway) -> None:
        channel = SmsGateway(SmsSettings(gateway.url, gone_words=("E1003",)))
        gateway.answers[NUMBER] = [
            Answer(400, body='{"error": "E1003"}'),
            Answer(400, body='{"error": "E1004"}'),
            Answer(500, body="E1003"),
        ]

        fates = [(await channel.send([letter()]))[0] for _ in range(3)]
        await channel.close()

        assert fates == [Gone("no_such_number"), Failed("http_400", alarms=True), Retry("http_500")]

    async def test_forget_no_number_on_the_word_of_a_gateway_that_never_took_one(
        self, gateway: sms_gateway.SmsGateway, channel: SmsGateway
    ) -> None:
        gateway.answers[NUMBER] = [Answer(404), Answer(404), Answer(404)]
        gateway.answers[OTHER] = [Answer(404)]

        assert await channel.send([letter(), letter(OTHER)]) == [Retry("http_404", alarms=True)] * 2
        assert await channel.send([letter(), letter(OTHER)]) == [Gone("http_404"), Sent("sms-1")]

    async def test_that_never_come_are_for_later(self, gateway: sms_gateway.SmsGateway) -> None:
        channel = SmsGateway(SmsSettings(gateway.url), seconds=1)
        gateway.answers[NUMBER] = [Answer(hangs=True)]

        assert await channel.send([letter(), letter(OTHER)]) == [Retry("timeout"), Sent("sms-1")]
        await channel.close()

    async def test_of_nobody_are_for_later(self, unused_tcp_port: int) -> None:
        channel = SmsGateway(SmsSettings(f"http://127.0.0.1:{unused_tcp_port}/"))

        assert await channel.send([letter()]) == [Retry("unreachable")]
        await channel.close()

    async def test_of_a_stranger_in_the_gateways_place_alarm(self, tmp_path: Path) -> None:
        with sms_gateway.SmsGateway(tls=Certificate(tmp_path).context) as stranger:
            channel = SmsGateway(SmsSettings(stranger.url))

            assert await channel.send([letter()]) == [Retry("bad_certificate", alarms=True)]
            await channel.close()

            assert stranger.asked == []

    async def test_that_are_no_http_are_for_later(self) -> None:
        async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"\x00\x00\x00\x10smpp")
            writer.close()

        async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
            channel = SmsGateway(SmsSettings(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"))
            assert await channel.send([letter()]) == [Retry("dropped")]
            await channel.close()


class TestNumbers:
    @pytest.mark.parametrize(
        "number",
        [
            "",
            "0470000001",
            "+0470000001",
            "+32 470",
            "+324",
            "+" + "3" * 16,
            "+3247000000x",
            "+32470000001\r\nX: y",
            "+\uff13\uff1247000000",
            "tel:+32",
        ],
    )
    async def test_that_are_not_e164_are_forgotten_and_never_asked_for(
        self, gateway: sms_gateway.SmsGateway, channel: SmsGateway, number: str
    ) -> None:
        assert await channel.send([letter(number), letter()]) == [Gone("bad_number"), Sent("sms-1")]
        assert len(gateway.asked) == 1


class TestLogs:
    async def test_hold_neither_number_nor_text(
        self, gateway: sms_gateway.SmsGateway, channel: SmsGateway, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level("DEBUG")
        gateway.answers[NUMBER] = [Answer(500), Answer(drops=True), Answer(401)]

        for _ in range(4):
            await channel.send([letter(), letter("nonsense")])

        said = caplog.text + "".join(capsys.readouterr())
        assert NUMBER[1:] not in said
        assert "bericht" not in said


class TestSettings:
    @pytest.mark.parametrize(
        "url",
        [
            "https://sms.example.org/x",
            "http://127.0.0.1:8080/",
            "http://10.0.0.4/",
            "http://[fd00::1]/",
            "http://gammu:9000/",
            "http://sms.lan/",
        ],
    )
    def test_take_https_and_machines_of_their_own(self, url: str) -> None:
        assert SmsSettings(url).url == url

    @pytest.mark.parametrize(
        "url", ["", "sms.example.org", "ftp://10.0.0.4/", "http://sms.example.org/", "http://93.184.216.34/", "https:///x"]
    )
    def test_refuse_what_would_carry_numbers_in_the_open(self, url: str) -> None:
        with pytest.raises(ValueError, match="SMS gateway"):
            SmsSettings(url)

    @pytest.mark.parametrize("body", ["", "{", '{"to": "{to}"}', '{"text": "{text}"}', "{to} {text}", "[]"])
    def test_refuse_a_body_that_could_carry_nothing(self, body: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            SmsSettings("https://sms.example.org/", body=body)

    @pytest.mark.parametrize("headers", [{"X": "a\r\nY: b"}, {"": "a"}, {"X\n": "a"}])
    def test_refuse_a_header_that_would_become_two(self, headers: dict[str, str]) -> None:
        with pytest.raises(ValueError, match="header"):
            SmsSettings("https://sms.example.org/", headers=headers)

    def test_show_no_key_when_they_are_printed(self) -> None:
        assert "s3cret" not in repr(SmsSettings("https://a:s3cret@sms.example.org/", headers={"Authorization": "s3cret"}))


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("header", "seconds"),
        [
            ("120", 120),
            (" 0 ", 0),
            ("99999999999999999999", LONGEST),
            ("Mon, 02 Mar 2026 12:00:10 GMT", 10),
            ("Mon, 02 Mar 2026 12:00:10 -0000", 10),
            ("Mon, 02 Mar 2026 13:00:10 +0100", 10),
            ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
            ("Mon, 02 Mar 2099 11:00:00 GMT", LONGEST),
        ],
    )
    def test_is_a_number_or_a_date(self, header: str, seconds: float) -> None:
        assert seconds_of(header, NOON) == seconds

    @pytest.mark.parametrize(
        "header", [None, "", "soon", "-5", "1.5", "٣", "Mon, 99 Mar 2026 12:00:10 GMT", "Mon, 02 Mar 99999 12:00:10 GMT"]
    )
    def test_that_is_nonsense_is_none(self, header: Any) -> None:
        assert seconds_of(header, NOON) is None


def test_the_default_body_is_json() -> None:
    assert json.loads(SmsSettings("https://sms.example.org/").body) == {"to": "{to}", "text": "{text}", "id": "{id}"}
