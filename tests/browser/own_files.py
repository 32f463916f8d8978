"""`manage.py serve` with a page of its own, whose files a test may change: only for tests, so only here."""

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
sys.path.insert(0, str(Path.cwd()))

from web import serving

serving.PAGE = Path(os.environ.pop("TESTS_PAGE"))

from django.core.management import execute_from_command_line

execute_from_command_line(["manage.py", *sys.argv[1:]])
