import pytest

from accounts.models import Person
from chat.models import Conversation
from tests.chat.conftest import amina, chantal, dirk, elsewhere, group, group_circle  # noqa: F401  # fixtures are found by their names here
from tests.conftest import Clock
from tests.meetings.acts import WEDNESDAY, do
from tests.web.plain.browser import Browser


@pytest.fixture
def fatimas(fatima: Person) -> Browser:
    """Fatima's, signed in."""
    return Browser.of(fatima)


@pytest.fixture
def hers(fatimas: Browser, conversation: Conversation) -> Browser:
    """Fatima's, with one conversation in her list."""
    return fatimas


@pytest.fixture
def annemies(annemie: Person, conversation: Conversation) -> Browser:
    return Browser.of(annemie)


@pytest.fixture
def asked(annemie: Person, conversation: Conversation, clock: Clock) -> Conversation:
    """Annemie asks Fatima for Wednesday at two."""
    do(annemie, conversation, "propose", times=[WEDNESDAY], place="Café De Zwaan", purpose="leisure", now=clock())
    return conversation


@pytest.fixture
def series(annemie: Person, fatima: Person, conversation: Conversation, clock: Clock) -> Conversation:
    """Every Wednesday at two, agreed."""
    do(annemie, conversation, "propose", times=[WEDNESDAY], repeat="FREQ=WEEKLY", now=clock())
    do(fatima, conversation, "accept", meeting=1, version=1, now=clock())
    return conversation
