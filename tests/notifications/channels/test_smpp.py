"""SMS through a centre: what each status means, what goes over the line, and links that break."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from notifications.channels import smpp
from notifications.channels.smpp import Smpp, SmppSettings
from notifications.sending import Failed, Fate, Gone, Letter, Retry, Sent
from tests.doubles import smpp_centre as centres
from tests.doubles.certificates import Certificate
from tests.doubles.smpp_centre import SmppCentre

NUMBER = "+32470000001"
OTHER = "+32470000002"
DIGITS = NUMBER[1:]


def letter(address: str = NUMBER, text: str = "Je hebt een bericht.", *, id: UUID | None = None, ttl: int = 3600) -> Letter:
    return Letter(id or uuid4(), "sms", address, text, "nl", "topic", ttl)


@pytest.fixture
def centre() -> Iterator[SmppCentre]:
    with SmppCentre() as server:
        yield server


def channel_to(centre: SmppCentre, *, seconds: float = 5, **settings: Any) -> Smpp:
    return Smpp(
        SmppSettings(**{"host": centre.host, "port": centre.port, "system_id": "maatje", "password": "secret", **settings}), seconds=seconds
    )


@pytest.fixture
async def channel(centre: SmppCentre) -> AsyncIterator[Smpp]:
    channel = channel_to(centre)
    yield channel
    await channel.close()


class TestSending:
    async def test_binds_once_hands_over_and_takes_leave(self, centre: SmppCentre, channel: Smpp) -> None:
        assert await channel.send([letter(), letter(OTHER)]) == [Sent("m1"), Sent("m2")]
        assert await channel.send([letter()]) == [Sent("m3")]
        await channel.close()

        assert centre.commands == ["bind_transmitter", "submit_sm", "submit_sm", "submit_sm", "unbind"]

    async def test_says_who_to_whom_and_until_when(self, centre: SmppCentre, channel: Smpp) -> None:
        note = letter(ttl=2 * 86_400 + 3 * 3600 + 4 * 60 + 5)

        await channel.send([note])

        (sent,) = centre.submitted
        assert (sent.to, sent.to_ton, sent.to_npi) == (DIGITS, 1, 1)
        assert (sent.text, sent.coding, sent.esm_class) == ("Je hebt een bericht.", 0, 0)
        assert sent.validity == "000002030405000R"
        assert sent.registered == 0
        assert sent.reference == int(note.id.hex[-4:], 16)

    async def test_names_a_retried_letter_as_before(self, centre: SmppCentre, channel: Smpp) -> None:
        note = letter()
        centre.statuses[DIGITS] = [centres.RMSGQFUL]

        fates = [(await channel.send([note]))[0] for _ in range(3)]

        assert fates == [Retry("smpp_queue_full"), Sent("m1"), Sent("m2")]
        assert len({sent.reference for sent in centre.submitted}) == 1

    @pytest.mark.parametrize(
        ("text", "coding"),
        [
            ("Je hebt een bericht.", 0),
            ("Tu as reçu", 8),  # GSM 03.38 has Ç alone
            ("Un rendez-vous est annulé à 14:00.", 0),
            ("[50 €]", 0),
            ("لديك رسالة.", 8),
            ("Bir mesajın var.", 8),
            ("back`tick", 8),
            ("🌻", 8),
        ],
    )
    async def test_writes_every_language(self, centre: SmppCentre, channel: Smpp, text: str, coding: int) -> None:
        await channel.send([letter(text=text)])

        assert [(sent.text, sent.coding) for sent in centre.submitted] == [(text, coding)]

    @pytest.mark.parametrize(
        ("text", "parts"), [("a" * 160, 1), ("a" * 161, 2), ("م" * 70, 1), ("م" * 71, 2), ("{" * 90, 2), ("a" * 1000, 7)]
    )
    async def test_sends_a_long_text_in_parts_that_a_phone_joins(self, centre: SmppCentre, channel: Smpp, text: str, parts: int) -> None:
        (fate,) = await channel.send([letter(text=text)])

        assert fate == Sent("m1")
        assert "".join(sent.text for sent in centre.submitted) == text
        assert len(centre.submitted) == parts
        if parts > 1:
            assert {sent.esm_class for sent in centre.submitted} == {0x40}
            assert [list(sent.header[:3]) + list(sent.header[4:]) for sent in centre.submitted] == [
                [5, 0, 3, parts, place] for place in range(1, parts + 1)
            ]

    async def test_fails_only_the_letter_whose_text_nobody_can_write(self, centre: SmppCentre, channel: Smpp) -> None:
        assert await channel.send([letter(text="a" * 50_000), letter(text="\ud800"), letter(OTHER)]) == [Failed("unsendable")] * 2 + [
            Sent("m1")
        ]

    @pytest.mark.parametrize(
        ("sender", "source"),
        [("", ("", 0, 0)), ("+32460001122", ("32460001122", 1, 1)), ("8850", ("8850", 3, 0)), ("Bericht 1", ("Bericht 1", 5, 0))],
    )
    async def test_comes_from_whom_the_operator_says(self, centre: SmppCentre, sender: str, source: tuple[str, int, int]) -> None:
        channel = channel_to(centre, sender=sender)

        await channel.send([letter()])
        await channel.close()

        (sent,) = centre.submitted
        assert (sent.source, sent.source_ton, sent.source_npi) == source

    @pytest.mark.parametrize(("ttl", "validity"), [(-5, "000000000001000R"), (59, "000000000059000R"), (10**9, "000030000000000R")])
    async def test_gives_a_validity_that_a_centre_can_read(self, centre: SmppCentre, channel: Smpp, ttl: int, validity: str) -> None:
        await channel.send([letter(ttl=ttl)])

        assert centre.submitted[0].validity == validity


class TestStatuses:
    @pytest.mark.parametrize(
        ("status", "fate"),
        [
            (centres.RINVDSTADR, Gone("smpp_bad_number")),
            (centres.RMSGQFUL, Retry("smpp_queue_full")),
            (centres.RSYSERR, Retry("smpp_system_error")),
            (0x45, Retry("smpp_submit_failed")),
            (0x64, Retry("smpp_temporary")),
            (0xFF, Retry("smpp_unknown")),
            (centres.RINVSRCADR, Retry("smpp_bad_sender", alarms=True)),
            (0x15, Retry("smpp_bad_service", alarms=True)),
            (centres.RINVMSGLEN, Failed("smpp_bad_length", alarms=True)),
            (0x62, Failed("smpp_bad_expiry", alarms=True)),
            (0x65, Failed("smpp_permanent", alarms=True)),
            (0x66, Failed("smpp_rejected", alarms=True)),
            (0x40A, Retry("smpp_0x40a")),
        ],
    )
    async def test_of_one_letter_mean_something_and_stop_no_other(self, centre: SmppCentre, channel: Smpp, status: int, fate: Fate) -> None:
        centre.statuses[DIGITS] = [status]

        assert await channel.send([letter(OTHER), letter(), letter(OTHER)]) == [Sent("m1"), fate, Sent("m2")]

    async def test_that_ask_to_slow_down_leave_the_rest_for_later(self, centre: SmppCentre, channel: Smpp) -> None:
        centre.statuses[DIGITS] = [centres.RTHROTTLED]

        assert await channel.send([letter(OTHER), letter(), letter(OTHER)]) == [
            Sent("m1"),
            Retry("smpp_throttled"),
            Retry("smpp_throttled"),
        ]
        assert await channel.send([letter()]) == [Sent("m2")]
        assert centre.commands.count("submit_sm") == 3

    async def test_of_a_second_part_send_the_whole_again(self, centre: SmppCentre, channel: Smpp) -> None:
        note = letter(text="a" * 200)
        centre.statuses[DIGITS] = [centres.ROK, centres.RMSGQFUL]

        assert await channel.send([note]) == [Retry("smpp_queue_full")]
        assert await channel.send([note]) == [Sent("m2")]

    async def test_that_doubt_the_link_make_a_new_one(self, centre: SmppCentre, channel: Smpp) -> None:
        centre.statuses[DIGITS] = [centres.RINVBNDSTS]

        assert await channel.send([letter(), letter()]) == [Retry("smpp_0x4"), Sent("m1")]
        assert centre.commands.count("bind_transmitter") == 2

    @pytest.mark.parametrize(
        ("status", "fate"),
        [
            (centres.RBINDFAIL, Retry("smpp_bind_failed", alarms=True)),
            (centres.RINVPASWD, Retry("smpp_bad_password", alarms=True)),
            (centres.RINVSYSID, Retry("smpp_bad_system_id", alarms=True)),
            (0x53, Retry("smpp_bad_system_type", alarms=True)),
            (0x500, Retry("smpp_bind_0x500", alarms=True)),
            (centres.RALYBND, Retry("smpp_already_bound")),
            (centres.RTHROTTLED, Retry("smpp_throttled")),
            (centres.RSYSERR, Retry("smpp_system_error")),
        ],
    )
    async def test_of_a_bind_are_for_all_and_asked_once(self, centre: SmppCentre, channel: Smpp, status: int, fate: Fate) -> None:
        centre.bind_statuses = [status]

        assert await channel.send([letter(), letter("nonsense"), letter(OTHER)]) == [fate] * 3
        assert centre.commands == ["bind_transmitter"]
        assert await channel.send([letter()]) == [Sent("m1")]

    async def test_of_a_wrong_password_alarm(self, centre: SmppCentre) -> None:
        channel = channel_to(centre, password="wrong")

        assert await channel.send([letter()]) == [Retry("smpp_bad_password", alarms=True)]
        await channel.close()


class TestLinks:
    async def test_that_drop_cost_one_letter_a_retry(self, centre: SmppCentre, channel: Smpp) -> None:
        centre.drops_on = {DIGITS}

        assert await channel.send([letter(OTHER), letter(), letter(OTHER)]) == [Sent("m1"), Retry("dropped"), Sent("m2")]
        assert await channel.send([letter()]) == [Sent("m3")]
        assert centre.commands.count("bind_transmitter") == 2

    async def test_that_babble_are_left(self, centre: SmppCentre, channel: Smpp) -> None:
        centre.babbles_on = {DIGITS}

        assert await channel.send([letter(), letter(OTHER)]) == [Retry("no_smpp"), Sent("m1")]

    async def test_that_hang_end_in_time_and_are_bound_anew(self, centre: SmppCentre) -> None:
        channel = channel_to(centre, seconds=1)
        centre.hangs_on = {DIGITS}

        assert await channel.send([letter(OTHER), letter(), letter(OTHER)]) == [Sent("m1"), Retry("timeout"), Retry("timeout")]
        assert await channel.send([letter(OTHER)]) == [Sent("m2")]
        await channel.close()

    async def test_that_were_idle_are_asked_first(self, centre: SmppCentre, channel: Smpp, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(smpp, "IDLE", 0.0)
        await channel.send([letter()])

        assert await channel.send([letter()]) == [Sent("m2")]

        assert centre.commands == ["bind_transmitter", "submit_sm", "enquire_link", "submit_sm"]

    async def test_that_died_while_idle_cost_no_letter(self, centre: SmppCentre, channel: Smpp, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(smpp, "IDLE", 0.0)
        await channel.send([letter()])
        centre.hang_up()

        assert await channel.send([letter()]) == [Sent("m2")]

    async def test_answer_when_the_centre_asks_whether_they_live(self, centre: SmppCentre, channel: Smpp) -> None:
        centre.asks_first = True

        assert await channel.send([letter(), letter()]) == [Sent("m1"), Sent("m2")]
        assert centre.commands.count("enquire_link_resp") == 2

    async def test_to_nobody_are_for_later(self, unused_tcp_port: int) -> None:
        channel = Smpp(SmppSettings("127.0.0.1", unused_tcp_port, "maatje", "secret"))

        assert await channel.send([letter(), letter()]) == [Retry("unreachable")] * 2
        await channel.close()

    async def test_speak_in_secret_with_whom_they_know(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        certificate = Certificate(tmp_path)
        with SmppCentre(tls=certificate.context) as centre:
            strangers = channel_to(centre, host="localhost", has_tls=True)
            assert await strangers.send([letter(), letter()]) == [Retry("bad_certificate", alarms=True)] * 2

            monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
            assert await strangers.send([letter()]) == [Sent("m1")]
            another_name = channel_to(centre, has_tls=True)
            assert await another_name.send([letter()]) == [Retry("bad_certificate", alarms=True)]

            await strangers.close()
            await another_name.close()


class TestNumbers:
    @pytest.mark.parametrize(
        "number", ["", "0470000001", "+0470000001", "+32 470", "+" + "3" * 16, "+3247000\x0000", "+\uff13\uff1247000000"]
    )
    async def test_that_are_not_e164_are_forgotten_and_never_asked_for(self, centre: SmppCentre, channel: Smpp, number: str) -> None:
        assert await channel.send([letter(number), letter()]) == [Gone("bad_number"), Sent("m1")]
        assert centre.commands.count("submit_sm") == 1


class TestLogs:
    async def test_hold_neither_number_nor_text_nor_password(
        self, centre: SmppCentre, channel: Smpp, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level("DEBUG")
        centre.statuses[DIGITS] = [centres.RSYSERR, centres.RINVDSTADR]
        centre.drops_on = {OTHER[1:]}

        await channel.send([letter(), letter(), letter(OTHER), letter("nonsense"), letter()])

        said = caplog.text + "".join(capsys.readouterr())
        for secret in (DIGITS, "bericht", "secret"):
            assert secret not in said
            assert secret.encode().hex() not in said


class TestSettings:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"password": "nine char"},
            {"system_id": "x" * 16},
            {"system_type": "é"},
            {"password": "a\0b"},
            {"sender": "twelve chars"},
            {"sender": "+32x"},
        ],
    )
    def test_refuse_what_smpp_would_cut_off(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="SMPP"):
            SmppSettings("localhost", 2775, **{"system_id": "maatje", "password": "secret", **wrong})

    def test_show_no_password_when_they_are_printed(self) -> None:
        assert "s3cret" not in repr(SmppSettings("localhost", 2775, "maatje", "s3cret"))
