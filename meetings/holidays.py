"""Public holidays of the country where a zone is; a weekly meeting skips them."""

from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from importlib import resources

import holidays


def is_holiday(day: date, zone: str) -> bool:
    """Whether nobody expects a meeting on that day; never in a zone of which no country is known."""
    country = country_of(zone)
    return country != "" and day in _holidays(country, day.year)


def country_of(zone: str) -> str:
    """The ISO 3166 code of the country of a zone: `BE` of Europe/Brussels; empty for a zone of none, such as UTC."""
    return _countries().get(zone, "")


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:  # the zones may know a country that this release of the library does not
        return frozenset()


@cache
def _countries() -> dict[str, str]:
    """From the database's own tables: first what they place, then the older names (Asia/Calcutta) of those."""
    countries = {zone: country for country, _, zone, *_ in _rows("zone.tab", "\t")}
    older = {link: countries[zone] for kind, zone, link, *_ in _rows("tzdata.zi", " ") if kind == "L" and "/" in link and zone in countries}
    return older | countries


def _rows(name: str, separator: str) -> Iterator[list[str]]:
    text = (resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    rows = (line.split(separator) for line in text.splitlines() if not line.startswith("#"))
    return (row for row in rows if len(row) >= 3)
