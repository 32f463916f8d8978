"""Public holidays, by the country of a zone."""

from datetime import date

import pytest

from meetings import holidays


class TestTheCountryOfAZone:
    @pytest.mark.parametrize(
        ("zone", "country"),
        [
            ("Europe/Brussels", "BE"),
            ("Europe/Amsterdam", "NL"),
            ("Europe/Istanbul", "TR"),
            ("America/New_York", "US"),
            ("Asia/Kolkata", "IN"),
            ("Asia/Calcutta", "IN"),
            ("Europe/Kiev", "UA"),
            ("UTC", ""),
            ("Etc/GMT+1", ""),
            ("CET", ""),
            ("Nowhere/Else", ""),
        ],
    )
    def test_is_what_the_database_says(self, zone: str, country: str) -> None:
        assert holidays.country_of(zone) == country


class TestHolidays:
    @pytest.mark.parametrize(
        "day",
        [
            date(2026, 12, 25),
            date(2027, 1, 1),
            date(2027, 3, 29),  # Easter Monday, which moves
            date(2027, 5, 6),  # Ascension
            date(2026, 7, 21),  # the national day
            date(2028, 11, 11),
        ],
    )
    def test_are_those_of_belgium_in_brussels(self, day: date) -> None:
        assert holidays.is_holiday(day, "Europe/Brussels")

    @pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 11, 25), date(2026, 4, 27), date(2026, 7, 4)])
    def test_are_no_other_days(self, day: date) -> None:
        assert not holidays.is_holiday(day, "Europe/Brussels")

    def test_are_each_countrys_own(self) -> None:
        assert holidays.is_holiday(date(2026, 4, 27), "Europe/Amsterdam")
        assert not holidays.is_holiday(date(2026, 7, 21), "Europe/Amsterdam")

    @pytest.mark.parametrize("zone", ["UTC", "CET", "Nowhere/Else"])
    def test_are_none_where_no_country_is_known(self, zone: str) -> None:
        assert not holidays.is_holiday(date(2026, 12, 25), zone)

    def test_are_never_an_error_however_far_the_year(self) -> None:
        assert not holidays.is_holiday(date(9998, 7, 3), "Europe/Brussels")
