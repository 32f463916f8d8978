"""How every server of ours ends."""

from django.conf import settings

from chat.engine import running_engine


async def stop_gently() -> None:
    """Not ready any more, then 4001 to every socket, then the last commits."""
    engine = running_engine()
    if engine is not None:
        await engine.drain(seconds=settings.MAATJE_DRAIN_SECONDS)
        engine.stop()
