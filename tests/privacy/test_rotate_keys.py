import fcntl
import itertools
import os
import time
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from privacy import key_file as key_files
from privacy import keyring, rotation
from privacy.key_material import KeyMaterial
from privacy.models import DataKey

pytestmark = pytest.mark.django_db


def rotate_keys(*arguments: str) -> str:
    """Run the command as a fresh process would; what it said."""
    keyring.reset()
    said = StringIO()
    call_command("rotate_keys", *arguments, stdout=said)
    return said.getvalue()


def opened() -> dict[object, bytes]:
    keyring.reset()
    return {row.id: row.unwrap() for row in DataKey.objects.all()}


def keys_in_use() -> set[str]:
    return set(DataKey.objects.values_list("kek_id", flat=True))


def let_a_minute_pass_since_the_last_change(key_file: Path) -> None:
    a_while_ago = time.time() - 61
    os.utime(key_file, (a_while_ago, a_while_ago))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "ROWS_AT_A_TIME", 2)


class TestRotateKeys:
    def test_wraps_every_data_key_under_a_new_key_and_opens_all_as_before(self, data_keys: list[DataKey], key_file: Path) -> None:
        old, before = keys_in_use(), opened()

        said = rotate_keys()

        assert keys_in_use().isdisjoint(old)
        assert keys_in_use() == {key_files.read(key_file).current}
        assert opened() == before
        assert "Back up" in said

    def test_keeps_the_file_private(self, data_keys: list[DataKey], key_file: Path) -> None:
        rotate_keys()

        assert key_file.stat().st_mode & 0o777 == 0o600

    def test_finishes_what_was_killed_half_way_without_a_third_key(self, data_keys: list[DataKey], key_file: Path) -> None:
        before = opened()
        rotation.add_key(keyring.keyring().source)  # type: ignore[arg-type]  # a file here
        moved = sum(itertools.islice(rotation.rewrap(), 2))
        assert (moved, len(keys_in_use())) == (4, 2)
        assert opened() == before, "half-way, both keys open"

        said = rotate_keys()

        assert "not finished" in said
        assert keys_in_use() == {key_files.read(key_file).current}
        assert len(key_files.read(key_file).keys) == 2
        assert opened() == before

    def test_finishes_what_was_killed_before_the_first_row(self, data_keys: list[DataKey], key_file: Path) -> None:
        rotation.add_key(keyring.keyring().source)  # type: ignore[arg-type]  # the tests give it a file

        rotate_keys()

        assert len(key_files.read(key_file).keys) == 2
        assert keys_in_use() == {key_files.read(key_file).current}

    def test_refuses_to_begin_when_a_key_is_missing(self, data_keys: list[DataKey], key_file: Path) -> None:
        DataKey.objects.filter(id=data_keys[3].id).update(kek_id="k-gone")
        before = key_file.read_bytes()

        with pytest.raises(CommandError, match=r"k-gone.*backup"):
            rotate_keys()
        assert key_file.read_bytes() == before

    def test_refuses_to_run_twice_at_once(self, data_keys: list[DataKey], key_file: Path) -> None:
        with key_file.with_name("keys.json.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)

            with pytest.raises(CommandError, match="Another rotation"):
                rotate_keys()

    def test_works_with_no_data_keys_at_all(self, db: None, key_file: Path) -> None:
        rotate_keys()

        assert len(key_files.read(key_file).keys) == 2


class TestRetire:
    def test_drops_the_old_key_once_nothing_uses_it(self, data_keys: list[DataKey], key_file: Path) -> None:
        before, old = opened(), key_files.read(key_file).current
        rotate_keys()
        let_a_minute_pass_since_the_last_change(key_file)

        said = rotate_keys("--retire")

        assert old in said
        assert list(key_files.read(key_file).keys) == [key_files.read(key_file).current]
        assert opened() == before

    def test_refuses_while_an_old_key_still_wraps_something(self, data_keys: list[DataKey], key_file: Path) -> None:
        rotation.add_key(keyring.keyring().source)  # type: ignore[arg-type]  # the tests give it a file
        let_a_minute_pass_since_the_last_change(key_file)

        with pytest.raises(CommandError, match="still wrap 7"):
            rotate_keys("--retire")
        assert len(key_files.read(key_file).keys) == 2

    def test_refuses_while_a_transaction_from_before_may_still_be_open(self, data_keys: list[DataKey], key_file: Path) -> None:
        rotate_keys()

        with pytest.raises(CommandError, match="Try again in"):
            rotate_keys("--retire")
        assert len(key_files.read(key_file).keys) == 2

    def test_says_so_when_there_is_nothing_to_retire(self, data_keys: list[DataKey], key_file: Path) -> None:
        let_a_minute_pass_since_the_last_change(key_file)

        assert "no old key" in rotate_keys("--retire")


class TestKeysInTheEnvironment:
    def test_tells_the_operator_what_to_do(self, settings: Settings) -> None:
        settings.MAATJE_KEYS = KeyMaterial.fresh().as_json()

        assert "openssl rand -base64 32" in rotate_keys()

    def test_wraps_all_under_the_key_that_the_operator_made_current(self, settings: Settings, now: datetime) -> None:
        material = KeyMaterial.fresh()
        settings.MAATJE_KEYS = material.as_json()
        keyring.reset()
        for _ in range(3):
            DataKey.objects.make(now=now)
        before, rotated = opened(), material.with_new_key()
        settings.MAATJE_KEYS = rotated.as_json()

        rotate_keys()

        assert keys_in_use() == {rotated.current}
        assert opened() == before
