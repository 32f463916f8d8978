from datetime import datetime

import pytest

from privacy.errors import CannotOpen
from privacy.models import DataKey

pytestmark = pytest.mark.django_db


class TestDataKey:
    def test_is_stored_wrapped_and_unwraps_to_the_same_key(self, now: datetime) -> None:
        made = DataKey.objects.make(now=now)

        stored = DataKey.objects.get(id=made.id)

        assert stored.unwrap() == made.unwrap()
        assert len(stored.unwrap()) == 32
        assert stored.unwrap() not in bytes(stored.wrapped)
        assert stored.made_at == now

    def test_is_another_key_each_time(self, now: datetime) -> None:
        assert DataKey.objects.make(now=now).unwrap() != DataKey.objects.make(now=now).unwrap()

    def test_does_not_open_in_another_row(self, now: datetime) -> None:
        mine, theirs = DataKey.objects.make(now=now), DataKey.objects.make(now=now)
        DataKey.objects.filter(id=mine.id).update(wrapped=theirs.wrapped)

        with pytest.raises(CannotOpen):
            DataKey.objects.get(id=mine.id).unwrap()
