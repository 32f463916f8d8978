"""Instants as a person reads them, where they live. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from phone.words import Words


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("Europe/Brussels")


def hour(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M")


def day(at: datetime, zone: ZoneInfo, words: Words, *, now: datetime) -> str:
    """`today`, `yesterday`, or a weekday with its date."""
    here, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    if here == today:
        return words.today
    if here == today - timedelta(days=1):
        return words.yesterday
    year = f"/{here.year}" if here.year != today.year else ""
    return f"{words.weekdays[here.weekday()]} {here.day}/{here.month}{year}"
