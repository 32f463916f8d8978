from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from audit import triggers
from audit.models import AuditHead, AuditRow
from privacy import keyring


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own for each test."""
    settings.MAATJE_DATA = tmp_path
    settings.MAATJE_KEYS = ""
    settings.MAATJE_CREATE_KEYS = True
    keyring.reset()
    yield tmp_path
    keyring.reset()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def protected(db: None) -> None:
    """The triggers are on the table, as after `migrate`."""
    triggers.install(connection)


@pytest.fixture
def unprotected(db: None) -> None:
    """Somebody with every right on the database took the triggers off."""
    triggers.remove(connection)


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """The test commits. Its rows are gone before the flush, and the triggers are afterwards as they were before."""
    were_installed = triggers.are_installed(connection)
    triggers.remove(connection)
    yield
    triggers.remove(connection)
    AuditRow.objects.all().delete()
    AuditHead.objects.all().delete()
    if were_installed:
        triggers.install(connection)
