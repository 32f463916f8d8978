from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Person
from core import clock
from programmes.models import Circle, CircleKind, CircleMember, EndReason, State
from tests.factories import make_circle, make_device, make_person

SignIn = Callable[[Person], APIClient]


@pytest.fixture
def signed_in() -> SignIn:
    def sign_in(person: Person) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_device(person=person)[1]}")
        return client

    return sign_in


@pytest.fixture
def proposed(fatima: Person, annemie: Person, nele: Person, bram: Person) -> Circle:
    return make_circle(state=State.PROPOSED, people=[fatima, annemie], coordinator=nele, deputy=bram)


class TestCircles:
    def test_begin_with_whom_to_call(self, circle: Circle, fatima: Person, annemie: Person, nele: Person, signed_in: SignIn) -> None:
        answer = signed_in(fatima).get("/api/v1/circles")

        [shown] = answer.json()["circles"]
        assert answer["Cache-Control"] == "no-store"
        assert next(iter(shown)) == "coordinator"
        assert shown["coordinator"] == {"person_id": str(nele.id), "name": "Nele", "phone_hint": "… 43 21"}
        assert [(member["name"], member["is_me"]) for member in shown["members"]] == [("Fatima", True), ("Annemie", False)]
        assert (shown["state"], shown["closes_at"]) == ("active", None)

    def test_keep_names_back_until_the_introduction(
        self, proposed: Circle, fatima: Person, annemie: Person, nele: Person, signed_in: SignIn
    ) -> None:
        answer = signed_in(fatima).get("/api/v1/circles")

        assert [member["name"] for member in answer.json()["circles"][0]["members"]] == ["Fatima", None]
        assert str(annemie.id) not in answer.content.decode()
        assert b"Annemie" in signed_in(nele).get("/api/v1/circles").content

    def test_show_nobody_to_somebody_invited_later_nor_them_to_the_others(
        self, fatima: Person, annemie: Person, nele: Person, bram: Person, signed_in: SignIn
    ) -> None:
        group = make_circle(kind=CircleKind.PEER_GROUP, people=[fatima, annemie], coordinator=nele, deputy=bram)
        sofie = make_person(name="Sofie")
        CircleMember.objects.create(circle=group, person=sofie, role="peer", invited_at=clock.now())

        shown = {p.id: signed_in(p).get("/api/v1/circles").json()["circles"][0]["members"] for p in (fatima, sofie)}

        assert {member["name"] for member in shown[fatima.id]} == {"Fatima", "Annemie", None}
        assert {member["name"] for member in shown[sofie.id]} == {None, "Sofie"}

    def test_of_others_are_not_shown(self, circle: Circle, signed_in: SignIn) -> None:
        assert signed_in(make_person()).get("/api/v1/circles").json() == {"circles": []}

    def test_never_say_why_one_ended(self, fatima: Person, annemie: Person, nele: Person, bram: Person, signed_in: SignIn) -> None:
        make_circle(state=State.ENDED, reason=EndReason.SAFETY, people=[fatima, annemie], coordinator=nele, deputy=bram)

        answer = signed_in(annemie).get("/api/v1/circles")

        assert answer.json()["circles"][0]["state"] == "ended"
        assert b"safety" not in answer.content

    def test_cost_as_many_queries_for_many_as_for_one(
        self, circle: Circle, fatima: Person, nele: Person, bram: Person, signed_in: SignIn
    ) -> None:
        client = signed_in(fatima)
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                client.get("/api/v1/circles")
            counts.append(len(queries))
            peers = [fatima, *(make_person() for _ in range(5))]
            make_circle(kind=CircleKind.PEER_GROUP, people=peers, coordinator=nele, deputy=bram)

        assert counts == [4, 4]  # the last one asks whether access still holds after reading

    def test_are_closed_to_strangers(self, db: None) -> None:
        assert APIClient().get("/api/v1/circles").status_code == 401


class TestAgree:
    def test_says_yes_as_often_as_the_phone_repeats_it(self, proposed: Circle, fatima: Person, signed_in: SignIn) -> None:
        client = signed_in(fatima)

        answers = [client.post(f"/api/v1/circles/{proposed.id}/agree") for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[1].json()["members"][0]["has_agreed"]

    def test_answers_alike_for_somebody_elses_circle_and_for_none(self, proposed: Circle, signed_in: SignIn) -> None:
        client = signed_in(make_person())

        others, missing = (client.post(f"/api/v1/circles/{circle_id}/agree") for circle_id in (proposed.id, uuid4()))

        assert others.status_code == missing.status_code == 404
        assert others.content == missing.content

    def test_comes_too_late_after_the_end(
        self, circle: Circle, fatima: Person, annemie: Person, nele: Person, bram: Person, signed_in: SignIn
    ) -> None:
        ended = make_circle(state=State.ENDED, people=[fatima, annemie], coordinator=nele, deputy=bram)

        answer = signed_in(fatima).post(f"/api/v1/circles/{ended.id}/agree")

        assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (409, "not_in_this_state", "ended")


class TestDecline:
    def test_says_no_as_often_as_the_phone_repeats_it(self, proposed: Circle, fatima: Person, signed_in: SignIn) -> None:
        client = signed_in(fatima)

        statuses = [client.post(f"/api/v1/circles/{proposed.id}/decline").status_code for _ in range(2)]

        assert statuses == [204, 204]
        proposed.refresh_from_db()
        assert proposed.end_reason == "declined"


class TestPauseAndResume:
    def test_let_a_member_rest_as_often_as_the_phone_repeats_it(self, circle: Circle, fatima: Person, signed_in: SignIn) -> None:
        client = signed_in(fatima)
        for action, state in (("pause", "paused"), ("resume", "active")):
            statuses = [client.post(f"/api/v1/circles/{circle.id}/{action}").status_code for _ in range(2)]

            assert statuses == [204, 204]
            circle.refresh_from_db()
            assert circle.state == state

    def test_say_who_may_end_the_rest(self, circle: Circle, fatima: Person, annemie: Person, nele: Person, signed_in: SignIn) -> None:
        clients = {person.name: signed_in(person) for person in (fatima, annemie, nele)}

        def may_resume() -> set[str]:
            return {name for name, client in clients.items() if client.get("/api/v1/circles").json()["circles"][0]["may_resume"]}

        assert may_resume() == set()
        clients["Annemie"].post(f"/api/v1/circles/{circle.id}/pause")

        assert may_resume() == {"Annemie", "Nele"}
        refused = clients["Fatima"].post(f"/api/v1/circles/{circle.id}/resume")
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        clients["Nele"].post(f"/api/v1/circles/{circle.id}/pause")
        assert may_resume() == {"Nele"}

    def test_come_too_early_before_the_trial_is_over(
        self, fatima: Person, annemie: Person, nele: Person, bram: Person, signed_in: SignIn
    ) -> None:
        trial = make_circle(state=State.TRIAL, people=[fatima, annemie], coordinator=nele, deputy=bram)

        answer = signed_in(fatima).post(f"/api/v1/circles/{trial.id}/pause")

        assert (answer.status_code, answer.json()["code"], answer.json()["action"]) == (409, "not_in_this_state", "pause")

    @pytest.mark.parametrize("action", ["pause", "resume"])
    def test_answer_alike_for_somebody_elses_circle_and_for_none(self, circle: Circle, signed_in: SignIn, action: str) -> None:
        client = signed_in(make_person())

        others, missing = (client.post(f"/api/v1/circles/{circle_id}/{action}") for circle_id in (circle.id, uuid4()))

        assert others.status_code == missing.status_code == 404
        assert others.content == missing.content
