import pytest

from accounts.models import Person
from chat.models import Conversation
from tests.web.plain.browser import Browser


@pytest.fixture
def fatimas(fatima: Person) -> Browser:
    """Fatima's, signed in."""
    return Browser.of(fatima)


@pytest.fixture
def hers(fatimas: Browser, conversation: Conversation) -> Browser:
    """Fatima's, with one conversation in her list."""
    return fatimas
