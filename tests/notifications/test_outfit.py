import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from backend import env
from backend.env import BadSetting
from notifications import outfit
from tests.services.maatje import ROOT

NONE = {
    "MAATJE_NOTICES_CONSOLE": False, "MAATJE_FCM_CREDENTIALS": "", "MAATJE_VAPID_SUBJECT": "", "MAATJE_VAPID_KEY": "", "MAATJE_SMS_URL": "",
    "MAATJE_SMPP_URL": "", "DEFAULT_FROM_EMAIL": "", "EMAIL_URL": "", "MAATJE_ANYMAIL": "",
}  # fmt: skip
EVERY_KIND = {"fcm_fid", "fcm_token", "webpush", "sms", "email", "console"}


@pytest.fixture(autouse=True)
def nothing_set(settings: Settings) -> Settings:
    for name, value in NONE.items():
        setattr(settings, name, value)
    return settings


def names() -> dict[str, set[str]]:
    return {way.name: set(way.kinds) for way in outfit.ways()}


def problems() -> list[str]:
    return [str(problem.msg) for problem in outfit.notices_can_go()]


class TestWays:
    def test_are_none_when_nothing_is_set(self) -> None:
        assert names() == {}

    def test_are_the_console_for_every_kind_in_a_first_start(self, settings: Settings) -> None:
        settings.MAATJE_NOTICES_CONSOLE = True

        assert names() == {"console": EVERY_KIND}

    def test_are_the_console_only_for_what_has_no_other(self, settings: Settings) -> None:
        settings.MAATJE_NOTICES_CONSOLE = True
        settings.MAATJE_SMS_URL = "https://gateway.example/messages"
        settings.MAATJE_VAPID_SUBJECT = "mailto:notices@example.org"

        assert names() == {"webpush": {"webpush"}, "sms": {"sms"}, "console": EVERY_KIND - {"webpush", "sms"}}

    def test_take_a_gateway_before_a_centre(self, settings: Settings) -> None:
        settings.MAATJE_SMS_URL = "https://gateway.example/messages"
        settings.MAATJE_SMPP_URL = "smpp://us:secret@centre.example:2775"

        assert [type(way.channel).__name__ for way in outfit.ways()] == ["SmsGateway"]

    def test_are_a_centre_with_what_its_address_says(self, settings: Settings) -> None:
        settings.MAATJE_SMPP_URL = "smpps://us:se%40cret@centre.example"

        (way,) = outfit.ways()

        found = way.channel._settings  # type: ignore[attr-defined]  # what it was made of
        assert (found.host, found.port, found.system_id, found.password, found.has_tls) == ("centre.example", 2775, "us", "se@cret", True)

    def test_are_mail_once_there_is_a_sender_and_a_server(self, settings: Settings) -> None:
        settings.DEFAULT_FROM_EMAIL = "notices@example.org"
        settings.EMAIL_URL = "smtp://localhost:25"

        assert names() == {"email": {"email"}}

    def test_are_those_that_are_asked_for(self, settings: Settings) -> None:
        settings.MAATJE_NOTICES_CONSOLE = True
        settings.MAATJE_SMS_URL = "https://gateway.example/messages"

        assert [way.name for way in outfit.ways(only=["sms"])] == ["sms"]

    def test_that_are_not_there_cannot_be_asked_for(self) -> None:
        with pytest.raises(CommandError, match="There is no channel sms here"):
            call_command("worker", "--channels", "sms", "--once")


class TestTheCheck:
    def test_is_silent_when_a_push_can_go(self, settings: Settings) -> None:
        settings.MAATJE_VAPID_SUBJECT = "mailto:notices@example.org"

        assert problems() == []

    def test_warns_when_no_push_reaches_anybody(self) -> None:
        assert [problem.id for problem in outfit.notices_can_go()] == ["notices.W001"]

    @pytest.mark.parametrize(
        ("setting", "value", "sentence"),
        [
            ("MAATJE_FCM_CREDENTIALS", "/nowhere/account.json", "cannot be read"),
            ("MAATJE_SMS_URL", "http://gateway.example/messages", "https"),
            ("MAATJE_SMPP_URL", "centre.example:2775", "smpp://"),
            ("MAATJE_SMPP_URL", "smpp://us:a-password-that-is-too-long@centre.example", "password"),
            ("DEFAULT_FROM_EMAIL", "notices@example.org", "EMAIL_URL"),
            ("MAATJE_VAPID_SUBJECT", "somebody", "mailto:"),
        ],
    )
    def test_names_the_setting_and_what_is_wrong(self, settings: Settings, setting: str, value: str, sentence: str) -> None:
        setattr(settings, setting, value)

        (problem,) = problems()

        assert problem.startswith(f"{setting}: ") and sentence in problem
        assert "too-long" not in problem

    def test_misses_the_sender_of_mails(self, settings: Settings) -> None:
        settings.EMAIL_URL = "smtp://localhost:25"

        assert problems() == ["DEFAULT_FROM_EMAIL: mails need a sender."]


class TestTheEnvironment:
    @pytest.mark.parametrize(
        ("url", "found"),
        [
            ("smtp+tls://us:se%40cret@mail.example:587", ("mail.example", 587, True, None)),
            ("smtps://us:secret@mail.example:465", ("mail.example", 465, None, True)),
            ("smtp://mail.example:25", ("mail.example", 25, None, None)),
        ],
    )
    def test_gives_django_a_mail_server(self, monkeypatch: pytest.MonkeyPatch, url: str, found: tuple[object, ...]) -> None:
        monkeypatch.setenv("EMAIL_URL", url)

        given = env.mail("EMAIL_URL")

        assert (given["EMAIL_HOST"], given["EMAIL_PORT"], given.get("EMAIL_USE_TLS"), given.get("EMAIL_USE_SSL")) == found

    @pytest.mark.parametrize("url", ["mail.example", "smtp://", "https://mail.example", "smtp://mail.example:port"])
    def test_names_a_mail_server_that_is_none(self, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        monkeypatch.setenv("EMAIL_URL", url)

        with pytest.raises(BadSetting, match="EMAIL_URL"):
            env.mail("EMAIL_URL")

    @pytest.mark.parametrize("text", ["Authorization: Bearer x", "[]", '{"a": 1}'])
    def test_names_headers_that_are_none(self, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        monkeypatch.setenv("MAATJE_SMS_HEADERS", text)

        with pytest.raises(BadSetting, match="MAATJE_SMS_HEADERS is not a JSON object"):
            env.table("MAATJE_SMS_HEADERS")

    def test_makes_a_browsers_push_of_a_public_address_alone(self, tmp_path: Path) -> None:
        asked = "from django.conf import settings as s; import json; print(json.dumps([s.MAATJE_VAPID_SUBJECT, s.MAATJE_WORKER_INSIDE]))"

        def found(**given: str) -> list[object]:
            settings = {**os.environ, "MAATJE_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "backend.settings", **given}
            done = subprocess.run([sys.executable, "-c", asked], env=settings, cwd=ROOT, capture_output=True, text=True, check=True)
            return list(json.loads(done.stdout))

        assert found(MAATJE_PUBLIC_URL="https://chat.example.org") == ["https://chat.example.org", True]
        assert found(DEFAULT_FROM_EMAIL="Us <us@example.org>", DATABASE_URL="postgres://a@b/c") == ["mailto:us@example.org", False]
