"""`manage.py serve` on a machine whose clock is wrong: only for tests, so only here."""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
sys.path.insert(0, str(Path.cwd()))

from core import clock

_true_now = clock.now
_SHIFT = timedelta(hours=int(os.environ.pop("TESTS_CLOCK_IS_WRONG_BY_HOURS")))


def _wrong_now() -> datetime:
    return _true_now() + _SHIFT


clock.now = _wrong_now

from django.core.management import execute_from_command_line

execute_from_command_line(["manage.py", *sys.argv[1:]])
