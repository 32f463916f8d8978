"""A file that a worker touches while it goes round; `manage.py health --worker` looks at its age."""

import time
from pathlib import Path

from django.conf import settings

PATIENCE_SECONDS = 300.0  # a day's retention may take minutes


def sign_of_life() -> Path:
    return Path(settings.MAATJE_DATA) / "worker-alive"


def note_life() -> None:
    try:
        sign_of_life().touch()
    except OSError:  # a full or read-only disk stops no notice
        pass


def seconds_since() -> float | None:
    """Since the last round of any worker with this data folder; None: there was none."""
    try:
        return max(0.0, time.time() - sign_of_life().stat().st_mtime)
    except OSError:
        return None
