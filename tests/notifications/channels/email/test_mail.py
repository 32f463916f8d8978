"""Mail: that it says as little as a text message, and invitations as calendars want them."""

from typing import Any

import pytest
from django.conf import LazySettings
from icalendar import Calendar

from notifications.channels.email import Mail, MailSettings
from notifications.sending import Failed, Fate, Gone, Retry, Sent
from tests.doubles.mail_server import MailServer
from tests.notifications.channels.email.letters import ANNEMIE, FATIMA, INVITATION, SMTP, letter


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
