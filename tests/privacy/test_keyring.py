import json
import threading
from pathlib import Path

import pytest
from pytest_django import Settings

from privacy import key_file as key_files
from privacy import keyring
from privacy.errors import CannotOpen, KeyringError, UnknownKey
from privacy.key_material import KeyMaterial

DEK = bytes(range(32))


def rotate(path: Path) -> KeyMaterial:
    """What `rotate_keys` in another process does to the file."""
    material = key_files.read(path).with_new_key()
    key_files.replace(path, material)
    return material


class TestMakingTheKeys:
    def test_makes_a_file_that_only_its_owner_reads(self, data_folder: Path) -> None:
        keyring.keyring()

        assert (data_folder / "keys.json").stat().st_mode & 0o777 == 0o600
        assert [path.name for path in data_folder.iterdir()] == ["keys.json"]

    def test_reads_the_same_keys_the_next_time(self, key_file: Path) -> None:
        first = keyring.keyring().material
        keyring.reset()

        assert keyring.keyring().material == first

    def test_makes_one_ring_when_many_start_at_once(self, data_folder: Path) -> None:
        path = data_folder / "keys.json"
        start = threading.Barrier(8)
        seen = []

        def begin() -> None:
            start.wait()
            key_files.create(path)
            seen.append(key_files.read(path))

        threads = [threading.Thread(target=begin) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(seen) == 8
        assert all(material == seen[0] for material in seen)

    def test_makes_none_when_that_is_off_and_says_what_to_do(self, data_folder: Path, settings: Settings) -> None:
        settings.MAATJE_CREATE_KEYS = False

        with pytest.raises(KeyringError, match=r"missing.*backup.*MAATJE_CREATE_KEYS=yes"):
            keyring.keyring()
        assert list(data_folder.iterdir()) == []

    def test_says_so_when_the_folder_cannot_be_made(self, data_folder: Path, settings: Settings) -> None:
        (data_folder / "file").touch()
        settings.MAATJE_DATA = data_folder / "file" / "data"

        with pytest.raises(KeyringError, match=r"Cannot write in .*MAATJE_DATA"):
            keyring.keyring()


class TestReadingTheKeys:
    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o660, 0o777])
    def test_refuses_a_file_that_others_can_reach(self, key_file: Path, mode: int) -> None:
        key_file.chmod(mode)
        keyring.reset()

        with pytest.raises(KeyringError, match=f"chmod 600 {key_file}"):
            keyring.keyring()

    @pytest.mark.parametrize("content", [b"", b"{}", b"not json", b"\xff\xfe"])
    def test_refuses_a_damaged_file_and_leaves_it_alone(self, key_file: Path, content: bytes) -> None:
        key_file.write_bytes(content)
        keyring.reset()

        with pytest.raises(KeyringError, match="backup"):
            keyring.keyring()
        assert key_file.read_bytes() == content

    def test_prefers_keys_from_the_setting_and_then_makes_no_file(self, data_folder: Path, settings: Settings) -> None:
        material = KeyMaterial.fresh()
        settings.MAATJE_KEYS = material.as_json()

        assert keyring.keyring().material == material
        assert list(data_folder.iterdir()) == []

    def test_names_the_setting_when_it_is_wrong(self, settings: Settings) -> None:
        settings.MAATJE_KEYS = json.dumps({"current": "k1"})

        with pytest.raises(KeyringError, match="MAATJE_KEYS"):
            keyring.keyring()


class TestUnwrap:
    def test_gives_back_the_key_that_was_wrapped(self) -> None:
        kek_id, wrapped = keyring.keyring().wrap(DEK, aad=b"row")

        assert keyring.keyring().unwrap(kek_id, wrapped, aad=b"row") == DEK
        assert DEK not in wrapped
        assert len(wrapped) <= 64

    def test_refuses_a_key_that_was_moved_to_another_row(self) -> None:
        kek_id, wrapped = keyring.keyring().wrap(DEK, aad=b"row")

        with pytest.raises(CannotOpen):
            keyring.keyring().unwrap(kek_id, wrapped, aad=b"other row")

    def test_refuses_a_key_that_claims_another_wrapping(self, key_file: Path) -> None:
        old, wrapped = keyring.keyring().wrap(DEK, aad=b"row")
        new = rotate(key_file).current

        with pytest.raises(CannotOpen):
            keyring.keyring().unwrap(new, wrapped, aad=b"row")
        assert keyring.keyring().unwrap(old, wrapped, aad=b"row") == DEK

    def test_names_a_key_that_it_does_not_hold(self) -> None:
        with pytest.raises(UnknownKey, match=r"k-gone.*backup"):
            keyring.keyring().unwrap("k-gone", bytes(61), aad=b"row")


class TestRotationSeenByARunningProcess:
    def test_opens_what_another_process_wrapped_under_a_newer_key(self, key_file: Path) -> None:
        running = keyring.keyring()
        rotate(key_file)
        kek_id, wrapped = keyring.Keyring(keyring.source()).wrap(DEK, aad=b"row")

        assert kek_id != running.material.current
        assert running.unwrap(kek_id, wrapped, aad=b"row") == DEK

    def test_wraps_nothing_more_under_an_old_key(self, key_file: Path) -> None:
        running = keyring.keyring()
        new = rotate(key_file).current

        assert running.wrap(DEK, aad=b"row")[0] == new

    def test_refuses_to_wrap_under_keys_that_are_no_longer_on_disk(self, key_file: Path) -> None:
        running = keyring.keyring()
        key_file.unlink()

        with pytest.raises(KeyringError, match="missing"):
            running.wrap(DEK, aad=b"row")
        assert not key_file.exists()

    def test_goes_on_opening_when_the_file_is_away(self, key_file: Path) -> None:
        running = keyring.keyring()
        kek_id, wrapped = running.wrap(DEK, aad=b"row")
        key_file.unlink()

        assert running.unwrap(kek_id, wrapped, aad=b"row") == DEK
