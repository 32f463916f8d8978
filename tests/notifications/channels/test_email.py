"""Mail: what each refusal means, that it says as little as a text message, and invitations as calendars want them."""

import smtplib
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from icalendar import Calendar

from notifications.channels.email import Mail, MailSettings
from notifications.sending import Failed, Fate, Gone, Letter, Retry, Sent
from tests.doubles.mail_server import MailServer

FATIMA = "fatima@example.org"
ANNEMIE = "annemie@example.org"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
INVITATION = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@example.org\r\nSEQUENCE:2\r\n"
    "DTSTAMP:20260302T120000Z\r\nDTSTART:20260303T120000Z\r\nDTEND:20260303T130000Z\r\nSUMMARY:Afspraak موعد\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
).encode()


def letter(address: str = FATIMA, text: str = "Je hebt een bericht.", *, id: UUID | None = None, **rest: Any) -> Letter:
    return Letter(id or uuid4(), "email", address, text, rest.pop("language", "nl"), "topic", 3600, **rest)


def at(server: MailServer, settings: LazySettings) -> MailServer:
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    return server


@pytest.fixture
def server(settings: LazySettings) -> Iterator[MailServer]:
    with MailServer() as server:
        yield at(server, settings)


@pytest.fixture
async def channel() -> AsyncIterator[Mail]:
    channel = Mail(MailSettings("Berichten <notices@mail.example>", SMTP))
    yield channel
    await channel.close()


class TestSending:
    async def test_says_the_text_twice_how_to_stop_and_nothing_else(self, server: MailServer, channel: Mail) -> None:
        note = letter()

        assert await channel.send([note]) == [Sent(f"<{note.id}@mail.example>")]

        (kept,) = server.mails
        assert (kept.sender, kept.recipient) == ("notices@mail.example", FATIMA)
        assert {name: str(value) for name, value in kept.message.items() if name not in {"Date", "X-Peer"}} == {
            "Content-Type": 'text/plain; charset="utf-8"',
            "MIME-Version": "1.0",
            "Content-Transfer-Encoding": "7bit",
            "Subject": "Je hebt een bericht.",
            "From": "Berichten <notices@mail.example>",
            "To": FATIMA,
            "Message-ID": f"<{note.id}@mail.example>",
            "Auto-Submitted": "auto-generated",
        }
        body = kept.message.get_content().replace("\r\n", "\n")
        assert body == "Je hebt een bericht.\n\nWil je deze mails niet meer? Zet ze uit bij Instellingen.\n"

    async def test_names_a_retried_letter_as_before(self, server: MailServer, channel: Mail) -> None:
        note = letter()
        server.refuses_data[FATIMA] = "451 4.3.0 Later"

        assert await channel.send([note]) == [Retry("smtp_451")]
        server.refuses_data.clear()
        await channel.send([note])
        await channel.send([note])

        assert [kept.message["Message-ID"] for kept in server.mails] == [f"<{note.id}@mail.example>"] * 2

    async def test_speaks_to_each_in_their_language(self, server: MailServer, channel: Mail) -> None:
        await channel.send([letter(text="لديك رسالة.", language="ar")])

        (kept,) = server.mails
        assert kept.message["Subject"] == "لديك رسالة."
        assert "الإعدادات" in kept.message.get_content()

    async def test_comes_once_for_a_batch_and_lets_no_letter_stop_the_others(self, server: MailServer, channel: Mail) -> None:
        server.refuses["b@example.org"] = "550 5.1.1 Nobody"
        server.refuses_data["c@example.org"] = "554 5.6.0 Spam"
        addresses = ["a@example.org", "b@example.org", "c@example.org", "no address", "d@example.org"]

        fates = await channel.send([letter(address) for address in addresses])

        kinds: list[type[Fate]] = [Sent, Gone, Failed, Gone, Sent]
        assert [type(fate) for fate in fates] == kinds
        assert [kept.recipient for kept in server.mails] == ["a@example.org", "d@example.org"]
        assert server.connections == 1


