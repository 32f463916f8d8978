"""Many letters at once, within the time that they have."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from notifications.sending import TIMEOUT, Fate, Letter, Retry

log = structlog.get_logger()

BUDGET = TIMEOUT - 2  # seconds for all letters of one call; the rest is for handing the fates back


async def fates(
    letters: Sequence[Letter], send_one: Callable[[Letter], Awaitable[Fate]], *, at_once: int, within: float = BUDGET
) -> list[Fate]:
    """The fate of each letter, in their order; none outlasts `within` seconds, and none that breaks takes its neighbours along."""
    turn = asyncio.Semaphore(at_once)
    deadline = asyncio.get_running_loop().time() + within

    async def one(letter: Letter) -> Fate:
        try:
            async with asyncio.timeout_at(deadline), turn:
                return await send_one(letter)
        except TimeoutError:
            return Retry("timeout")
        except Exception as problem:  # what nobody foresaw costs its own letter only
            log.error("channel_broke", error=type(problem).__name__)  # noqa: TRY400  # its message could hold somebody's address
            return Retry("unforeseen", alarms=True)

    return list(await asyncio.gather(*map(one, letters)))
