"""Load the server's own settings for the tests: a folder and keys of their own, and the database that they name.

`MAATJE_TEST_DATABASE` is `sqlite` (when it is not said) or `postgres`.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.db import connections

IS_POSTGRES = os.environ.get("MAATJE_TEST_DATABASE", "sqlite") == "postgres"
FOLDER = Path(tempfile.mkdtemp(prefix="maatje-tests-"))

_NOT_OURS = ("DATABASE_URL", "REDIS_URL", "MAATJE_KEYS", "MAATJE_SECRET_KEY")  # what a developer's shell may hold
_NO_PORT_YET = "postgres://maatje@127.0.0.1:1/maatje"


def load() -> None:
    """Read the settings once; afterwards the environment says nothing that a child process or a worker would inherit wrongly."""
    atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
    if settings.configured:
        raise pytest.UsageError("tests/conftest.py chooses the settings: unset DJANGO_SETTINGS_MODULE and leave --ds out.")
    for name in _NOT_OURS:
        os.environ.pop(name, None)
    os.environ["MAATJE_DATA"] = str(FOLDER)
    if IS_POSTGRES:
        os.environ["DATABASE_URL"] = _NO_PORT_YET
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.settings"
    _prepare_database()
    django.setup()
    del os.environ["DJANGO_SETTINGS_MODULE"]
    os.environ.pop("DATABASE_URL", None)


def _prepare_database() -> None:
    database = settings.DATABASES["default"]
    if not IS_POSTGRES:
        database["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}  # a file, because threads have connections of their own
        database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # a test database need not survive a power cut


def use_port(port: int) -> None:
    """Point every thread's connection at the PostgreSQL that was started."""
    settings.DATABASES["default"]["PORT"] = port
    connections["default"].settings_dict["PORT"] = port
