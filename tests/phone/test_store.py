import stat
from pathlib import Path

import pytest

from phone.store import Store, StoreError
from tests.phone.entries import HERE, NINE, card, fatimas_phone, message

CODE = "7KQ4MXW2PD"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestSave:
    def test_gives_back_what_was_kept(self, tmp_path: Path) -> None:
        kept = fatimas_phone()
        kept.conversation(HERE).take_card(card())
        kept.conversation(HERE).take_entries([message(1, "dag 😀")])
        kept.write(HERE, "nog niet weg", now=NINE)

        Store.of_code(tmp_path, CODE).save(kept)

        assert Store.of_code(tmp_path, CODE).load() == kept

    def test_is_for_its_owners_eyes(self, tmp_path: Path) -> None:
        folder = tmp_path / "phones"
        store = Store.of_code(folder, CODE).open()
        store.save(fatimas_phone())

        assert mode(folder) == 0o700
        assert {mode(path) for path in folder.iterdir()} == {0o600}
        store.close()

    def test_tells_nothing_in_file_names(self, tmp_path: Path) -> None:
        store = Store.of_code(tmp_path, CODE).open()
        store.save(fatimas_phone())

        names = " ".join(path.name for path in tmp_path.iterdir()).upper()

        assert CODE not in names
        assert "FATIMA" not in names
        store.close()

    def test_a_crash_while_writing_leaves_the_last_whole_file(self, tmp_path: Path) -> None:
        store = Store.of_code(tmp_path, CODE)
        store.save(fatimas_phone())
        store.path.with_suffix(".new").write_bytes(b'{"server": "ht')

        assert store.load() == fatimas_phone()
        store.save(fatimas_phone(language="fr"))
        assert store.load() == fatimas_phone(language="fr")


class TestOpen:
    def test_the_same_code_in_any_spelling_is_the_same_phone(self, tmp_path: Path) -> None:
        assert Store.of_code(tmp_path, "7kq4m-xw2pd").path == Store.of_code(tmp_path, " 7KQ4M XW2PD ").path

    def test_lets_one_window_in(self, tmp_path: Path) -> None:
        first = Store.of_code(tmp_path, CODE).open()

        with pytest.raises(StoreError, match="open in another window"):
            Store.of_code(tmp_path, CODE).open()
        first.close()

        Store.of_code(tmp_path, CODE).open().close()

    def test_says_what_to_do_when_it_cannot_write(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")

        with pytest.raises(StoreError, match="MAATJE_DATA"):
            Store.of_code(tmp_path / "file", CODE).open()


class TestLoad:
    def test_a_new_phone_has_nothing(self, tmp_path: Path) -> None:
        assert Store.of_code(tmp_path, CODE).load() is None

    def test_says_what_to_do_with_a_file_it_cannot_read(self, tmp_path: Path) -> None:
        store = Store.of_code(tmp_path, CODE)
        store.path.write_text("{}")

        with pytest.raises(StoreError, match="new code"):
            store.load()
