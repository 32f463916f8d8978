"""Time zones by their IANA name."""

from functools import cache
from zoneinfo import available_timezones

from core.errors import Invalid


def clean_zone(zone: str) -> str:
    """A name the time zone database knows. :raises Invalid:"""
    if zone not in _known():
        raise Invalid(problems={"zone": ["Give the name of a time zone, such as Europe/Brussels."]})
    return zone


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
