"""Time zones by their IANA name."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from core.errors import Invalid


def clean_zone(zone: str) -> str:
    """A name the time zone database knows. :raises Invalid:"""
    if zone not in _known():
        raise Invalid(problems={"zone": ["Give the name of a time zone, such as Europe/Brussels."]})
    return zone


def month_in(zone: str, now: datetime) -> date:
    """The first day of the month that it is in a zone; a bundle is counted from there."""
    return now.astimezone(ZoneInfo(zone)).date().replace(day=1)


OF_THIS_MACHINE = {"localtime", "Factory"}  # another zone elsewhere, or none


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones() - OF_THIS_MACHINE)
