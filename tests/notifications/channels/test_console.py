"""The console shows what would be sent, calmly, and keeps addresses to itself."""

import io
from typing import Any
from uuid import uuid4

import pytest

from notifications.channels.console import Console
from notifications.models import AddressKind
from notifications.sending import Letter, Sent


def letter(kind: str = "sms", address: str = "+32470123442", text: str = "You have a message.", **rest: Any) -> Letter:
    return Letter(uuid4(), kind, address, text, "en", "topic", 3600, **rest)


class TestConsole:
    async def test_says_one_line_a_letter(self) -> None:
        screen = io.StringIO()

        fates = await Console(screen).send([letter(), letter("email", "fatima@example.be"), letter("console", "")])

        assert fates == [Sent()] * 3
        assert screen.getvalue().splitlines() == [
            'notice  would be sent by sms to …42: "You have a message."',
            'notice  would be sent by email to …be: "You have a message."',
            'notice  would be sent by console: "You have a message."',
        ]

    async def test_speaks_on_standard_output_unless_told_otherwise(self, capsys: pytest.CaptureFixture[str]) -> None:
        await Console().send([letter()])

        assert "…42" in capsys.readouterr().out

    @pytest.mark.parametrize("address", ["42", '{"endpoint": "x"}', "+3\n2"])
    async def test_keeps_a_line_a_line_and_a_short_address_to_itself(self, address: str) -> None:
        screen = io.StringIO()

        await Console(screen).send([letter(address=address, text="one\ntwo")])

        assert screen.getvalue() == 'notice  would be sent by sms: "one two"\n'

    async def test_tells_that_a_calendar_goes_along(self) -> None:
        screen = io.StringIO()

        await Console(screen).send([letter("email", "a@example.be", calendar=b"BEGIN:VCALENDAR", method="REQUEST")])

        assert screen.getvalue().endswith("(with a calendar's request)\n")
        assert "VCALENDAR" not in screen.getvalue()

    async def test_minds_no_screen_that_is_gone_or_knows_no_arabic(self) -> None:
        gone = io.StringIO()
        gone.close()
        latin = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")

        assert await Console(gone).send([letter()]) == [Sent()]
        assert await Console(latin).send([letter(text="رسالة")]) == [Sent()]

    def test_takes_every_kind_of_address(self) -> None:
        assert Console.kinds == {*AddressKind.values, "console"}
