"""A used-up data budget takes photos and the socket away; never words, never safety."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts import policy
from accounts.actions import data_use
from accounts.models import Person
from chat.models import Conversation
from tests.factories import make_device

WAYS: dict[str, tuple[Callable[[APIClient, Conversation, Person], Any], int]] = {
    "say something": (
        lambda client, room, other: client.post(
            f"/api/v1/conversations/{room.id}/entries", {"draft_id": str(uuid4()), "body": "Help"}, format="json"
        ),
        201,
    ),
    "read": (lambda client, room, other: client.get(f"/api/v1/conversations/{room.id}/entries"), 200),
    "see who answers for the circle": (lambda client, room, other: client.get("/api/v1/circles"), 200),
    "rest the circle": (lambda client, room, other: client.post(f"/api/v1/circles/{room.circle_id}/pause"), 204),
    "block somebody": (lambda client, room, other: client.put(f"/api/v1/blocks/{other.id}"), 204),
    "leave": (lambda client, room, other: client.post(f"/api/v1/conversations/{room.id}/leave"), 204),
    "raise the limit": (lambda client, room, other: client.patch("/api/v1/me", {"data_budget": None}, format="json"), 200),
    "sign out": (lambda client, room, other: client.post("/api/v1/sign-out"), 204),
    "open the plain page for help": (lambda client, room, other: client.get("/t/help"), 200),
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_somebody_at_100_per_cent_may_still(
    way: str, fatima: Person, annemie: Person, conversation: Conversation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_use, "standing", lambda person, now: data_use.Standing(2_000_000, 1_000_000, 100))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_device(person=fatima, now=now)[1]}")
    act, expected = WAYS[way]

    assert act(client, conversation, annemie).status_code == expected


def test_what_ends_when() -> None:
    assert [policy.leaves_no_room_for_media(step) for step in (0, 50, 80, 100)] == [False, False, True, True]
    assert [policy.leaves_no_room_for_a_socket(step) for step in (0, 50, 80, 100)] == [False, False, False, True]
