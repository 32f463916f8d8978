"""Flags and questions to a professional over plain HTTP: the same acts as on the socket."""

from typing import Any

import pytest

from accounts.models import Person
from chat.models import Conversation
from core.ids import new_id
from moderation.models import Escalation, Flag
from moderation.words import FlagReason
from tests.conftest import Clock
from tests.moderation.casework import raise_flag
from tests.moderation.duty import make_shift
from tests.moderation.views.conftest import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def address(conversation: Conversation, what: str) -> str:
    return f"/api/v1/conversations/{conversation.id}/{what}"


class TestFlags:
    def test_give_a_receipt_and_the_same_to_a_retry(self, fatima: Person, talk: Conversation, signed_in: SignIn) -> None:
        client, said = signed_in(fatima), {"flag_id": str(new_id()), "reason": "hate", "target": 2, "words": "Dit doet pijn"}

        first, again = (client.post(address(talk, "flags"), said, format="json") for _ in range(2))

        assert (first.status_code, first.json()) == (201, again.json())
        assert first.json().keys() == {"flag_id", "at", "answer_by"}  # nobody is at work
        assert Flag.objects.get().words == "Dit doet pijn"

    def test_promise_the_same_hour_whether_or_not_others_flagged_before(
        self, fatima: Person, group: Conversation, signed_in: SignIn, clock: Clock
    ) -> None:
        """Else it would tell somebody that others did."""
        chantal, dirk, amina = (member.person for member in group.members.order_by("number"))
        raise_flag(chantal, group, member=2, reason=FlagReason.UNSAFE, now=clock())
        said = {"reason": "hate", "member": 2}

        of_dirk = signed_in(amina).post(address(group, "flags"), {**said, "flag_id": str(new_id())}, format="json").json()
        of_chantal = signed_in(amina).post(address(group, "flags"), {**said, "member": 1, "flag_id": str(new_id())}, format="json").json()

        assert of_dirk["answer_by"] == of_chantal["answer_by"]
        assert dirk != chantal

    def test_promise_nobody_before_somebody_is_there(
        self, fatima: Person, sofie: Person, talk: Conversation, signed_in: SignIn, clock: Clock
    ) -> None:
        """On a Saturday, without a roster; then with somebody who answers the telephone."""
        clock.move(days=5)
        client = signed_in(fatima)

        alone = client.post(address(talk, "flags"), {"reason": "money", "target": 2, "flag_id": str(new_id())}, format="json").json()
        make_shift(sofie, weekday=5, on_call=True)
        on_call = client.post(address(talk, "flags"), {"reason": "money", "target": 4, "flag_id": str(new_id())}, format="json").json()

        assert ("on_duty" in alone, alone["answer_by"]) == (False, "2026-03-09T08:00:00Z")
        assert (on_call["on_duty"], on_call["answer_by"]) == (True, "2026-03-07T13:30:00Z")

    @pytest.mark.parametrize(
        ("said", "status", "code"),
        [
            ({"reason": "money", "target": 99}, 404, "entry_not_found"),
            ({"reason": "money", "target": 1}, 400, "nothing_to_flag"),
            ({"reason": "money"}, 400, "nothing_to_flag"),
            ({"reason": "boring", "target": 2}, 400, "invalid"),
            ({"target": 2}, 400, "invalid"),
            ({"reason": "money", "target": 2, "words": "x" * 1_001}, 400, "invalid"),
            ({"reason": "money", "target": "2"}, 400, "invalid"),
        ],
    )
    def test_refuse_what_cannot_be_flagged(
        self, fatima: Person, talk: Conversation, signed_in: SignIn, said: dict[str, Any], status: int, code: str
    ) -> None:
        answer = signed_in(fatima).post(address(talk, "flags"), {"flag_id": str(new_id()), **said}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert not Flag.objects.exists()

    def test_belong_to_members_alone(self, nele: Person, talk: Conversation, signed_in: SignIn) -> None:
        said = {"flag_id": str(new_id()), "reason": "money", "target": 2}

        answer = signed_in(nele).post(address(talk, "flags"), said, format="json")

        assert (answer.status_code, answer.json()["code"]) == (404, "conversation_not_found")


class TestEscalations:
    def test_say_who_has_it_and_the_same_to_a_retry(self, fatima: Person, nele: Person, talk: Conversation, signed_in: SignIn) -> None:
        client, said = signed_in(fatima), {"escalation_id": str(new_id()), "urgency": "two_days", "words": "Kan je bellen?"}

        first, again = (client.post(address(talk, "escalations"), said, format="json") for _ in range(2))

        assert (first.status_code, first.json()) == (201, again.json())
        assert first.json()["name"] == nele.name
        assert Escalation.objects.get().words == "Kan je bellen?"

    def test_need_an_urgency_that_exists(self, fatima: Person, talk: Conversation, signed_in: SignIn) -> None:
        said = {"escalation_id": str(new_id()), "urgency": "yesterday"}

        assert signed_in(fatima).post(address(talk, "escalations"), said, format="json").status_code == 400
