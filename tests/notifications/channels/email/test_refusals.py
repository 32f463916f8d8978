"""What each refusal means: of a mail server, and of a provider's own backend."""

import smtplib
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from notifications.channels.email import Mail, MailSettings
from notifications.sending import Failed, Fate, Gone, Retry, Sent
from tests.doubles.mail_server import MailServer
from tests.notifications.channels.email.letters import ANNEMIE, FATIMA, at, letter


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
