from datetime import UTC, datetime

from phone.calendar import day, hour, zone_of
from phone.words import words_for

BRUSSELS = zone_of("Europe/Brussels")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestHour:
    def test_is_where_the_person_lives(self) -> None:
        assert hour(at("2026-03-02T23:30"), BRUSSELS) == "00:30"

    def test_knows_summer(self) -> None:
        assert hour(at("2026-07-02T07:05"), BRUSSELS) == "09:05"


class TestDay:
    def test_begins_at_midnight_where_the_person_lives(self) -> None:
        now = at("2026-03-02T23:30")

        assert day(at("2026-03-02T23:05"), BRUSSELS, words_for("nl"), now=now) == "vandaag"
        assert day(at("2026-03-02T22:55"), BRUSSELS, words_for("nl"), now=now) == "gisteren"

    def test_names_older_days(self) -> None:
        now = at("2026-03-02T12:00")

        assert day(at("2026-02-27T12:00"), BRUSSELS, words_for("nl"), now=now) == "vr 27/2"
        assert day(at("2025-12-24T12:00"), BRUSSELS, words_for("fr"), now=now) == "me 24/12/2025"


class TestZoneOf:
    def test_a_zone_nobody_knows_is_ours(self) -> None:
        assert zone_of("Mars/Olympus") == zone_of("../../etc/passwd") == BRUSSELS
