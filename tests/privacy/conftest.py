from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from privacy import keyring
from privacy.models import DataKey

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own for each test, without keys yet."""
    settings.MAATJE_DATA = tmp_path
    settings.MAATJE_KEYS = ""
    settings.MAATJE_CREATE_KEYS = True
    keyring.reset()
    yield tmp_path
    keyring.reset()


@pytest.fixture
def key_file(data_folder: Path) -> Path:
    """The file with the keys of this test's server."""
    keyring.keyring()
    return data_folder / "keys.json"


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def data_keys(db: None, key_file: Path) -> list[DataKey]:
    """Seven data keys, as seven conversations have them."""
    return [DataKey.objects.make(now=NOW) for _ in range(7)]
