"""Load the page as a browser does, and weigh all of it."""

import re
from dataclasses import dataclass
from pathlib import Path

from bench import month
from bench.bytes.app import SHELL, WORKER, Missing, Shop, decode, first_load, version_of
from bench.bytes.talks import Seats
from bench.houses import House
from chat.lite import dictionaries
from tests.services.maatje import ROOT

COOKIE = "__Host-maatje"
A_DAY = 86_400
_PAGE = ROOT / "web" / "page"
_WORDS = re.compile(r"/w/words/[a-z]{2}\.js")
_OF_A_LANGUAGE = re.compile(r"/w/(?:words|help)/([a-z]{2})\b")
_FILES = {".html", ".css", ".js", ".svg", ".png", ".webmanifest", ".json"}


@dataclass(frozen=True, slots=True)
class App:
    """What a browser loads: first, in all (both of the largest language), its headers, and how often it asks for the service worker."""

    first: int
    total: int
    others: int  # the words, help and dictionaries of the other four languages
    heads: int
    checks_a_day: float
    page_of_20: int


def version(house: House) -> str:
    """Of the page that is served."""
    shop = Shop(house.maatje.url)
    found = version_of(decode(shop.fetch(SHELL)))
    shop.close()
    return found


def weigh_app(house: House, seats: list[Seats]) -> App:
    """:raises Missing: the page names a file that is not there."""
    shop = Shop(house.maatje.url)
    shell = shop.fetch(SHELL)
    loads = {}
    for language in sorted(path.stem for path in (_PAGE / "words").glob("??.js")):
        names = first_load(decode(shell), language=language, dictionary=dictionaries.newest(language).url)
        loads[language] = {name: shop.fetch(name) for name in names}
    largest = max(loads.values(), key=lambda files: sum(len(file.body) for file in files.values()))
    everything = {name: file for files in loads.values() for name, file in files.items()}
    for path in sorted(path for path in _PAGE.rglob("*") if path.suffix in _FILES):
        name = f"/w/{path.relative_to(_PAGE).as_posix()}"
        if path.name not in {"index.html", Path(WORKER).name} and name not in everything:
            try:
                everything[name] = shop.fetch(name)
            except Missing:  # a source that is served as a part of another file
                continue
    shop.close()
    (own,) = (Path(name).stem for name in largest if _WORDS.match(name))
    foreign = {name for name in everything.keys() - largest.keys() if name.startswith("/lite/") or _of_another(name, own)}
    others = sum(len(everything.pop(name).body) for name in foreign)
    kept = largest[WORKER].cached
    return App(
        first=sum(len(file.body) for file in largest.values()),
        total=sum(len(file.body) for file in everything.values()),
        others=others,
        heads=sum(file.head for file in largest.values()),
        checks_a_day=1 if kept >= A_DAY else month.VISITS_A_DAY,
        page_of_20=max(_plain_page(house, one) for one in seats),
    )


def _of_another(name: str, language: str) -> bool:
    """Whether a file speaks another language: nobody's phone fetches those."""
    found = _OF_A_LANGUAGE.match(name)
    return found is not None and found[1] != language


def _plain_page(house: House, seats: Seats) -> int:
    """The conversation as it is without JavaScript."""
    shop = Shop(house.maatje.url, cookie=f"{COOKIE}={seats.browser}; {COOKIE}-who=1")
    size = len(shop.fetch("/t/1").body)
    shop.close()
    return size