class TestHeaders:
    @pytest.mark.parametrize("text", ["Hallo\r\nBcc: x@example.org", "a\nb", "a\x0bb\u2028c", "x" * 5000])
    async def test_are_as_many_whatever_a_text_holds(self, server: MailServer, channel: Mail, text: str) -> None:
        await channel.send([letter(text=text)])

        (kept,) = server.mails
        assert "Bcc" not in kept.message
        assert kept.recipient == FATIMA
        assert len(kept.message.keys()) == len(set(kept.message.keys())) <= 10

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "no address",
            "a@b",
            "a@example.org\r\nBcc: x@example.org",
            "a@example.org, b@example.org",
            "A <a@example.org>",
            "a@example.org\n",
            "a b@example.org",
        ],
    )
    async def test_take_no_address_that_is_none(self, server: MailServer, channel: Mail, address: str) -> None:
        assert await channel.send([letter(address)]) == [Gone("bad_address")]
        assert server.mails == []

    async def test_cost_only_their_letter_when_nobody_can_write_them(self, server: MailServer, channel: Mail) -> None:
        unsendable, sent = await channel.send([letter(text="\ud800"), letter(ANNEMIE)])

        assert unsendable == Failed("unsendable", alarms=True)
        assert isinstance(sent, Sent)


class TestInvitations:
    async def test_are_as_calendars_want_them(self, server: MailServer, channel: Mail) -> None:
        await channel.send([letter(calendar=INVITATION, method="REQUEST")])

        whole = server.mails[0].message
        assert whole.get_content_type() == "multipart/mixed"
        both, file = whole.iter_parts()
        assert both.get_content_type() == "multipart/alternative"
        text, calendar = both.iter_parts()
        assert text.get_content_type() == "text/plain"
        assert dict(calendar["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
        assert calendar.get_content_type() == "text/calendar"
        assert file.get_content_type() == "application/ics"
        assert file.get_filename() == "invite.ics"
        for part in (calendar, file):
            carried = part.get_payload(decode=True)
            assert isinstance(carried, bytes)
            assert Calendar.from_ical(carried) == Calendar.from_ical(INVITATION)

    async def test_are_taken_back_too(self, server: MailServer, channel: Mail) -> None:
        await channel.send([letter(calendar=INVITATION.replace(b"REQUEST", b"CANCEL"), method="CANCEL")])

        both, _ = server.mails[0].message.iter_parts()
        _, calendar = both.iter_parts()
        assert calendar["Content-Type"].params["method"] == "CANCEL"

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"calendar": INVITATION, "method": "REQUEST\r\nBcc: x"}, "bad_method"),
            ({"calendar": INVITATION, "method": ""}, "bad_method"),
            ({"calendar": b"\xff", "method": "REQUEST"}, "bad_calendar"),
        ],
    )
    async def test_that_are_wrong_never_go(self, server: MailServer, channel: Mail, wrong: dict[str, Any], code: str) -> None:
        assert await channel.send([letter(**wrong)]) == [Failed(code, alarms=True)]
        assert server.mails == []


