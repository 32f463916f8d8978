"""Who moderates, and what there is to look at."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from accounts.models import Person, Role
from chat.models import Conversation
from moderation.reading import choices
from programmes.models import CircleKind
from tests.conftest import Clock
from tests.factories import make_circle, make_organisation, make_person
from tests.moderation.casework import say

pytest.register_assert_rewrite("tests.moderation.machine")  # what must hold is said there


@pytest.fixture
def sofie(db: None, now: datetime) -> Person:
    """A moderator."""
    return make_person(role=Role.MODERATOR, name="Sofie", now=now)


@pytest.fixture
def jan(db: None, now: datetime) -> Person:
    """Another moderator."""
    return make_person(role=Role.MODERATOR, name="Jan", now=now)


@pytest.fixture
def karin(db: None, now: datetime) -> Person:
    """A lead."""
    return make_person(role=Role.LEAD, name="Karin", now=now)


@pytest.fixture
def lotte(db: None, now: datetime) -> Person:
    """Another lead."""
    return make_person(role=Role.LEAD, name="Lotte", now=now)


@pytest.fixture
def stranger(db: None, now: datetime) -> Person:
    """A lead of another organisation."""
    return make_person(role=Role.LEAD, name="Iemand", organisation=make_organisation(name="Elders", now=now), now=now)


@pytest.fixture
def rosa(db: None, now: datetime) -> Person:
    """She looks again at what others decided."""
    return make_person(role=Role.REVIEWER, name="Rosa", now=now)


@pytest.fixture
def talk(fatima: Person, annemie: Person, conversation: Conversation, clock: Clock) -> Conversation:
    """Lines 1 to 20, in turn: the odd ones are Fatima's, the even ones Annemie's."""
    say(conversation, *((fatima if seq % 2 else annemie, f"zin {seq}") for seq in range(1, 21)), now=clock())
    return conversation


@pytest.fixture
def group(nele: Person, bram: Person, clock: Clock) -> Conversation:
    """Where Chantal (1), Dirk (2) and Amina (3) talk."""
    return make_circle(kind=CircleKind.PEER_GROUP, coordinator=nele, deputy=bram, now=clock()).conversation


@pytest.fixture
def chantal(group: Conversation) -> Person:
    return group.members.get(number=1).person


@pytest.fixture
def dirk(group: Conversation) -> Person:
    return group.members.get(number=2).person


@pytest.fixture
def fresh_choices() -> Iterator[None]:
    """What this process remembers of programmes that hold messages, before and after."""
    choices.forget()
    yield
    choices.forget()
