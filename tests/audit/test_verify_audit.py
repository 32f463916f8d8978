from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import actions, chain, triggers
from audit.models import AuditHead, AuditRow

pytestmark = pytest.mark.django_db
LENGTH = 12


@pytest.fixture
def audit_log(unprotected: None, now: datetime) -> None:
    """A dozen rows, and the head signed after the last."""
    for _ in range(LENGTH):
        actions.write(action="person.added", by=None, subject="person:1", detail={"role": "buddy"}, now=now)
    call_command("sign_audit_head", stdout=StringIO())


@pytest.fixture
def protected_again(audit_log: None) -> None:
    """An honest log, and the triggers on it as `migrate` puts them."""
    triggers.install(connection)


def verify_audit(*arguments: str) -> str:
    said = StringIO()
    call_command("verify_audit", *arguments, stdout=said, stderr=said)
    return said.getvalue()


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def make_anew(*, up_to: int) -> None:
    """Forge what a database administrator who read our code can forge: rows, hashes and head."""
    before = chain.BEFORE_THE_FIRST
    AuditRow.objects.filter(n__gt=up_to).delete()
    for row in AuditRow.objects.order_by("n"):
        row.action, row.prev_hash = "person.suspended", before
        row.hash = before = chain.hash_of_row(row)
        row.save()
    AuditHead.objects.update(n=up_to, hash=before)


class TestVerifyAudit:
    def test_says_that_an_honest_log_is_whole(self, protected_again: None) -> None:
        assert "12 audit rows, all as they were written; 1 signed heads agree" in verify_audit()

    def test_is_content_with_an_empty_log(self, protected: None) -> None:
        assert "0 audit rows" in verify_audit()

    def test_goes_on_agreeing_with_old_signed_heads_as_the_log_grows(self, protected_again: None, now: datetime) -> None:
        actions.write(action="person.added", by=None, subject="person:2", detail={}, now=now)
        call_command("sign_audit_head", stdout=StringIO())

        assert "13 audit rows, all as they were written; 2 signed heads agree" in verify_audit()

    @pytest.mark.parametrize("n", range(1, LENGTH + 1))
    def test_names_a_changed_row(self, audit_log: None, n: int) -> None:
        AuditRow.objects.filter(n=n).update(detail={"role": "moderator"})

        with pytest.raises(CommandError, match=rf"^Audit row {n} was changed"):
            verify_audit()

    @pytest.mark.parametrize("n", range(1, LENGTH + 1))
    def test_names_a_deleted_row(self, audit_log: None, n: int) -> None:
        AuditRow.objects.filter(n=n).delete()

        with pytest.raises(CommandError, match=rf"^Audit row {n} is missing"):
            verify_audit()

    @pytest.mark.parametrize("n", range(1, LENGTH))
    def test_names_the_first_of_two_swapped_rows(self, audit_log: None, n: int) -> None:
        for change in (f"n = -1 WHERE n = {n}", f"n = {n} WHERE n = {n + 1}", f"n = {n + 1} WHERE n = -1"):
            try_without_constraints(change)

        with pytest.raises(CommandError, match=rf"^Audit row {n} "):
            verify_audit()

    @pytest.mark.parametrize("n", range(1, LENGTH + 1))
    def test_names_the_first_row_that_was_cut_off_with_the_head_set_back(self, audit_log: None, n: int) -> None:
        AuditRow.objects.filter(n__gte=n).delete()
        last = AuditRow.objects.filter(n=n - 1).first()
        AuditHead.objects.update(n=n - 1, hash=last.hash if last else chain.BEFORE_THE_FIRST)

        with pytest.raises(CommandError, match=rf"^Audit row {n} is missing; the log once reached row {LENGTH}"):
            verify_audit()

    def test_names_a_row_that_was_added_beside_the_head(self, audit_log: None) -> None:
        execute(
            f"INSERT INTO audit_auditrow SELECT {LENGTH + 1}, at, actor_id, action, subject, detail, salt, prev_hash, hash FROM audit_auditrow WHERE n = 3"
        )

        with pytest.raises(CommandError, match=rf"^Audit row {LENGTH + 1} was not written through the head"):
            verify_audit()

    def test_sees_a_log_that_was_made_anew(self, audit_log: None) -> None:
        make_anew(up_to=LENGTH)

        with pytest.raises(CommandError, match=rf"^Audit row {LENGTH} differs from its signed head"):
            verify_audit()

    def test_sees_that_everything_is_gone(self, audit_log: None) -> None:
        AuditRow.objects.all().delete()
        AuditHead.objects.all().delete()

        with pytest.raises(CommandError, match=r"^Audit row 1 is missing"):
            verify_audit()

    def test_fails_when_the_triggers_are_gone(self, audit_log: None) -> None:
        with pytest.raises(CommandError, match="triggers that protect them are not in this database"):
            verify_audit()

    def test_says_nothing_of_triggers_that_are_there(self, protected_again: None) -> None:
        assert "triggers" not in verify_audit()


class TestSignedHeads:
    def test_are_kept_where_only_the_owner_reads(self, audit_log: None, data_folder: Path) -> None:
        assert (data_folder / "audit-head").stat().st_mode & 0o777 == 0o600

    def test_warns_when_there_are_none_yet(self, protected: None) -> None:
        assert "Run manage.py sign_audit_head every hour" in verify_audit()

    def test_can_be_a_copy_kept_elsewhere(self, audit_log: None, data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        copy = tmp_path_factory.mktemp("other-machine") / "heads"
        (data_folder / "audit-head").rename(copy)
        make_anew(up_to=LENGTH)
        triggers.install(connection)

        assert "all as they were written" in verify_audit(), "nothing is left here to compare with"
        with pytest.raises(CommandError, match="differs from its signed head"):
            verify_audit("--heads", str(copy))

    def test_must_be_there_when_they_were_asked_for(self, audit_log: None, data_folder: Path) -> None:
        with pytest.raises(CommandError, match="is missing"):
            verify_audit("--heads", str(data_folder / "nowhere"))

    @pytest.mark.parametrize("position", range(0, 200, 7))
    def test_must_be_signed_with_our_keys(self, audit_log: None, data_folder: Path, position: int) -> None:
        path = data_folder / "audit-head"
        line = bytearray(path.read_bytes())
        line[position % (len(line) - 1)] ^= 1
        path.write_bytes(bytes(line))

        with pytest.raises(CommandError, match="line 1 was not signed with our keys"):
            verify_audit()

    def test_may_not_contradict_each_other(self, audit_log: None) -> None:
        make_anew(up_to=LENGTH)
        call_command("sign_audit_head", stdout=StringIO())

        with pytest.raises(CommandError, match="line 2 and an earlier line differ about row 12"):
            verify_audit()


def try_without_constraints(change: str) -> None:
    """Change a row as somebody does who may also drop the table's checks."""
    if connection.vendor == "sqlite":
        execute("PRAGMA ignore_check_constraints = ON")
        execute(f"UPDATE audit_auditrow SET {change}")
        execute("PRAGMA ignore_check_constraints = OFF")
    else:
        execute("ALTER TABLE audit_auditrow DROP CONSTRAINT IF EXISTS audit_rows_count_from_one")
        execute(f"UPDATE audit_auditrow SET {change}")
