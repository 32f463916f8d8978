"""Tell what is due and send it: as `manage.py notify`, or inside the server when that is all there is."""

from notifications.worker.main import Worker
from notifications.worker.waking import wake

__all__ = ["Worker", "wake"]
