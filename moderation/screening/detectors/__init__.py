"""What has a shape instead of words. Each detector asks a cheap question first, since most messages hold nothing of the kind."""

from collections.abc import Collection, Iterator

from moderation.screening.detectors import accounts, addresses, links, phones, spelled
from moderation.screening.normalise import Text
from moderation.screening.signals import Signal


def detect(raw: str, text: Text, language: str, *, own_hosts: Collection[str] = ()) -> Iterator[Signal]:
    """What is seen in the text as it was written (`raw`) and as the lists know it."""
    if phones.may_hold(raw):
        taken = yield from accounts.find(raw)
        if not taken:
            yield from phones.find(raw, language)
    if "@" in raw:
        yield from addresses.find(raw)
    if links.may_hold(raw):
        yield from links.find(raw, own_hosts)
    yield from spelled.find(text.line)
