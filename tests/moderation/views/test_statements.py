"""Letters and appeals over plain HTTP, and who read what."""

import pytest

from accounts.models import Person
from chat.models import Conversation
from core.ids import new_id
from moderation.actions import decisions, opening
from moderation.models import Appeal, Case, Decision, Statement
from moderation.words import DecisionKind, StatementKind
from tests.conftest import Clock
from tests.moderation.casework import claimed, flagged, fresh
from tests.moderation.views.conftest import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
STATEMENTS = "/api/v1/statements"


@pytest.fixture
def decided(talk: Conversation, fatima: Person, sofie: Person, clock: Clock) -> Case:
    """Annemie's line 2 was hidden: there is a letter for both."""
    case = claimed(flagged(fatima, talk, 2, now=clock()), sofie, now=clock())
    opening.open_case(case.id, by=sofie, now=clock())
    decisions.decide(
        case.id, kind=DecisionKind.HIDE, clause="respect", words="Je schreef iets dat pijn doet.", by=sofie,
        version=fresh(case).version, now=clock(),
    )  # fmt: skip
    return fresh(case)


def to(person: Person, kind: StatementKind) -> Statement:
    return Statement.objects.get(person=person, kind=kind)


class TestTheList:
    def test_has_ones_own_letters_and_counts_the_unread(self, annemie: Person, fatima: Person, decided: Case, signed_in: SignIn) -> None:
        his, hers = (signed_in(one).get(STATEMENTS).json() for one in (annemie, fatima))

        assert ([one["kind"] for one in his["statements"]], his["unread"]) == (["restriction"], 1)
        assert ([one["kind"] for one in hers["statements"]], hers["unread"]) == (["outcome"], 1)
        assert his["statements"][0].keys() == {"id", "kind", "title", "at", "is_read"}

    def test_is_empty_for_who_has_none(self, bram: Person, signed_in: SignIn) -> None:
        assert signed_in(bram).get(STATEMENTS).json() == {"statements": [], "unread": 0}


class TestOneLetter:
    def test_is_told_in_the_language_of_its_reader(self, annemie: Person, decided: Case, signed_in: SignIn) -> None:
        path = f"{STATEMENTS}/{to(annemie, StatementKind.RESTRICTION).id}"
        told = []
        for language in ("nl", "ar"):
            Person.objects.filter(id=annemie.id).update(language=language)
            told.append(signed_in(annemie).get(path).json())

        assert told[0]["title"] != told[1]["title"]
        assert all(letter["appeal_until"] and not letter["appealed_at"] for letter in told)

    def test_says_nothing_of_who_flagged(self, annemie: Person, fatima: Person, decided: Case, signed_in: SignIn) -> None:
        letter = signed_in(annemie).get(f"{STATEMENTS}/{to(annemie, StatementKind.RESTRICTION).id}").content.decode()

        assert fatima.name not in letter
        assert str(fatima.id) not in letter

    def test_is_read_once(self, annemie: Person, decided: Case, signed_in: SignIn) -> None:
        client, path = signed_in(annemie), f"{STATEMENTS}/{to(annemie, StatementKind.RESTRICTION).id}/read"

        assert [client.post(path).status_code for _ in range(2)] == [204, 204]
        assert client.get(STATEMENTS).json()["unread"] == 0

    @pytest.mark.parametrize(("method", "rest"), [("get", ""), ("post", "/read"), ("post", "/appeal")])
    def test_of_somebody_else_is_not_there(
        self, fatima: Person, annemie: Person, decided: Case, signed_in: SignIn, method: str, rest: str
    ) -> None:
        theirs, nobodys = to(annemie, StatementKind.RESTRICTION).id, new_id()
        ask = getattr(signed_in(fatima), method)

        answers = [ask(f"{STATEMENTS}/{id_}{rest}", {"words": "Nee"}, format="json") for id_ in (theirs, nobodys)]

        assert [(one.status_code, one.json()) for one in answers] == [(404, answers[0].json())] * 2


class TestAppealing:
    def test_goes_to_somebody_else_once(self, annemie: Person, decided: Case, signed_in: SignIn) -> None:
        client, path = signed_in(annemie), f"{STATEMENTS}/{to(annemie, StatementKind.RESTRICTION).id}"

        made = client.post(f"{path}/appeal", {"words": "Zo was het niet."}, format="json")
        again = client.post(f"{path}/appeal", {"words": "Zo was het niet."}, format="json")

        assert (made.status_code, made.json().keys()) == (201, {"at", "answer_by"})
        assert (again.status_code, again.json()["code"]) == (409, "nothing_to_appeal")
        assert Appeal.objects.get().words == "Zo was het niet."
        letter = client.get(path).json()
        assert (letter["appeal_until"], letter["appealed_at"]) == (None, made.json()["at"])

    def test_is_possible_for_six_months(self, annemie: Person, decided: Case, signed_in: SignIn, clock: Clock) -> None:
        client, path = signed_in(annemie), f"{STATEMENTS}/{to(annemie, StatementKind.RESTRICTION).id}"
        Decision.objects.update(appeal_until=clock())

        assert client.get(path).json()["appeal_until"] is None
        assert client.post(f"{path}/appeal", {"words": "Te laat"}, format="json").json()["code"] == "too_late_to_appeal"

    @pytest.mark.parametrize("words", ["", " ", "x" * 1_001, 7, None])
    def test_needs_some_words(self, annemie: Person, decided: Case, signed_in: SignIn, words: object) -> None:
        path = f"{STATEMENTS}/{to(annemie, StatementKind.RESTRICTION).id}/appeal"

        assert signed_in(annemie).post(path, {"words": words}, format="json").status_code == 400

    def test_is_not_for_who_flagged(self, fatima: Person, decided: Case, signed_in: SignIn) -> None:
        path = f"{STATEMENTS}/{to(fatima, StatementKind.OUTCOME).id}"
        client = signed_in(fatima)

        assert client.get(path).json()["appeal_until"] is None
        assert client.post(f"{path}/appeal", {"words": "Te licht"}, format="json").json()["code"] == "nothing_to_appeal"


class TestReadings:
    def test_say_when_in_which_role_and_how_much_and_never_who(
        self, annemie: Person, fatima: Person, sofie: Person, decided: Case, signed_in: SignIn
    ) -> None:
        (line,) = signed_in(annemie).get("/api/v1/me/readings").json()["readings"]

        assert (line["role"], line["lines"] > 0) == ("moderator", True)
        assert sofie.name not in str(line)

    def test_are_none_for_whom_nobody_read(self, talk: Conversation, annemie: Person, signed_in: SignIn) -> None:
        assert signed_in(annemie).get("/api/v1/me/readings").json() == {"readings": []}
