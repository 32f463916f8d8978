import pytest
from pytest_django import Settings

from accounts.origins import origin_is_ours


class TestOriginIsOurs:
    def test_knows_the_page_we_served(self) -> None:
        assert origin_is_ours("https://maatje.example", host="maatje.example", secure=True)
        assert origin_is_ours("http://127.0.0.1:8000", host="127.0.0.1:8000", secure=False)

    def test_knows_the_pages_that_the_settings_name(self, settings: Settings) -> None:
        settings.MAATJE_ORIGINS = ["https://app.example"]

        assert origin_is_ours("https://app.example", host="api.example", secure=True)

    @pytest.mark.parametrize(
        "origin",
        [
            None, "", "null", "https://evil.example", "https://maatje.example.evil.example", "https://evilmaatje.example", "https://x@maatje.example", "https://evil.example/maatje.example",
            "http://maatje.example", "https://maatje.example:8443", "https://maatje.example/", "file://maatje.example", "https://[",
        ],
    )  # fmt: skip
    def test_knows_no_other(self, origin: str | None) -> None:
        assert not origin_is_ours(origin, host="maatje.example", secure=True)
