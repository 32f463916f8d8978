from pathlib import Path

import pytest
from pytest_django import Settings

from privacy import key_file as key_files
from privacy.checks import keys_belong_to_the_database
from privacy.key_material import KeyMaterial
from privacy.models import DataKey

pytestmark = pytest.mark.django_db


def complaints() -> list[str]:
    return [problem.msg for problem in keys_belong_to_the_database(databases=["default"])]


class TestKeysBelongToTheDatabase:
    def test_is_content_when_the_keys_are_there(self, data_keys: list[DataKey]) -> None:
        assert complaints() == []

    def test_is_content_with_an_empty_database_and_makes_no_keys(self, data_folder: Path) -> None:
        assert complaints() == []
        assert list(data_folder.iterdir()) == []

    def test_complains_when_the_file_is_gone_instead_of_making_another(self, data_keys: list[DataKey], key_file: Path) -> None:
        key_file.unlink()

        assert "missing" in complaints()[0]
        assert not key_file.exists()

    def test_complains_about_keys_of_another_database(self, data_keys: list[DataKey], key_file: Path) -> None:
        key_files.replace(key_file, KeyMaterial.fresh())

        assert data_keys[0].kek_id in complaints()[0]

    def test_looks_at_keys_from_the_setting_too(self, data_keys: list[DataKey], settings: Settings) -> None:
        settings.MAATJE_KEYS = KeyMaterial.fresh().as_json()

        assert data_keys[0].kek_id in complaints()[0]
