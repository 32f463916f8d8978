from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from notifications.channels.webpush import WebPush
from privacy.push_keys import push_key
from tests.doubles.push_service import FakePushService
from tests.notifications.channels.webpush.letters import SUBJECT


@pytest.fixture
def push() -> Iterator[FakePushService]:
    with FakePushService() as service:
        yield service


@pytest_asyncio.fixture
async def channel(push: FakePushService) -> AsyncIterator[WebPush]:
    channel = WebPush(push_key(), subject=SUBJECT, **push.reach)
    yield channel
    await channel.close()
