"""After a block, an end, a revocation or a goodbye commits, nothing newer reaches that person on any path."""

import pytest

from tests.promises.farewells import ALL_WAYS, SIGNED_OUT_WAYS, farewells
from tests.promises.houses import House

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90), pytest.mark.busy]

CLOSE_CODES = {"a revoked device": 4500, "signing out everywhere": 4500, "a suspension": 4503}
REFUSALS = {"a block in a pair": {"not_reachable"}, "the end for safety": {"conversation_closed"}}


class TestAfterTheCommitNothingNewerArrives:
    @pytest.mark.parametrize("way", ALL_WAYS)
    async def test_on_any_path_after(self, one_house_or_a_row: House, way: str) -> None:
        farewell = (await farewells(one_house_or_a_row))[way]

        assert farewell.leaked == []

    @pytest.mark.parametrize("way", REFUSALS)
    async def test_and_the_other_is_told_after(self, one_house_or_a_row: House, way: str) -> None:
        farewell = (await farewells(one_house_or_a_row))[way]

        assert farewell.writer_heard == REFUSALS[way]


class TestOpenSocketsCloseWithinFiveSeconds:
    @pytest.mark.parametrize("way", SIGNED_OUT_WAYS)
    async def test_after(self, one_house_or_a_row: House, way: str) -> None:
        farewell = (await farewells(one_house_or_a_row))[way]

        assert farewell.closed_after is not None
        assert farewell.closed_after <= 5
        assert farewell.close_code == CLOSE_CODES[way]

    @pytest.mark.parametrize("way", SIGNED_OUT_WAYS)
    async def test_and_no_door_opens_again_after(self, one_house_or_a_row: House, way: str) -> None:
        farewell = (await farewells(one_house_or_a_row))[way]

        assert farewell.statuses <= {401, 403}
        assert farewell.code_of_a_new_socket == CLOSE_CODES[way]