class TestRefusals:
    @pytest.mark.parametrize(
        ("said", "fate"),
        [
            ("550 5.1.1 No such mailbox", Gone("smtp_550")),
            ("550 No such mailbox", Gone("smtp_550")),
            ("551 5.1.6 Moved", Gone("smtp_551")),
            ("553 Not here", Gone("smtp_553")),
            ("556 5.1.10 Takes no mail", Gone("smtp_556")),
            ("554 5.1.1 Nobody", Gone("smtp_554")),
            ("450 4.2.0 Come back", Retry("smtp_450")),
            ("451 4.7.1 Greylisted", Retry("smtp_451")),
            ("452 4.2.2 Full", Retry("smtp_452")),
            ("552 5.2.2 Full", Retry("mail_box_full")),
            ("550 5.7.1 Blocked by a list", Failed("mail_policy", alarms=True)),
            ("554 No", Failed("smtp_554", alarms=True)),
            ("530 5.7.0 Who are you?", Retry("smtp_auth_530", alarms=True)),
            ("550 5.1.8 Bad sender", Retry("mail_bad_sender", alarms=True)),
        ],
    )
    async def test_of_a_recipient(self, server: MailServer, channel: Mail, said: str, fate: Fate) -> None:
        server.refuses[FATIMA] = said

        refused, sent = await channel.send([letter(), letter(ANNEMIE)])

        assert refused == fate
        assert isinstance(sent, Sent)

    @pytest.mark.parametrize(
        ("said", "fate"),
        [
            ("451 4.3.0 Later", Retry("smtp_451")),
            ("421 4.3.2 Closing", Retry("smtp_421")),
            ("552 5.3.4 Too big", Failed("mail_too_big", alarms=True)),
            ("552 5.2.2 Full", Retry("mail_box_full")),
            ("550 5.1.1 Nobody after all", Gone("smtp_550")),
            ("550 Looks like spam", Failed("smtp_550", alarms=True)),
            ("554 5.7.1 Looks like spam", Failed("smtp_554", alarms=True)),
        ],
    )
    async def test_of_the_message(self, server: MailServer, channel: Mail, said: str, fate: Fate) -> None:
        server.refuses_data[FATIMA] = said

        refused, sent = await channel.send([letter(), letter(ANNEMIE)])

        assert refused == fate
        assert isinstance(sent, Sent)

    @pytest.mark.parametrize(
        ("said", "fate"),
        [
            ("550 5.7.1 Not yours", Retry("smtp_550", alarms=True)),
            ("451 4.3.0 Later", Retry("smtp_451")),
            ("530 Sign in", Retry("smtp_530", alarms=True)),
        ],
    )
    async def test_of_ourselves(self, server: MailServer, channel: Mail, said: str, fate: Fate) -> None:
        server.refuses_sender = said

        assert await channel.send([letter()]) == [fate]

    async def test_of_a_size_that_the_server_told_before(self, settings: LazySettings, channel: Mail) -> None:
        with MailServer(most_bytes=400) as small:
            at(small, settings)

            assert await channel.send([letter(text="x" * 500)]) == [Failed("mail_too_big", alarms=True)]

    @pytest.mark.parametrize(("said", "alarms"), [("535 5.7.8 Wrong", True), ("454 4.7.0 Not now", False)])
    async def test_to_let_us_in_are_for_all(self, settings: LazySettings, channel: Mail, said: str, alarms: bool) -> None:
        with MailServer(user="us", password="right") as server:
            at(server, settings)
            settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
            server.refuses_sign_in = said

            fates = await channel.send([letter(), letter(ANNEMIE)])

            assert fates == [Retry(f"smtp_auth_{said[:3]}", alarms=alarms)] * 2
            assert server.connections == 1

    async def test_are_none_with_the_right_password(self, settings: LazySettings, channel: Mail) -> None:
        with MailServer(user="us", password="right") as server:
            at(server, settings)
            settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "right"

            assert isinstance((await channel.send([letter()]))[0], Sent)

    @pytest.mark.parametrize(("greeting", "alarms"), [("421 4.3.2 Not today", False), ("554 5.7.1 Not you", True)])
    async def test_at_the_door(self, server: MailServer, channel: Mail, greeting: str, alarms: bool) -> None:
        server.greets = greeting

        assert await channel.send([letter(), letter()]) == [Retry(f"smtp_{greeting[:3]}", alarms=alarms)] * 2

    async def test_to_speak_in_secret_alarm(self, server: MailServer, channel: Mail, settings: LazySettings) -> None:
        settings.EMAIL_USE_SSL = True
        assert await channel.send([letter()]) == [Retry("bad_certificate", alarms=True)]

        settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = False, True

        assert await channel.send([letter()]) == [Retry("mail_not_supported", alarms=True)]


class TestConnections:
    async def test_that_drop_cost_one_letter_a_retry(self, server: MailServer, channel: Mail) -> None:
        server.drops_on = {FATIMA}

        dropped, sent = await channel.send([letter(), letter(ANNEMIE)])

        assert dropped == Retry("dropped")
        assert isinstance(sent, Sent)

    async def test_that_end_with_a_farewell_are_made_anew(self, server: MailServer, channel: Mail) -> None:
        server.refuses[FATIMA] = "421 4.3.2 Closing"

        farewell, sent = await channel.send([letter(), letter(ANNEMIE)])

        assert farewell == Retry("smtp_421")
        assert isinstance(sent, Sent)
        assert server.connections == 2

    async def test_that_hang_end_in_time(self, server: MailServer) -> None:
        channel = Mail(MailSettings("notices@mail.example", SMTP), seconds=0.4)
        server.hangs_on = {FATIMA}

        fates = await channel.send([letter(), letter()])

        assert [type(fate) for fate in fates] == [Retry, Retry]
        await channel.close()

    async def test_to_nobody_are_for_later(self, channel: Mail, settings: LazySettings, unused_tcp_port: int) -> None:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_tcp_port

        assert await channel.send([letter(), letter()]) == [Retry("unreachable")] * 2


