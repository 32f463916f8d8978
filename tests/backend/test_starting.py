"""While something starts nobody looks for rubbish; afterwards somebody does."""

import gc

import pytest

from backend.starting import starting


class TestStarting:
    def test_looks_for_rubbish_only_afterwards(self) -> None:
        with starting():
            meanwhile = gc.isenabled()

        assert not meanwhile
        assert gc.isenabled()

    def test_does_so_too_when_it_goes_wrong(self) -> None:
        with pytest.raises(ValueError, match="no"), starting():
            raise ValueError("no")

        assert gc.isenabled()
