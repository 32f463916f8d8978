import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import actions, log
from audit.errors import NotInTransaction
from audit.models import AuditHead, AuditRow
from core.ids import new_id

ANNEMIE = new_id()


def write(now: datetime, **told: Any) -> AuditRow:
    return actions.write(**{"action": "circle.introduced", "by": ANNEMIE, "subject": "circle:1", "detail": {}, "now": now, **told})


@pytest.mark.django_db
class TestWrite:
    def test_numbers_the_rows_from_one_and_chains_them(self, now: datetime) -> None:
        first, second = write(now), write(now)

        assert (first.n, second.n) == (1, 2)
        assert bytes(first.prev_hash) == bytes(32)
        assert bytes(second.prev_hash) == bytes(first.hash)

    def test_keeps_exactly_what_it_was_told(self, now: datetime) -> None:
        detail = {"reason": "no_contact", "members": [str(new_id()), None], "n": 2**53 - 1, "late": True, "word": "Ö☕𝄞"}
        write(now, detail=detail, by=None, action="circle.ended", subject="circle:2")

        stored = AuditRow.objects.get(n=1)

        assert (stored.at, stored.actor_id, stored.action, stored.subject) == (now, None, "circle.ended", "circle:2")
        assert stored.detail == detail
        assert log.verify(signed={}) == (1, None)

    @pytest.mark.parametrize("detail", [{"score": 0.5}, {"at": datetime(2026, 1, 1, tzinfo=UTC)}, {"body": b"x"}, {1: "a"}])
    def test_refuses_a_detail_that_has_no_one_spelling_and_writes_nothing(self, now: datetime, detail: dict[Any, Any]) -> None:
        with pytest.raises(TypeError):
            write(now, detail=detail)
        assert not AuditRow.objects.exists()

    def test_makes_its_head_when_the_log_is_empty(self, now: datetime) -> None:
        AuditHead.objects.all().delete()

        assert write(now).n == 1
        assert log.current_head().n == 1

    def test_costs_at_most_four_statements(self, now: datetime) -> None:
        write(now)

        with CaptureQueriesContext(connection) as statements:
            write(now)

        assert len(statements) <= 4


@pytest.mark.usefixtures("committed")
class TestWriteAndItsTransaction:
    def test_refuses_to_write_outside_a_transaction(self, now: datetime) -> None:
        with pytest.raises(NotInTransaction):
            write(now)
        assert not AuditRow.objects.exists()

    def test_leaves_no_row_and_no_hole_when_the_transaction_fails(self, now: datetime) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            write(now)
            raise RuntimeError

        with transaction.atomic():
            assert write(now).n == 1

    def test_gives_a_dense_chain_when_many_write_at_once(self, now: datetime) -> None:
        def write_many() -> None:
            for _ in range(25):
                write_in_its_own_transaction(now)

        assert in_threads(4, write_many) == []
        assert list(AuditRow.objects.values_list("n", flat=True)) == list(range(1, 101))
        assert log.verify(signed={}) == (100, None)

    def test_looks_whole_to_who_verifies_while_others_write(self, now: datetime) -> None:
        seen = []

        def verify_or_write() -> None:
            for _ in range(15):
                write_in_its_own_transaction(now)
                seen.append(log.verify(signed={})[1])

        assert in_threads(3, verify_or_write) == []
        assert seen == [None] * 45


def write_in_its_own_transaction(now: datetime) -> None:
    with transaction.atomic():
        write(now)


def in_threads(count: int, work: Callable[[], None]) -> list[Exception]:
    """Run the same work in threads that start together; what went wrong."""
    start, failures = threading.Barrier(count), []

    def run() -> None:
        start.wait()
        try:
            work()
        except Exception as problem:  # a thread's failure must reach the test
            failures.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures
