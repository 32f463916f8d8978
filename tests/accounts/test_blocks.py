from datetime import datetime

import pytest

from accounts.actions import blocks
from accounts.errors import CannotBlockYourself
from accounts.models import Block, Person
from core.errors import NotFound
from tests.factories import make_circle, make_person


@pytest.fixture
def together(fatima: Person, annemie: Person, now: datetime) -> None:
    make_circle(people=[fatima, annemie], now=now)


@pytest.mark.usefixtures("together")
class TestAdd:
    def test_may_be_done_twice(self, fatima: Person, annemie: Person, now: datetime) -> None:
        for _ in range(2):
            blocks.add(blocker=fatima, blocked=annemie, now=now)

        assert Block.objects.count() == 1

    def test_goes_one_way(self, fatima: Person, annemie: Person, now: datetime) -> None:
        blocks.add(blocker=fatima, blocked=annemie, now=now)

        assert not Block.objects.filter(blocker=annemie).exists()

    def test_treats_a_stranger_as_missing_and_leaves_no_trace(self, fatima: Person, now: datetime) -> None:
        with pytest.raises(NotFound):
            blocks.add(blocker=fatima, blocked=make_person(now=now), now=now)

        assert not Block.objects.exists()

    def test_is_not_for_oneself(self, fatima: Person, now: datetime) -> None:
        with pytest.raises(CannotBlockYourself):
            blocks.add(blocker=fatima, blocked=fatima, now=now)


@pytest.mark.usefixtures("together")
class TestLift:
    def test_takes_the_block_away_and_may_be_done_twice(self, fatima: Person, annemie: Person, now: datetime) -> None:
        blocks.add(blocker=fatima, blocked=annemie, now=now)

        for _ in range(2):
            blocks.lift(blocker=fatima, blocked=annemie, now=now)

        assert not Block.objects.exists()
