"""Mail addresses and names on other networks."""

import re
from collections.abc import Iterator

from moderation.screening.signals import Signal

_MAIL = re.compile(r"([\w.+\-]{1,64})@[\w\-]+(?:\.[\w\-]+)*\.[a-z]{2,}", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.@/])@(?=\w*[\d_.])[a-z0-9_.]{4,30}", re.IGNORECASE)  # "@Jan" calls somebody here; "@jan_92" is elsewhere
_DESKS = frozenset({
    "info", "contact", "onthaal", "hulp", "help", "support", "secretariaat", "accueil", "noreply", "no-reply", "hello", "receptie", "aanvraag", "inschrijvingen",
})  # fmt: skip


def find(raw: str) -> Iterator[Signal]:
    people = [match[1] for match in _MAIL.finditer(raw) if match[1].lower() not in _DESKS]
    if people:
        yield Signal("contact", 2, "mail_address", "detector")
    if _HANDLE.search(raw):
        yield Signal("contact", 2, "name_elsewhere", "detector")
