"""Tell what is due, send it, and keep house: as `manage.py worker`, or inside the server when that is all there is."""

from notifications.worker.main import Worker
from notifications.worker.waking import wake

__all__ = ["Worker", "wake"]
