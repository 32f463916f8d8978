"""The menu leads everywhere that somebody may go, and nowhere else."""

import pytest
from django.urls import resolve

from accounts.models import Role
from console.menu import ITEMS, Item, menu_of
from moderation.permissions import MAY, Permission
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def needed_at(item: Item) -> frozenset[Permission]:
    """What the gate asks there."""
    needed: frozenset[Permission] = vars(resolve(item.address).func)["needed"]
    return needed


class TestTheMenu:
    @pytest.mark.parametrize("role", list(MAY), ids=[role.value for role in MAY])
    def test_shows_what_a_role_may_open(self, role: Role) -> None:
        shown = menu_of(make_person(role=role))

        assert shown == [item for item in ITEMS if needed_at(item) & MAY[role]]
        assert shown

    def test_has_every_page_that_is_no_other_pages_part(self) -> None:
        assert {item.name.removeprefix("console:") for item in ITEMS} == {
            "queue", "circles", "appeals", "roster", "workload", "lists", "rules", "audit",
        }  # fmt: skip
