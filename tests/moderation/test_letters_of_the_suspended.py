"""Whoever is suspended reads why, and asks that somebody looks again; everything else is shut."""

from datetime import datetime

import pytest
from django.test import Client

from accounts.models import Person
from chat.models import Conversation
from moderation.models import Appeal
from moderation.words import DecisionKind, StatementKind
from tests.factories import make_device
from tests.moderation.deciding import decided, held_case, letter_to

pytestmark = pytest.mark.django_db


class TestSomebodySuspended:
    def test_reads_their_letter_and_appeals(
        self, talk: Conversation, fatima: Person, annemie: Person, karin: Person, now: datetime
    ) -> None:
        _, token = make_device(person=annemie)
        decided(held_case(fatima, talk, karin, now=now), DecisionKind.SUSPEND, karin, now=now)
        letter = letter_to(annemie, StatementKind.RESTRICTION)
        phone = Client(headers={"Authorization": f"Bearer {token}"})

        assert phone.get("/api/v1/me").json()["code"] == "suspended"
        (line,) = phone.get("/api/v1/statements").json()["statements"]
        told = phone.get(f"/api/v1/statements/{letter.id}").json()
        assert line["title"] == told["title"] == "Je kan Maatje nu niet gebruiken"
        assert phone.post(f"/api/v1/statements/{letter.id}/read").status_code == 204
        asked = phone.post(f"/api/v1/statements/{letter.id}/appeal", {"words": "Het was een grap."}, content_type="application/json")
        assert (asked.status_code, Appeal.objects.get().person) == (201, annemie)