class Provider(BaseEmailBackend):
    """A provider's backend, which raises what the test put there."""

    problem: Exception

    def send_messages(self, email_messages: Any) -> int:
        if email_messages[0].to == [FATIMA]:
            raise self.problem
        return 1


def anymail(*names: str, **facts: Any) -> Exception:
    """An error as django-anymail's (its exceptions.py), which is an extra that need not be here."""
    kind: Any = Exception
    for name in names:
        kind = type(name, (kind,), {"__module__": "anymail.exceptions"})
    problem = kind("The number of fatima@example.org")
    for name, value in facts.items():
        setattr(problem, name, value)
    assert isinstance(problem, Exception)
    return problem


class Response:
    headers = {"Retry-After": "30"}  # as one of `requests`


class TestOtherBackends:
    async def test_send_as_well(self) -> None:
        channel = Mail(MailSettings("notices@mail.example", "django.core.mail.backends.locmem.EmailBackend"))

        assert isinstance((await channel.send([letter()]))[0], Sent)
        await channel.close()

        assert [message.subject for message in mail.outbox] == ["Je hebt een bericht."]

    @pytest.mark.parametrize(
        ("problem", "fate"),
        [
            (anymail("AnymailError", "AnymailRecipientsRefused"), Gone("mail_refused_address")),
            (anymail("AnymailError", "AnymailInvalidAddress"), Gone("mail_refused_address")),
            (anymail("AnymailAPIError", "AnymailRequestsAPIError", status_code=None), Retry("mail_unreachable")),
            (anymail("AnymailAPIError", "AnymailRequestsAPIError", status_code=429, response=Response()), Retry("mail_429", after=30)),
            (anymail("AnymailAPIError", status_code=503), Retry("mail_503")),
            (anymail("AnymailAPIError", status_code=401), Retry("mail_401", alarms=True)),
            (anymail("AnymailAPIError", status_code=402), Retry("mail_402", alarms=True)),
            (anymail("AnymailAPIError", status_code=400), Failed("mail_400", alarms=True)),
            (anymail("AnymailError", "AnymailUnsupportedFeature"), Failed("mail_cannot", alarms=True)),
            (anymail("AnymailConfigurationError"), Retry("mail_not_configured", alarms=True)),
            (RuntimeError("fatima@example.org"), Retry("unforeseen", alarms=True)),
            (smtplib.SMTPException("?"), Retry("mail_not_supported", alarms=True)),
        ],
    )
    async def test_are_understood(
        self,
        problem: Exception,
        fate: Fate,
        caplog: pytest.LogCaptureFixture,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(Provider, "problem", problem, raising=False)
        channel = Mail(MailSettings("notices@mail.example", f"{__name__}.Provider"))

        refused, sent = await channel.send([letter(), letter(ANNEMIE)])
        await channel.close()

        assert refused == fate
        assert isinstance(sent, Sent)
        assert FATIMA not in caplog.text + "".join(capsys.readouterr())

    async def test_without_their_settings_alarm(self) -> None:
        channel = Mail(MailSettings("notices@mail.example", "nowhere.EmailBackend"))

        assert await channel.send([letter(), letter()]) == [Retry("mail_not_configured", alarms=True)] * 2
        await channel.close()

    def test_name_a_letter_in_ascii_whatever_the_senders_domain(self) -> None:
        assert MailSettings("notices@bücher.example").domain == "xn--bcher-kva.example"


class TestLogs:
    async def test_hold_neither_address_nor_text(
        self, server: MailServer, channel: Mail, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level("DEBUG")
        server.refuses[FATIMA] = "550 5.1.1 fatima@example.org is nobody"
        server.drops_on = {ANNEMIE}

        await channel.send([letter(), letter(ANNEMIE), letter("nonsense"), letter("c@example.org")])

        ours = caplog.text + "".join(capsys.readouterr())
        assert FATIMA not in ours
        assert "bericht" not in ours


class TestSettings:
    @pytest.mark.parametrize("sender", ["", "Berichten", "Berichten <x>", "a@example.org\nBcc: b@example.org"])
    def test_want_an_address_to_send_from(self, sender: str) -> None:
        with pytest.raises(ValueError, match="sender"):
            MailSettings(sender)
