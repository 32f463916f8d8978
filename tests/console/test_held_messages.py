from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import Person, Role
from chat.models import Conversation, Entry
from moderation.models import Case, PreModeration
from moderation.reading import choices
from programmes.models import CircleKind
from tests.chat.words import message, send
from tests.conftest import Clock
from tests.console.test_case_page import address
from tests.factories import make_circle
from tests.moderation.casework import claimed, fresh

WORDS = "Wie komt er morgen?"


@pytest.fixture
def group(nele: Person, bram: Person, clock: Clock) -> Iterator[Conversation]:
    """A group of which every message is seen first."""
    circle = make_circle(kind=CircleKind.PEER_GROUP, coordinator=nele, deputy=bram, now=clock())
    PreModeration.objects.create(programme=circle.programme, holds="all", hours=24)
    choices.forget()
    yield circle.conversation
    choices.forget()


class TestAMessageThatWaits:
    def test_is_read_and_let_through_by_who_holds_its_case(self, office: Client, karim: Person, group: Conversation, clock: Clock) -> None:
        send(message(group.members.get(number=1).person, group, WORDS), now=clock())
        case = claimed(Case.objects.get(conversation=group), karim, now=clock())

        page = office.get(address(case)).content.decode()
        assert "1 bericht wacht op jou" in page and WORDS in page
        office.post(address(case, "let-through/"), {"version": fresh(case).version})

        assert Entry.objects.filter(conversation=group, kind="message").count() == 1
        assert "wacht op jou" not in office.get(address(case)).content.decode()
        assert karim.role == Role.MODERATOR
