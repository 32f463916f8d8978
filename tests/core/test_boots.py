"""A database that forgot a start which the data folder remembers was restored from a backup."""

from pathlib import Path

import pytest

from core import boots
from core.models import Log

pytestmark = pytest.mark.django_db


def boot(folder: Path) -> bool:
    return boots.note_boot(folder)


class TestNoteBoot:
    def test_counts_the_starts(self, tmp_path: Path) -> None:
        assert [boot(tmp_path) for _ in range(3)] == [False] * 3
        assert Log.objects.get().boots == 3

    def test_keeps_the_epoch_as_long_as_nothing_was_restored(self, tmp_path: Path) -> None:
        boot(tmp_path)
        epoch = Log.objects.get().epoch

        boot(tmp_path)

        assert Log.objects.get().epoch == epoch

    def test_notices_a_restored_backup(self, tmp_path: Path) -> None:
        boot(tmp_path)
        backup = Log.objects.values().get()
        boot(tmp_path)
        Log.objects.update(**backup)

        assert boot(tmp_path)

        assert Log.objects.get().epoch != backup["epoch"]
        assert Log.objects.get().boots == 3

    def test_notices_it_once(self, tmp_path: Path) -> None:
        boot(tmp_path)
        backup = Log.objects.values().get()
        boot(tmp_path)
        Log.objects.update(**backup)

        assert [boot(tmp_path) for _ in range(3)] == [True, False, False]

    def test_notices_the_same_backup_a_second_time(self, tmp_path: Path) -> None:
        boot(tmp_path)
        backup = Log.objects.values().get()
        boot(tmp_path)
        Log.objects.update(**backup)
        boot(tmp_path)
        first = Log.objects.get().epoch
        Log.objects.update(**backup)

        assert boot(tmp_path)
        assert Log.objects.get().epoch not in {first, backup["epoch"]}

    def test_takes_another_database_for_another(self, tmp_path: Path) -> None:
        for _ in range(5):
            boot(tmp_path)
        Log.objects.all().delete()

        assert not boot(tmp_path)

    @pytest.mark.parametrize("content", ["", "x", "1", "one two", "1 2 3", "\x00"])
    def test_does_without_a_memory_that_cannot_be_read(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "boots").write_text(content)

        assert not boot(tmp_path)
        assert (tmp_path / "boots").read_text().split() == ["1", str(Log.objects.get().epoch)]


class TestBeginEpoch:
    def test_makes_every_device_start_afresh(self, tmp_path: Path) -> None:
        boot(tmp_path)
        before = Log.objects.get().epoch

        assert boots.begin_epoch() == Log.objects.get().epoch != before

    def test_works_on_an_empty_database(self) -> None:
        assert boots.begin_epoch() == Log.objects.get().epoch

    def test_is_no_restore(self, tmp_path: Path) -> None:
        boot(tmp_path)
        boots.begin_epoch()

        assert not boot(tmp_path)
