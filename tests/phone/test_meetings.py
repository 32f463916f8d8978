from typing import Any

from phone.meetings import newest, told
from phone.planned import DateChange, MeetingTime
from phone.words import words_for
from tests.phone.entries import meeting, planned

NL = words_for("nl")
NAMES = {0: "de organisatie", 1: "jij", 2: "Annemie"}


def said(*, year: int = 2026, home: str = "Europe/Brussels", **more: Any) -> str:
    plain = {"number": 1, "version": 1, "act": "propose", "state": "proposed", "proposer": 2, "zone": "Europe/Brussels", "yes": [2]}
    return told(meeting(**{**plain, **more}), NL, author="Annemie", name=NAMES.__getitem__, year=year, zone=home)


class TestTold:
    def test_shows_every_time_that_is_asked(self) -> None:
        times = [MeetingTime("2026-11-25T14:00", 60), MeetingTime("2026-11-26T23:30", 60)]

        assert "wo 25/11 14:00–15:00 / do 26/11 23:30–00:30" in said(times=times)

    def test_names_a_year_and_a_zone_that_one_might_not_expect(self) -> None:
        assert "wo 25/11/2026 14:00" in said(year=2025)
        assert " · New York · " in said(zone="America/New_York", online=True)
        assert "Brussels" not in said()

    def test_says_that_it_is_online_and_how_often(self) -> None:
        assert "· om de twee weken · online\n" in said(repeat="FREQ=WEEKLY;INTERVAL=2", online=True)

    def test_of_one_day_of_a_series_tells_what_becomes_of_that_day(self) -> None:
        moved = DateChange("2026-12-02", time=MeetingTime("2026-12-03T15:00", 30), yes=[2])
        off = DateChange("2026-12-09", cancelled=True)

        series: dict[str, Any] = {"repeat": "FREQ=WEEKLY", "changes": [moved, off], "state": "agreed"}
        assert said(act="move", date="2026-12-02", **series) == (
            "Annemie: verzet, afspraak 1 · wo 2/12 → do 3/12 15:00–15:30\n→ gevraagd · ja: Annemie"
        )
        assert said(act="cancel", date="2026-12-09", **series) == "Annemie: afgezegd, afspraak 1 · wo 9/12\n→ gaat niet door"

    def test_does_not_steer_the_terminal_and_shows_what_a_newer_server_says(self) -> None:
        assert "De[2J Krook" in said(place="De\x1b[2J\nKrook")
        assert "Annemie: postponed, afspraak 1" in said(act="postponed")


class TestNewest:
    def test_is_the_last_entry_of_each(self) -> None:
        log = [planned(1, "propose"), planned(2, "propose", number=2), planned(3, "move", version=2)]

        assert {number: one.version for number, one in newest(log).items()} == {1: 2, 2: 1}
