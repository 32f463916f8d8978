"""Which ways out there are, by the settings, and what is wrong with them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  # Django's name
from django.core.exceptions import ImproperlyConfigured

from notifications.channels.console import Console
from notifications.models import AddressKind
from notifications.sending import Channel
from privacy.errors import KeyringError
from privacy.push_keys import push_key

UNUSABLE = (ValueError, ImproperlyConfigured, KeyringError)  # what a channel raises about its settings, in a sentence


@dataclass(frozen=True, slots=True)
class Way:
    """A channel, the kinds of address it serves here, and how many letters it is handed at a time, how many times at once."""

    channel: Channel
    kinds: frozenset[str]
    batch: int
    at_once: int = 1  # more where one slow receiver should not make the others wait

    @property
    def name(self) -> str:
        return self.channel.name


@dataclass(frozen=True, slots=True)
class Choice:
    """A way that a setting opens. `make` raises one of UNUSABLE when the setting cannot work."""

    setting: str
    make: Callable[[], Channel]
    batch: int
    at_once: int = 1

    @property
    def is_chosen(self) -> bool:
        return bool(getattr(settings, self.setting))

    def way(self) -> Way:
        channel = self.make()
        return Way(channel, channel.kinds, self.batch, self.at_once)


def _choices() -> Iterator[Choice]:
    yield Choice("MAATJE_FCM_CREDENTIALS", _fcm, 100, 2)
    yield Choice("MAATJE_VAPID_SUBJECT", _web_push, 50, 4)
    yield Choice("MAATJE_SMS_URL", _sms_gateway, 40, 2)
    if not settings.MAATJE_SMS_URL:
        yield Choice("MAATJE_SMPP_URL", _smpp, 20)
    yield Choice("DEFAULT_FROM_EMAIL", _mail, 20)


def ways(*, only: Sequence[str] = ()) -> list[Way]:
    """Every way that is chosen, and the console for what has none, when it is on. :raises: one of UNUSABLE."""
    found = [choice.way() for choice in _choices() if choice.is_chosen]
    if settings.MAATJE_NOTICES_CONSOLE:
        served = {kind for way in found for kind in way.kinds}
        found.append(Way(Console(), frozenset(Console.kinds - served), 100))
    return [way for way in found if not only or way.name in only]


# Each channel brings a library of its own, and the server's other processes need none of them.


def _fcm() -> Channel:
    from notifications.channels.fcm import Fcm

    return Fcm(settings.MAATJE_FCM_CREDENTIALS)


def _web_push() -> Channel:
    from notifications.channels.webpush import WebPush

    return WebPush(push_key(), subject=settings.MAATJE_VAPID_SUBJECT, hosts=settings.MAATJE_PUSH_HOSTS)


def _sms_gateway() -> Channel:
    from notifications.channels.sms_http import SmsGateway, SmsSettings

    given: dict[str, Any] = {"body": settings.MAATJE_SMS_BODY} if settings.MAATJE_SMS_BODY else {}
    words = tuple(settings.MAATJE_SMS_GONE)
    return SmsGateway(SmsSettings(settings.MAATJE_SMS_URL, headers=settings.MAATJE_SMS_HEADERS, gone_words=words, **given))


def _smpp() -> Channel:
    from notifications.channels.smpp import Smpp, SmppSettings

    address = urlsplit(settings.MAATJE_SMPP_URL)
    if address.scheme not in {"smpp", "smpps"} or not address.hostname:
        raise ValueError("Give an address like smpp://system-id:password@host:2775, or smpps:// for TLS.")
    return Smpp(
        SmppSettings(
            address.hostname,
            address.port or 2775,
            unquote(address.username or ""),
            unquote(address.password or ""),
            sender=settings.MAATJE_SMPP_SENDER,
            has_tls=address.scheme == "smpps",
        )
    )


def _mail() -> Channel:
    from notifications.channels.email import Mail, MailSettings

    if not settings.EMAIL_URL and not settings.MAATJE_ANYMAIL:
        raise ValueError("There is a sender and no server. Set EMAIL_URL, or MAATJE_ANYMAIL and MAATJE_ANYMAIL_SETTINGS.")
    return Mail(MailSettings(settings.DEFAULT_FROM_EMAIL))


@register("notices")
def notices_can_go(**_: Any) -> list[CheckMessage]:
    """Each setting that cannot work, with its remedy; and what no way is there for."""
    problems: list[CheckMessage] = []
    served: set[str] = set(Console.kinds) if settings.MAATJE_NOTICES_CONSOLE else set()
    for choice in _choices():
        if not choice.is_chosen:
            continue
        try:
            served |= choice.way().kinds
        except UNUSABLE as problem:
            problems.append(
                Error(f"{choice.setting}: {problem}", hint="docs/operating.md, Notices, names each setting.", id="notices.E001")
            )
    if (settings.EMAIL_URL or settings.MAATJE_ANYMAIL) and not settings.DEFAULT_FROM_EMAIL:
        problems.append(Error("DEFAULT_FROM_EMAIL: mails need a sender.", hint="Set it, such as notices@example.org.", id="notices.E002"))
    if not problems and AddressKind.WEBPUSH not in served and AddressKind.FCM_TOKEN not in served:
        problems.append(
            Warning(
                "No push reaches any phone, and what would be sent waits until it expires.",
                hint="Set MAATJE_VAPID_SUBJECT (browsers) or MAATJE_FCM_CREDENTIALS (apps); MAATJE_NOTICES_CONSOLE=yes only shows.",
                id="notices.W001",
            )
        )
    return problems
