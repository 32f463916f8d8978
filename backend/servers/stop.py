"""How every server of ours ends."""

from django.conf import settings

from chat.engine import running_engine
from notifications.worker import inside


async def stop_gently() -> None:
    """Not ready any more, then 4001 to every socket, then the last commits; notices that are under way are settled meanwhile."""
    inside.stop()
    engine = running_engine()
    if engine is not None:
        await engine.drain(seconds=settings.MAATJE_DRAIN_SECONDS)
        engine.stop()
    await inside.ended()
