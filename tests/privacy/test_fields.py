import pytest

from core.ids import new_id
from privacy.errors import CannotOpen
from privacy.fields import open_field, seal_field

KEY = bytes(range(32))
ROW = new_id()
PLACE = {"table": "person", "column": "name", "row_id": ROW}


class TestSealField:
    @pytest.mark.parametrize("name", ["Fatima", "", "Ömer Çağlar", "فاطمة", "👩‍👧"])
    def test_opens_in_the_place_it_was_sealed_for(self, name: str) -> None:
        sealed = seal_field(KEY, name, table="person", column="name", row_id=ROW)

        assert open_field(KEY, sealed, table="person", column="name", row_id=ROW) == name

    @pytest.mark.parametrize("elsewhere", [{"table": "invite"}, {"column": "phone"}, {"row_id": new_id()}])
    def test_does_not_open_in_another_table_column_or_row(self, elsewhere: dict[str, object]) -> None:
        sealed = seal_field(KEY, "Fatima", table="person", column="name", row_id=ROW)

        with pytest.raises(CannotOpen):
            open_field(KEY, sealed, **{**PLACE, **elsewhere})  # type: ignore[arg-type]  # what is wrong is the point
