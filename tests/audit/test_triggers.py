from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audit import actions, log, triggers
from audit.models import AuditRow

REFUSED = {
    "change a row": "UPDATE audit_auditrow SET action = 'x' WHERE n = 2",
    "change nothing in a row": "UPDATE audit_auditrow SET action = action WHERE n = 2",
    "renumber a row": "UPDATE audit_auditrow SET n = 9 WHERE n = 3",
    "delete the last row": "DELETE FROM audit_auditrow WHERE n = 3",
    "delete every row": "DELETE FROM audit_auditrow",
    "skip a number": "INSERT INTO audit_auditrow SELECT 9, at, actor_id, action, subject, detail, salt, prev_hash, hash FROM audit_auditrow WHERE n = 1",
    "write a number again": "INSERT INTO audit_auditrow SELECT * FROM audit_auditrow WHERE n = 1",
}


@pytest.fixture
def three_rows(protected: None, now: datetime) -> None:
    for _ in range(3):
        actions.write(action="person.added", by=None, subject="person:1", detail={}, now=now)


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as problem:
        return "audit rows" in str(problem)
    return False


class TestTriggers:
    @pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED)
    def test_refuse_to(self, three_rows: None, sql: str) -> None:
        assert refused(sql)
        assert log.verify(signed={}) == (3, None)

    def test_refuse_to_replace_a_row(self, three_rows: None) -> None:
        if connection.vendor == "sqlite":
            assert refused("INSERT OR REPLACE INTO audit_auditrow SELECT * FROM audit_auditrow WHERE n = 1")
        else:
            assert refused("INSERT INTO audit_auditrow SELECT * FROM audit_auditrow WHERE n = 1 ON CONFLICT (n) DO UPDATE SET action = 'x'")

    def test_refuse_the_orm_as_well(self, three_rows: None) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditRow.objects.filter(n=1).update(action="x")
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditRow.objects.get(n=3).delete()

    def test_allow_all_of_it_once_removed(self, three_rows: None) -> None:
        triggers.remove(connection)

        assert not refused("DELETE FROM audit_auditrow")
        assert not triggers.are_installed(connection)

    def test_can_be_installed_twice(self, three_rows: None) -> None:
        triggers.install(connection)

        assert triggers.are_installed(connection)
        assert refused("DELETE FROM audit_auditrow")


@pytest.mark.usefixtures("committed")
class TestMigration:
    def test_installs_them_and_can_be_taken_back(self) -> None:
        call_command("migrate", "audit", "0001", verbosity=0)
        were_installed = triggers.are_installed(connection)

        call_command("migrate", "audit", verbosity=0)

        assert not were_installed
        assert triggers.are_installed(connection)
