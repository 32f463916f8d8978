from pathlib import Path

import pytest

from phone.starting import Sorry, start
from phone.store import Store
from tests.phone.entries import fatimas_phone

CODE = "7KQ4MXW2PD"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where Fatima's phone is kept already."""
    Store.of_code(tmp_path, CODE).save(fatimas_phone())
    return tmp_path


class TestStart:
    def test_takes_the_phone_that_is_there_without_asking_anybody(self, folder: Path) -> None:
        store, kept = start(folder, "7kq4m-xw2pd", server=None)

        assert kept == fatimas_phone()
        store.close()

    def test_follows_the_server_to_another_port(self, folder: Path) -> None:
        store, kept = start(folder, CODE, server="localhost:8001")
        store.close()

        assert kept.server == "http://localhost:8001"
        assert Store.of_code(folder, CODE).load() == kept

    def test_does_not_show_its_token_to_another_house(self, folder: Path) -> None:
        with pytest.raises(Sorry, match=r"belongs to http://127\.0\.0\.1:1"):
            start(folder, CODE, server="https://mad.example")

    def test_says_so_when_another_window_has_it(self, folder: Path) -> None:
        store, _ = start(folder, CODE, server=None)

        with pytest.raises(Sorry, match="another window"):
            start(folder, CODE, server=None)
        store.close()

    def test_says_so_when_it_is_new_and_nobody_answers(self, tmp_path: Path) -> None:
        with pytest.raises(Sorry, match=r"127\.0\.0\.1:9\b.*--server URL"):
            start(tmp_path, CODE, server="http://127.0.0.1:9")
        with pytest.raises(Sorry, match="ftp://maatje"):
            start(tmp_path, CODE, server="ftp://maatje")
