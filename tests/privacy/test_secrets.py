import pytest

from privacy.errors import CannotOpen
from privacy.secrets import open_secret, seal_secret


class TestSealSecret:
    def test_hides_and_gives_back(self) -> None:
        sealed = seal_secret("JBSWY3DPEHPK3PXP", purpose="second factor")

        assert "JBSWY3DPEHPK3PXP" not in sealed
        assert sealed.isascii()
        assert open_secret(sealed, purpose="second factor") == "JBSWY3DPEHPK3PXP"

    def test_never_looks_the_same_twice(self) -> None:
        assert seal_secret("same", purpose="p") != seal_secret("same", purpose="p")


class TestOpenSecret:
    @pytest.mark.parametrize("sealed", ["", "plain words", "JBSWY3DPEHPK3PXP", "é"])
    def test_refuses_what_was_never_sealed(self, sealed: str) -> None:
        with pytest.raises(CannotOpen):
            open_secret(sealed, purpose="second factor")

    def test_refuses_another_purpose(self) -> None:
        with pytest.raises(CannotOpen):
            open_secret(seal_secret("seed", purpose="one"), purpose="another")
