"""Links: to a chat elsewhere, to a payment, to where nobody can see it leads, or just somewhere."""

import re
from collections.abc import Collection, Iterator
from functools import cache
from urllib.parse import urlsplit

from linkify_it import LinkifyIt

from moderation.screening.signals import Signal

_MAY = re.compile(r"\.[a-z0-9]{2}", re.IGNORECASE)
_ENDINGS_TEXT = """
    com net org be nl eu info io fr biz app xyz top click icu online site shop live vip link club buzz cyou gq tk ml cf ru cn vlaanderen brussels gent
"""
_ENDINGS = _ENDINGS_TEXT.split()
_ALSO_KNOWN_TEXT = "me gg us co ly gl at in de gs group"  # of hosts named below; other hosts under them are mostly a missing space
_ALSO_KNOWN = _ALSO_KNOWN_TEXT.split()
_RISKY_TEXT = """
    xyz top click icu online site vip link buzz cyou gq tk ml cf ru cn club
"""
_RISKY = frozenset(_RISKY_TEXT.split())
_ELSEWHERE_TEXT = """
    wa.me whatsapp.com chat.whatsapp.com t.me telegram.me m.me messenger.com signal.me signal.group discord.gg discord.com snapchat.com instagram.com
    facebook.com fb.com fb.me tiktok.com line.me viber.com imo.im skype.com meet.google.com zoom.us
"""
_ELSEWHERE = frozenset(_ELSEWHERE_TEXT.split())
_PAYING_TEXT = """
    paypal.me paypal.com payconiq.com payconiq.be revolut.me revolut.com wise.com ko-fi.com gofundme.com westernunion.com tikkie.me cash.app
"""
_PAYING = frozenset(_PAYING_TEXT.split())
_HIDING_TEXT = """
    bit.ly tinyurl.com t.co goo.gl is.gd ow.ly cutt.ly rb.gy shorturl.at s.id tiny.cc rebrand.ly lnkd.in t.ly
"""
_HIDING = frozenset(_HIDING_TEXT.split())
_BRANDS = re.compile(
    r"itsme|bpost|dhl|postnl|kbc|belfius|bnpparibas|ing-|argenta|paypal|bancontact|payconiq|card-?stop|paypay|fluvius|myminfin|belastingdienst|ziraat|bank",
)
_OFFICIAL = frozenset(
    [
        "itsme-id.com",
        "itsme.be",
        "bpost.be",
        "dhl.com",
        "kbc.be",
        "belfius.be",
        "bnpparibasfortis.be",
        "ing.be",
        "argenta.be",
        "bancontact.com",
        "cardstop.be",
        "fluvius.be",
    ]
)
_WELL_KNOWN_TEXT = """
    belgium.be fgov.be vlaanderen.be wallonie.be brussels.be brussels irisnet.be europa.eu gov.uk gouv.fr overheid.nl rijksoverheid.nl vdab.be
    actiris.be leforem.be delijn.be nmbs.be sncb.be belgiantrain.be stib-mivb.be mivb.be stib.be zelfmoord1813.be tele-onthaal.be tele-accueil.be
    awel.be 1712.be 112.be 107.be nupraatikerover.be wikipedia.org youtube.com youtu.be google.com google.be maps.app.goo.gl vrt.be rtbf.be
    standaard.be hln.be nieuwsblad.be bruzz.be bol.com ikea.com colruyt.be aldi.be lidl.be buienradar.be meteo.be kmi.be spotify.com wablieft.be
    nedbox.be duolingo.com gezondheid.be mediwacht.be apotheek.be
"""
_WELL_KNOWN = frozenset(_WELL_KNOWN_TEXT.split())


def may_hold(raw: str) -> bool:
    return "://" in raw or ("." in raw and _MAY.search(raw) is not None)


def find(raw: str, own_hosts: Collection[str]) -> Iterator[Signal]:
    """A link that says more than "a link" is told as what it is. Pages that everybody knows, and ours, are none."""
    for link in _linkify().match(raw) or ():
        if link.schema != "mailto:":
            host = (urlsplit(link.url).hostname or "").removeprefix("www.")
            if not _is_of(host, own_hosts) and (signal := _signal(host, is_bare=link.schema == "" and "/" not in link.raw)):
                yield signal


@cache
def _linkify() -> LinkifyIt:
    return LinkifyIt(options={"fuzzy_email": False, "fuzzy_ip": False}).tlds(_ENDINGS + _ALSO_KNOWN)


def _signal(host: str, *, is_bare: bool) -> Signal | None:
    ending = host.rpartition(".")[2]
    if _is_of(host, _ELSEWHERE):
        return Signal("contact", 2, "chat_elsewhere", "detector")
    if _is_of(host, _PAYING):
        return Signal("money", 2, "payment_link", "detector")
    if _is_of(host, _HIDING):
        return Signal("money", 2, "short_link", "detector")
    if _is_of(host, _WELL_KNOWN) or _is_of(host, _OFFICIAL):
        return None
    if ending.isdigit() or ending in _RISKY or _BRANDS.search(host):
        return Signal("money", 2, "suspicious_link", "detector")
    return None if is_bare and ending not in _ENDINGS else Signal("contact", 1, "link", "detector")


def _is_of(host: str, hosts: Collection[str]) -> bool:
    """Whether it is one of these or stands under one."""
    return any(host == one or host.endswith(f".{one}") for one in hosts)
