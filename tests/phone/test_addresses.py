import pytest

from phone.addresses import is_same_house, socket_address, tidy


class TestTidy:
    @pytest.mark.parametrize(
        ("typed", "address"),
        [
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
            ("maatje.example:8443", "http://maatje.example:8443"),
            ("https://maatje.example/api/v1", "https://maatje.example"),
            ("https://nele:secret@maatje.example", "https://maatje.example"),
            ("http://[::1]:8000", "http://[::1]:8000"),
        ],
    )
    def test_takes_what_people_type(self, typed: str, address: str) -> None:
        assert tidy(typed) == address

    @pytest.mark.parametrize("typed", ["", "ftp://maatje.example", "http://", "file:///etc/passwd"])
    def test_refuses_what_is_no_address(self, typed: str) -> None:
        with pytest.raises(ValueError):
            tidy(typed)


class TestSocketAddress:
    def test_is_as_protected_as_the_rest(self) -> None:
        assert socket_address("https://maatje.example") == "wss://maatje.example/api/v1/socket"
        assert socket_address("http://127.0.0.1:8000") == "ws://127.0.0.1:8000/api/v1/socket"


class TestIsSameHouse:
    def test_another_port_on_this_machine_is(self) -> None:
        assert is_same_house("http://127.0.0.1:8000", "http://localhost:8001")

    def test_another_host_is_not(self) -> None:
        assert not is_same_house("https://maatje.example", "https://mad.example")
        assert not is_same_house("http://127.0.0.1:8000", "https://maatje.example")

    def test_a_token_never_goes_back_to_the_open_road(self) -> None:
        assert is_same_house("http://maatje.example", "https://maatje.example")
        assert not is_same_house("https://maatje.example", "http://maatje.example")
