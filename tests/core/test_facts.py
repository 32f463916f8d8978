"""Facts travel upwards: inside the transaction, or after it, or not at all."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction

from core import facts
from core.facts import Fact, heard_by, heard_live, record
from core.models import Log


@dataclass(frozen=True, slots=True)
class DoorOpened(Fact):
    number: int


@dataclass(frozen=True, slots=True)
class DoorShut(Fact):
    number: int


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What the two handlers of a DoorOpened heard, in order."""
    log: list[str] = []

    @heard_by(DoorOpened)
    def inside(fact: DoorOpened) -> None:
        log.append(f"inside {fact.number}")

    @heard_live(DoorOpened)
    def live(fact: DoorOpened) -> None:
        log.append(f"live {fact.number}")

    yield log
    facts._handlers.pop(DoorOpened)
    facts._live_handlers.pop(DoorOpened)


@pytest.mark.django_db(transaction=True)
class TestRecord:
    def test_is_heard_inside_then_after_the_commit(self, heard: list[str]) -> None:
        with transaction.atomic():
            record(DoorOpened(1))
            record(DoorOpened(2))
            assert heard == ["inside 1", "inside 2"]

        assert heard == ["inside 1", "inside 2", "live 1", "live 2"]

    def test_is_heard_live_by_nobody_when_it_is_undone(self, heard: list[str]) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record(DoorOpened(1))
            raise ZeroDivisionError

        assert heard == ["inside 1"]

    def test_is_undone_alone_in_a_savepoint(self, heard: list[str]) -> None:
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                record(DoorOpened(1))
                raise ZeroDivisionError
            record(DoorOpened(2))

        assert heard[-1:] == ["live 2"]
        assert "live 1" not in heard

    def test_is_heard_by_nobody_else(self, heard: list[str]) -> None:
        with transaction.atomic():
            record(DoorShut(1))

        assert heard == []

    def test_belongs_inside_a_transaction(self, heard: list[str]) -> None:
        with pytest.raises(RuntimeError, match="inside the transaction"):
            record(DoorOpened(1))

        assert heard == []

    def test_a_handler_that_refuses_undoes_the_whole(self, heard: list[str]) -> None:
        @heard_by(DoorOpened)
        def refuse(fact: DoorOpened) -> None:
            raise PermissionError

        with pytest.raises(PermissionError), transaction.atomic():
            Log.objects.create(id=1)
            record(DoorOpened(1))

        assert not Log.objects.exists()

    def test_what_a_handler_writes_is_written_with_it(self, heard: list[str]) -> None:
        @heard_by(DoorOpened)
        def write(fact: DoorOpened) -> None:
            Log.objects.create(id=1)

        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record(DoorOpened(1))
            raise ZeroDivisionError

        assert not Log.objects.exists()

    @pytest.mark.filterwarnings("ignore")
    def test_a_live_handler_that_fails_harms_nobody(self, heard: list[str]) -> None:
        def fail(fact: DoorOpened) -> None:
            raise ZeroDivisionError

        facts._live_handlers[DoorOpened].insert(0, fail)

        with transaction.atomic():
            record(DoorOpened(1))

        assert heard == ["inside 1", "live 1"]
