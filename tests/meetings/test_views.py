"""Meetings over plain HTTP: the same acts as on the socket, what is planned, days away, and bad input of every kind."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Person
from chat.models import Conversation
from core.ids import new_id
from meetings.models import Away, Meeting, Report
from tests.conftest import Clock
from tests.factories import make_device
from tests.meetings.acts import THURSDAY, WEDNESDAY, do, newest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SignIn = Callable[[Person], APIClient]
WEDNESDAY_14 = {"start": "2026-03-04T14:00", "minutes": 90}


@pytest.fixture
def signed_in(now: datetime) -> SignIn:
    def sign_in(person: Person) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_device(person=person, now=now)[1]}")
        return client

    return sign_in


def post(client: APIClient, conversation: Conversation, path: str = "", **body: Any) -> Any:
    address = f"/api/v1/conversations/{conversation.id}/meetings{path}"
    return client.post(address, {"draft_id": str(new_id()), **body} if not path.endswith("held") else body, format="json")


class TestTheLifeOfOne:
    def test_goes_by_http_as_by_socket(self, fatima: Person, annemie: Person, conversation: Conversation, signed_in: SignIn) -> None:
        hers, his = signed_in(fatima), signed_in(annemie)

        assert post(his, conversation, times=[WEDNESDAY_14], place="Bib").status_code == 201
        assert post(hers, conversation, "/1/counter", version=1, times=[{"start": "2026-03-05T10:00"}]).status_code == 201
        assert post(his, conversation, "/1/accept", version=2).json()["seq"] == 3
        assert (newest(fatima, conversation).state, newest(fatima, conversation).place) == ("agreed", "Bib")
        assert post(his, conversation, "/1/move", times=[WEDNESDAY_14]).status_code == 201
        assert post(hers, conversation, "/1/decline", version=3).status_code == 201
        assert newest(fatima, conversation).state == "declined"
        assert post(hers, conversation, "/1/cancel").status_code == 201
        assert newest(annemie, conversation).state == "cancelled"

    def test_gives_a_retry_the_same_answer(self, annemie: Person, conversation: Conversation, signed_in: SignIn) -> None:
        client, draft_id = signed_in(annemie), str(new_id())
        first = post(client, conversation, draft_id=draft_id, times=[WEDNESDAY_14])
        again = post(client, conversation, draft_id=draft_id, times=[WEDNESDAY_14])

        assert (first.status_code, first.json()) == (again.status_code, again.json())
        assert Meeting.objects.count() == 1


BAD = {
    "no time": ({"times": []}, "wrong_number_of_times"),
    "10,000 times": ({"times": [WEDNESDAY_14] * 1_000}, "invalid"),
    "the same time twice": ({"times": [WEDNESDAY_14, WEDNESDAY_14]}, "wrong_number_of_times"),
    "a time that is over": ({"times": [{"start": "2026-03-01T14:00"}]}, "time_is_past"),
    "a year and more ahead": ({"times": [{"start": "2027-05-01T14:00"}]}, "time_too_far"),
    "an end before its start": ({"times": [{"start": "2026-03-04T14:00", "minutes": -60}]}, "invalid"),
    "no duration": ({"times": [{"start": "2026-03-04T14:00", "minutes": 0}]}, "invalid"),
    "four minutes": ({"times": [{"start": "2026-03-04T14:00", "minutes": 4}]}, "bad_duration"),
    "366 days": ({"times": [{"start": "2026-03-04T14:00", "minutes": 366 * 1_440}]}, "invalid"),
    "a skipped time": ({"times": [{"start": "2026-03-29T02:30"}]}, "time_does_not_exist"),
    "a time that comes twice": ({"times": [{"start": "2026-10-25T02:30"}]}, "time_is_ambiguous"),
    "a day that is none": ({"times": [{"start": "2026-02-30T14:00"}]}, "bad_time"),
    "a time with a zone": ({"times": [{"start": "2026-03-04T14:00Z"}]}, "invalid"),
    "digits of elsewhere": ({"times": [{"start": "\u0662\u0660\u0662\u0666-03-04T14:00"}]}, "bad_time"),
    "an unknown zone": ({"times": [WEDNESDAY_14], "zone": "Europe/Gent"}, "invalid"),
    "a zone that is a path": ({"times": [WEDNESDAY_14], "zone": "../../etc/passwd"}, "invalid"),
    "a bomb": ({"times": [WEDNESDAY_14], "repeat": "FREQ=SECONDLY"}, "bad_repeat"),
    "a longer bomb": ({"times": [WEDNESDAY_14], "repeat": "FREQ=WEEKLY;COUNT=999999999"}, "bad_repeat"),
    "two times of a series": ({"times": [WEDNESDAY_14, {"start": "2026-03-05T14:00"}], "repeat": "FREQ=WEEKLY"}, "wrong_number_of_times"),
    "a place of 4 kB": ({"times": [WEDNESDAY_14], "place": "x" * 4_096}, "place_too_long"),
    "a place that turns what follows around": ({"times": [WEDNESDAY_14], "place": "Bib \u202e"}, "body_invalid"),
    "a zone that is another one elsewhere": ({"times": [WEDNESDAY_14], "zone": "localtime"}, "invalid"),
    "a place with controls": ({"times": [WEDNESDAY_14], "place": "Bib\u0007"}, "body_invalid"),
    "a purpose that is none": ({"times": [WEDNESDAY_14], "purpose": "poverty"}, "invalid"),
    "a purpose that is a list": ({"times": [WEDNESDAY_14], "purpose": ["work"]}, "invalid"),
    "no object": ([1], "invalid"),
}


class TestBadInput:
    @pytest.mark.parametrize(("body", "code"), BAD.values(), ids=BAD)
    def test_is_refused_by_name_and_leaves_nothing(
        self, annemie: Person, conversation: Conversation, signed_in: SignIn, body: Any, code: str
    ) -> None:
        said = {"draft_id": str(new_id()), **body} if isinstance(body, dict) else body
        answer = signed_in(annemie).post(f"/api/v1/conversations/{conversation.id}/meetings", said, format="json")

        assert (answer.json()["code"], answer.status_code // 100) == (code, 4)
        assert not Meeting.objects.exists()

    def test_that_is_a_line_break_in_a_place_is_no_harm(self, annemie: Person, conversation: Conversation, signed_in: SignIn) -> None:
        assert post(signed_in(annemie), conversation, times=[WEDNESDAY_14], place="Bib\nzaal 2 🙂").status_code == 201

    @pytest.mark.parametrize("number", ["0", "2", "999999999", "-1", "1.5", "x", "99999999999999999999"])
    def test_that_names_no_meeting_finds_none(self, annemie: Person, conversation: Conversation, signed_in: SignIn, number: str) -> None:
        assert post(signed_in(annemie), conversation, f"/{number}/accept", version=1).status_code == 404

    @pytest.mark.parametrize("path", ["accept", "decline", "counter", "move", "cancel", "held"])
    def test_of_a_stranger_answers_as_what_is_not_there(
        self, annemie: Person, elsewhere: Conversation, signed_in: SignIn, now: datetime, path: str
    ) -> None:
        member = elsewhere.members.get(number=1).person
        do(member, elsewhere, "propose", times=[WEDNESDAY], now=now)
        body = {"took_place": True} if path == "held" else {"version": 1, "times": [WEDNESDAY_14]}

        there = post(signed_in(annemie), elsewhere, f"/1/{path}", **body)
        missing = post(signed_in(annemie), elsewhere, f"/7/{path}", **body)

        assert there.json() == missing.json()
        assert there.status_code == 404


class TestTheAgenda:
    def test_says_what_is_planned_and_what_speaks_against_it(
        self, fatima: Person, annemie: Person, conversation: Conversation, signed_in: SignIn, now: datetime
    ) -> None:
        do(annemie, conversation, "propose", times=[THURSDAY], now=now)
        do(fatima, conversation, "accept", meeting=1, version=1, now=now)
        do(annemie, conversation, "propose", times=[WEDNESDAY, THURSDAY], now=now)

        said = signed_in(fatima).get("/api/v1/meetings").json()["meetings"]

        assert [(one["meeting"], one["start"], one["you"], one["goes_ahead"], one["warnings"]) for one in said] == [
            (2, "2026-03-04T14:00", "asked", False, []),
            (1, "2026-03-05T10:00", "yes", True, []),
            (2, "2026-03-05T10:00", "asked", False, ["clash"]),
        ]
        assert signed_in(fatima).get("/api/v1/meetings").json() == {"meetings": said}

    def test_shows_nothing_of_others(self, fatima: Person, elsewhere: Conversation, signed_in: SignIn, now: datetime) -> None:
        do(elsewhere.members.get(number=1).person, elsewhere, "propose", times=[WEDNESDAY], now=now)

        assert signed_in(fatima).get("/api/v1/meetings").json() == {"meetings": []}

    def test_names_each_date_of_a_series_but_those_that_do_not_happen(
        self, fatima: Person, annemie: Person, conversation: Conversation, signed_in: SignIn, now: datetime
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY;COUNT=4", now=now)
        do(fatima, conversation, "accept", meeting=1, version=1, now=now)
        do(fatima, conversation, "cancel", meeting=1, date="2026-03-11", now=now)
        signed_in(annemie).post("/api/v1/away", {"first_date": "2026-03-16", "last_date": "2026-03-20"}, format="json")

        said = signed_in(fatima).get("/api/v1/meetings").json()["meetings"]
        (away,) = [one for one in signed_in(annemie).get("/api/v1/meetings").json()["meetings"] if one["why_not"] == "away"]

        assert (away["you"], away["warnings"]) == ("yes", ["away"])
        assert [(one["date"], one["goes_ahead"], one["why_not"]) for one in said] == [
            ("2026-03-04", True, ""),
            ("2026-03-18", False, "away"),
            ("2026-03-25", True, ""),
        ]

    def test_asks_once_whether_it_took_place(
        self, fatima: Person, annemie: Person, conversation: Conversation, signed_in: SignIn, clock: Clock
    ) -> None:
        client = signed_in(fatima)
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        do(fatima, conversation, "accept", meeting=1, version=1, now=clock())
        assert post(client, conversation, "/1/held", took_place=True).json()["code"] == "not_over_yet"
        clock.move(days=3)

        (before,) = client.get("/api/v1/meetings").json()["meetings"]
        assert post(client, conversation, "/1/held", took_place=False, note="Ze was ziek.").status_code == 204
        (after,) = client.get("/api/v1/meetings").json()["meetings"]

        assert (before["asks_held"], before["took_place"]) == (True, None)
        assert (after["asks_held"], after["took_place"]) == (False, False)
        said = Report.objects.get()
        assert conversation.data_key is not None
        assert said.note(key=conversation.data_key.unwrap()) == "Ze was ziek."
        assert b"ziek" not in bytes(said.note_sealed or b"")

    def test_what_is_said_later_counts(
        self, fatima: Person, annemie: Person, conversation: Conversation, signed_in: SignIn, clock: Clock
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        clock.move(days=3)
        client = signed_in(fatima)
        for took_place in (False, True):
            assert post(client, conversation, "/1/held", took_place=took_place).status_code == 204

        assert Report.objects.get().took_place
        assert not signed_in(annemie).get("/api/v1/meetings").json()["meetings"][0]["took_place"]


HELD = {
    "a note of 4 kB": ({"took_place": True, "note": "x" * 4_096}, "note_too_long"),
    "a note with controls": ({"took_place": True, "note": "\u0007"}, "body_invalid"),
    "a date of what is no series": ({"took_place": True, "date": "2026-03-04"}, "no_such_date"),
    "a date that is none": ({"took_place": True, "date": "yesterday"}, "invalid"),
    "nothing said": ({}, "invalid"),
    "maybe": ({"took_place": "maybe"}, "invalid"),
}


class TestWhatCannotBeReported:
    @pytest.mark.parametrize(("body", "code"), HELD.values(), ids=HELD)
    def test_is_refused(self, annemie: Person, conversation: Conversation, signed_in: SignIn, clock: Clock, body: Any, code: str) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        clock.move(days=3)

        assert post(signed_in(annemie), conversation, "/1/held", **body).json()["code"] == code
        assert not Report.objects.exists()


class TestTimesThatSomebodyThinksOf:
    def test_are_looked_at_without_asking_anybody(
        self, fatima: Person, annemie: Person, conversation: Conversation, signed_in: SignIn, now: datetime
    ) -> None:
        do(annemie, conversation, "propose", times=[THURSDAY], now=now)
        times = [{"start": "2026-03-05T11:15"}, {"start": "2026-03-05T22:30"}, {"start": "2026-03-29T02:30"}]

        said = signed_in(annemie).post("/api/v1/meetings/check", {"times": times}, format="json").json()["times"]

        assert said[0]["warnings"] == ["tight"] and said[1]["warnings"] == ["quiet_hours"]
        assert (said[2]["code"], said[2]["next"]) == ("time_does_not_exist", "2026-03-29T03:30")
        assert Meeting.objects.count() == 1
        theirs = signed_in(fatima).post("/api/v1/meetings/check", {"times": times[:1]}, format="json").json()["times"]
        assert theirs[0]["warnings"] == []

    @pytest.mark.parametrize(("begins", "ends", "quiet"), [("20:00", "09:00", ["02:30", "08:30", "19:30"]), ("00:00", "00:00", ["02:30"])])
    def test_are_quiet_when_the_person_chose_to_be(
        self, fatima: Person, signed_in: SignIn, begins: str, ends: str, quiet: list[str]
    ) -> None:
        """Who never wants silence is still asked whether half past two at night is meant."""
        phone = signed_in(fatima)
        phone.patch("/api/v1/notices", {"quiet_from": begins, "quiet_until": ends}, format="json")

        warned = []
        for clock in ("02:30", "08:30", "18:30", "19:30"):
            asked = {"times": [{"start": f"2026-03-05T{clock}"}]}
            warned += [clock] if phone.post("/api/v1/meetings/check", asked, format="json").json()["times"][0]["warnings"] else []

        assert warned == quiet


class TestDaysAway:
    def test_are_one_s_own(self, fatima: Person, annemie: Person, signed_in: SignIn) -> None:
        client = signed_in(fatima)
        made = client.post("/api/v1/away", {"first_date": "2026-03-16", "last_date": "2026-03-20"}, format="json").json()

        assert client.get("/api/v1/away").json() == {"away": [made]}
        assert signed_in(annemie).get("/api/v1/away").json() == {"away": []}
        assert signed_in(annemie).delete(f"/api/v1/away/{made['id']}").status_code == 404
        assert client.delete(f"/api/v1/away/{made['id']}").status_code == 204
        assert not Away.objects.exists()

    @pytest.mark.parametrize(
        ("first", "last", "code"),
        [
            ("2026-03-20", "2026-03-16", "bad_absence"),
            ("2026-01-01", "2026-01-02", "bad_absence"),
            ("2026-03-03", "2027-03-20", "bad_absence"),
            ("2030-03-03", "2030-03-04", "bad_absence"),
            ("tomorrow", "2026-03-20", "invalid"),
        ],
    )
    def test_that_cannot_be_are_refused(self, fatima: Person, signed_in: SignIn, first: str, last: str, code: str) -> None:
        answer = signed_in(fatima).post("/api/v1/away", {"first_date": first, "last_date": last}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (400, code)

    def test_are_thirty_at_most(self, fatima: Person, signed_in: SignIn) -> None:
        days = [date(2026, 4, day) for day in range(1, 31)]
        Away.objects.bulk_create(Away(person=fatima, first_date=day, last_date=day) for day in days)

        answer = signed_in(fatima).post("/api/v1/away", {"first_date": "2026-05-01", "last_date": "2026-05-01"}, format="json")

        assert answer.json()["code"] == "too_many_absences"
