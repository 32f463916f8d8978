"""Make an address, and read what is there."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Person
from tests.meetings.calendar.made import read_again, read_by_another

SignIn = Callable[[Person], APIClient]


def address_of(client: APIClient, **asked: bool) -> str:
    url: str = client.post("/api/v1/calendar", asked, format="json").json()["url"]
    return url.removeprefix("http://testserver")


def events_at(address: str) -> list[Any]:
    answer = Client().get(address)
    assert answer.status_code == 200
    read_by_another(answer.content)
    return read_again(answer.content).events
